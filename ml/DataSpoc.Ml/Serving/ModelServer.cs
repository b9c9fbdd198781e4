using System.Net;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Ml.Registry.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataSpoc.Ml.Serving;

/// <summary>Answers over HTTP until it is stopped, and follows the alias.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ModelShelf _shelf;
    private readonly ModelShelf? _shadow;
    private readonly PredictionQueue _queue;
    private readonly ServingFigures _figures;
    private readonly RequestLog? _log;
    private readonly Action<string> _say;

    private ModelServer(WebApplication app, ModelShelf shelf, ModelShelf? shadow, PredictionQueue queue, ServingFigures figures, RequestLog? log, Action<string> say) =>
        (_app, _shelf, _shadow, _queue, _figures, _log, _say) = (app, shelf, shadow, queue, figures, log, say);

    /// <summary>Where it listens: <c>http://127.0.0.1:8080</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Opens the model and listens.</summary>
    /// <param name="shelf">The model; refreshed here.</param>
    /// <param name="shadow">Another to be asked beside, or null.</param>
    /// <param name="endpoint">Where to listen; port 0 chooses one.</param>
    /// <param name="limits">What a request may hold.</param>
    /// <param name="say">Told what happens, in lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <param name="logTo">Where answered rows are logged; null for nowhere.</param>
    /// <exception cref="UserError">There is no such model, or the port is taken.</exception>
    public static async Task<ModelServer> StartAsync(ModelShelf shelf, ModelShelf? shadow, IPEndPoint endpoint, ServingLimits limits, Action<string> say, TimeProvider time, CancellationToken cancel, RequestTable? logTo = null)
    {
        await shelf.RefreshAsync(cancel);
        if (shadow is not null)
            await shadow.RefreshAsync(cancel);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endpoint);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MostBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentConnections = 1024;
        });
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var figures = new ServingFigures();
        var queue = new PredictionQueue();
        var log = logTo is null ? null : new RequestLog(logTo, figures, say);
        Map(app, shelf, new(shelf, queue, figures, shadow is null ? null : new(shadow, figures, say), log, limits, time), figures);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException error)
        {
            await queue.DisposeAsync();
            await app.DisposeAsync();
            throw new UserError($"{endpoint} cannot be listened on", error) { Hint = "another program uses it; choose another `--port`" };
        }
        return new(app, shelf, shadow, queue, figures, log, say);
    }

    /// <summary>Looks for another version every so often, until it is stopped. What fails is said, and the former version goes on answering.</summary>
    /// <param name="every">How often.</param>
    /// <param name="cancel">Stops.</param>
    public async Task FollowAsync(TimeSpan every, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(cancel))
            await RefreshAsync(cancel);
    }

    /// <summary>Writes the log every so often, until it is stopped; nothing without a log.</summary>
    /// <param name="every">How often.</param>
    /// <param name="cancel">Stops.</param>
    public async Task LogAsync(TimeSpan every, CancellationToken cancel)
    {
        if (_log is null)
            return;
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(cancel))
            await _log.FlushAsync(cancel);
    }

    /// <summary>Writes what of the log waits.</summary>
    public Task FlushLogAsync(CancellationToken cancel) => _log?.FlushAsync(cancel) ?? Task.CompletedTask;

    /// <summary>Looks for another version now.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        try
        {
            var change = await _shelf.RefreshAsync(cancel);
            foreach (var view in change.Views)
                _say($"`{view}` is looked up now");
            if (change.Version)
            {
                _figures.Swapped();
                _say($"`{_shelf.Reference.Model}@{_shelf.Current!.Model.Run.ModelVersion}` answers now");
            }
            if (_shadow is not null)
                await _shadow.RefreshAsync(cancel);
        }
        catch (UserError error)
        {
            _say($"the model was not looked at again: {error.What}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _queue.DisposeAsync();
        await FlushLogAsync(CancellationToken.None);
        _log?.Dispose();
        _shelf.Dispose();
        _shadow?.Dispose();
    }

    private static void Map(WebApplication app, ModelShelf shelf, PredictionApi api, ServingFigures figures)
    {
        app.UseRouting();
        app.MapPost("/predict", (RequestDelegate)api.HandleAsync);
        app.MapGet("/healthz", (RequestDelegate)(http => http.Response.WriteAsync("ok\n")));
        app.MapGet("/readyz", (RequestDelegate)(http =>
        {
            http.Response.StatusCode = shelf.Current is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return http.Response.WriteAsync(shelf.Current is null ? "no model\n" : "ok\n");
        }));
        app.MapGet("/metrics", (RequestDelegate)(http =>
        {
            http.Response.ContentType = "text/plain; version=0.0.4";
            return http.Response.WriteAsync(figures.Text(shelf.Reference.Model, shelf.Current?.Model.Run.ModelVersion ?? 0));
        }));
        app.MapGet("/openapi.json", (RequestDelegate)(http => JsonAsync(http, JsonSerializer.SerializeToUtf8Bytes(OpenApiPage.Of(shelf.Current!)))));
        app.MapGet("/models", (RequestDelegate)(http => JsonAsync(http, ModelDocuments.Serialize(shelf.Current!.Model.Metrics with { Curves = null, Search = null }))));
    }

    private static async Task JsonAsync(HttpContext http, byte[] content)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }
}
