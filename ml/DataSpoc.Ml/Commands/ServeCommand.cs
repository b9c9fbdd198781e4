using System.CommandLine;
using System.Net;
using System.Runtime.CompilerServices;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Serving;
using DataSpoc.Ml.Serving.Views;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml serve</c>: a model answers over HTTP.</summary>
internal sealed class ServeCommand(StoreOpening stores)
{
    private readonly Option<string> _model = new("--model") { Description = "The model: `late@prod` follows the alias", HelpName = "MODEL", Required = true };
    private readonly Option<string> _shadow = new("--shadow") { Description = "Another version that is asked too; its answers are logged, not served", HelpName = "MODEL" };
    private readonly Option<string> _host = new("--host") { Description = "The address to listen on (default: 127.0.0.1)", HelpName = "ADDRESS", DefaultValueFactory = static _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "The port; 0 chooses a free one (default: 8080)", HelpName = "PORT", DefaultValueFactory = static _ => 8080 };
    private readonly Option<string> _refresh = new("--refresh") { Description = "How often it looks whether the alias moved (default: 10s)", HelpName = "TIME", DefaultValueFactory = static _ => "10s" };
    private readonly Option<bool> _log = new("--log") { Description = "Log answered rows to the bucket: the table monitoring.<model>_requests" };
    private readonly Option<string> _logEvery = new("--log-every") { Description = "How often the log is written (default: 60s)", HelpName = "TIME", DefaultValueFactory = static _ => "60s" };
    private readonly Option<bool> _untilStdinCloses = new("--until-stdin-closes") { Description = "End, as by Ctrl-C, when stdin ends too: for a program that starts it and may die" };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new ServeCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("serve", "Let a model answer over HTTP")
    {
        Example = "ml serve --model late@prod --bucket s3://company-bronze",
        Details = """
            POST /predict takes one row as a JSON object or several as a list, checks them against the model's columns, and
            answers as `ml predict` does; ?explain=true adds what moved the answer. GET /models, /healthz, /readyz, /metrics
            (Prometheus) and /openapi.json. There is no authentication: it listens on the loopback address unless told
            otherwise, and belongs behind a proxy that has some. `--log` keeps the rows and answers in the table
            monitoring.<model>_requests, which `ml drift` compares with training. The feature views of a model are looked up by
            the entity that is sent, as of now or of the row's time column. Ctrl-C ends it; with --until-stdin-closes also the end
            of stdin, which is read for nothing else.
            """,
        Handler = RunAsync,
        Options = { _model, _shadow, _host, _port, _refresh, _log, _logEvery, _untilStdinCloses, _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        AspNetRuntime.Require(context.Environment.Variable);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel);
        var parent = context.Value(_untilStdinCloses) ? StopAtEndOfInputAsync(context, stop) : Task.CompletedTask;
        try
        {
            return await ServeAsync(context, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !context.Cancel.IsCancellationRequested)
        {
            // before it was ready
            return ExitCode.Interrupted;
        }
        finally
        {
            await stop.CancelAsync();
            await parent;
        }
    }

    /// <summary>Reads stdin until it ends: whoever held its other end is gone.</summary>
    private static async Task StopAtEndOfInputAsync(CommandContext context, CancellationTokenSource stop)
    {
        try
        {
            using var input = context.Environment.OpenStandardInput(stop.Token);
            var unread = new byte[256];
            // its reads block
            await Task.Factory.StartNew(() => { while (input.Read(unread) > 0) { } }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await stop.CancelAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // it ends for another reason
        }
    }

    // a method of its own: where it is compiled, its types must be found already
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<ExitCode> ServeAsync(CommandContext context, CancellationToken cancel)
    {
        var reference = ModelReference.Parse(context.Value(_model)!);
        var shadow = context.Value(_shadow) is { } other ? ModelReference.Parse(other) : null;
        if (!IPAddress.TryParse(context.Value(_host), out var address) || context.Value(_port) is < 0 or > 65535)
            throw new UserError($"`{context.Value(_host)}:{context.Value(_port)}` is not an address and a port") { ExitCode = ExitCode.Usage };
        var every = Duration.Parse("--refresh", context.Value(_refresh)!);
        var logEvery = Duration.Parse("--log-every", context.Value(_logEvery)!);
        await using var host = MlHost.Open(context, _bucket, stores);
        XGBoostLibrary.CheckedVersion();
        var catalog = new ModelCatalog(host.Store);
        var logTo = context.Value(_log) ? new RequestTable(host.Store, reference.Model, MlHost.Tool, context.Time) : null;
        if (logTo is not null)
            await logTo.RequireFreeNameAsync(cancel);
        var views = new ServedViewReader(host.Tables, host.OpenDatabase);
        await using var server = await ModelServer.StartAsync(
            new(catalog, reference, 1, views), shadow is null ? null : new(catalog, shadow, 1, views), new(address, context.Value(_port)), new(), context.Messages.Info, context.Time, cancel, logTo);
        context.Messages.Info($"`{reference}` answers at {server.Address}/predict; Ctrl-C ends it");
        try
        {
            await Task.WhenAll(server.FollowAsync(every, cancel), server.LogAsync(logEvery, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            context.Messages.Success("requests that were running are answered");
        }
        return ExitCode.Done;
    }
}
