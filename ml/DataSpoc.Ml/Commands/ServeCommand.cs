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
            the entity that is sent, as of now or of the row's time column. Ctrl-C ends it.
            """,
        Handler = RunAsync,
        Options = { _model, _shadow, _host, _port, _refresh, _log, _logEvery, _bucket },
    };

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        AspNetRuntime.Require(context.Environment.Variable);
        return ServeAsync(context);
    }

    // a method of its own: where it is compiled, its types must be found already
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<ExitCode> ServeAsync(CommandContext context)
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
            await logTo.RequireFreeNameAsync(context.Cancel);
        var views = new ServedViewReader(host.Tables, host.OpenDatabase);
        await using var server = await ModelServer.StartAsync(
            new(catalog, reference, 1, views), shadow is null ? null : new(catalog, shadow, 1, views), new(address, context.Value(_port)), new(), context.Messages.Info, context.Time, context.Cancel, logTo);
        context.Messages.Info($"`{reference}` answers at {server.Address}/predict; Ctrl-C ends it");
        try
        {
            await Task.WhenAll(server.FollowAsync(every, context.Cancel), server.LogAsync(logEvery, context.Cancel));
        }
        catch (OperationCanceledException) when (context.Cancel.IsCancellationRequested)
        {
            context.Messages.Success("requests that were running are answered");
        }
        return ExitCode.Done;
    }
}
