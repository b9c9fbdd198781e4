using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Deployment;

/// <summary><c>platform deploy</c>: a model answers, here or elsewhere.</summary>
internal sealed class DeployCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Argument<string> _model = new("MODEL") { Description = "The model and its alias or version: late@prod" };
    private readonly Option<string?> _bucket = new("--bucket", "-b") { Description = "The model's bucket; without it, the only one of platform.yaml with the layer ml", HelpName = "BUCKET" };
    private readonly Option<string?> _render = new("--render") { Description = "Write manifests instead: compose, kubernetes, or aws-iam for the policy of the model's role", HelpName = "TARGET" };
    private readonly Option<string> _host = new("--host") { Description = "The address to listen on (default: 127.0.0.1)", HelpName = "ADDRESS", DefaultValueFactory = static _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "The port; 0 chooses a free one (default: 8080)", HelpName = "PORT", DefaultValueFactory = static _ => 8080 };
    private readonly Option<string?> _shadow = new("--shadow") { Description = "Another version that is asked too: late@staging", HelpName = "MODEL" };
    private readonly Option<bool> _log = new("--log") { Description = "Keep answered rows in the table monitoring.<model>_requests" };
    private readonly Option<string[]> _views = new("--features") { Description = "A feature view that the model looks up, for its role's policy (again for another)", HelpName = "VIEW" };
    private readonly Option<int> _restarts = new("--max-restarts") { Description = "How often it is started again before it is given up (default: 5)", HelpName = "N", DefaultValueFactory = static _ => 5 };

    public static ToolCommand Create() => new DeployCommand().ToCommand();

    private ToolCommand ToCommand() => new("deploy", "Let a model answer: here under supervision, or as manifests for Compose and Kubernetes")
    {
        Example = "platform deploy late@prod --bucket s3://acme-sales --log\nplatform deploy late@prod --render kubernetes | kubectl apply -f -\nplatform deploy late@prod --render aws-iam > late-policy.json",
        Details = """
            Here: runs `ml serve`, waits until it is ready, watches it, and starts it again when it ends, with growing pauses.
            SIGTERM and Ctrl-C let it finish what it is about. `ml` is found by PLATFORM_ML, beside platform, or on PATH.
            --render writes YAML to stdout and touches nothing. Images, roles, resources and schedules are in the section
            `deploy` of platform.yaml.
            """,
        Handler = RunAsync,
        Arguments = { _model },
        Options = { _bucket, _render, _host, _port, _shadow, _log, _views, _restarts },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var lake = File.Exists(context.Project.MainFile) ? LakeDeclaration.Load(context) : null;
        var bucket = Bucket(context, lake);
        var deployment = new ModelDeployment(ServedModel.Parse(context.Value(_model)!), context.Value(_shadow) is { } shadow ? ServedModel.Parse(shadow) : null, bucket, context.Value(_log),
            lake?.Name ?? (bucket.Scheme == "s3" ? bucket.Name : "lake"), lake?.Deployment ?? DeployCheck.Default)
        {
            Views = [.. (context.Value(_views) ?? []).Select(static view => Name.Require(view, "view"))],
        };
        if (!IPAddress.TryParse(context.Value(_host), out var address) || context.Value(_port) is < 0 or > 65535)
            throw Wrong($"`{context.Value(_host)}:{context.Value(_port)}` is not an address and a port", null);
        if (context.Value(_restarts) is < 0)
            throw Wrong("`--max-restarts` is 0 or more", null);
        if (context.Value(_render) is not { } target)
            return await ServeAsync(context, deployment, new(address, context.Value(_port)));
        context.Out.Write(Text(context, deployment, target, new(address, context.Value(_port))));
        return ExitCode.Done;
    }

    private async Task<ExitCode> ServeAsync(CommandContext context, ModelDeployment deployment, IPEndPoint asked)
    {
        var program = MlProgram.Find(context.Environment.Variable);
        var endpoint = ServingProcess.RequireFree(asked);
        var arguments = deployment.Arguments(endpoint.Address.ToString(), endpoint.Port);
        var terminated = false;
        // besides that of the command line: whether the server, too, got the signal
        using var signal = context.Environment.CatchSignals ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Volatile.Write(ref terminated, true)) : null;
        var supervision = new Supervision(() => ServingProcess.Start(program, arguments, endpoint, context.Environment.WorkingFolder), new() { Restarts = context.Value(_restarts) }, context.Messages.Info, context.Time)
        {
            PassesStopOn = () => !context.Environment.InputIsTerminal || Volatile.Read(ref terminated),
        };
        await supervision.RunAsync(context.Cancel);
        context.Messages.Success($"`{deployment.Reference}` is stopped; requests that were running are answered");
        return ExitCode.Done;
    }

    private static string Text(CommandContext context, ModelDeployment deployment, string target, IPEndPoint endpoint)
    {
        if (target is not ("compose" or "kubernetes" or "aws-iam"))
            throw Wrong($"`--render` must be compose, kubernetes or aws-iam, not `{target}`", null);
        if (deployment.Bucket.Scheme != "s3")
            throw Wrong($"`{deployment.Bucket}` is a folder of this machine, which no container sees", "name a bucket: `--bucket s3://acme-sales`");
        if (BucketName.Wrong(deployment.Bucket.Name) is { } wrong)
            throw Wrong($"the bucket's name `{deployment.Bucket.Name}` {wrong}", null);
        if (!deployment.Bucket.Path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '.' or '='))
            throw Wrong($"the prefix `{deployment.Bucket.Path}` has characters that mean something else in a policy", "use letters, digits and `/ _ - . =`");
        switch (target)
        {
            case "aws-iam":
                return ServingPolicy.Of(deployment).ToJsonString(Indented) + "\n";
            case "kubernetes":
                return string.Join("---\n", KubernetesManifests.Of(deployment).Select(YamlText.Of));
            default:
                if (endpoint.Port == 0)
                    throw Wrong("a service of Compose has a port that others know", "`--port 8080`");
                if (deployment.Settings.Schedules.Count > 0)
                    context.Messages.Warn($"Compose runs nothing by the clock: {Quantity.Count(deployment.Settings.Schedules.Count, "schedule")} of platform.yaml {(deployment.Settings.Schedules.Count == 1 ? "is" : "are")} left out", "`--render kubernetes` writes CronJobs; `pipe schedule` uses cron");
                if (deployment.Settings.Replicas > 1)
                    context.Messages.Warn("Compose runs one server: `replicas` is left out");
                return YamlText.Of(ComposeService.Of(deployment, endpoint.Address.ToString(), endpoint.Port));
        }
    }

    private BucketUri Bucket(CommandContext context, DeclaredLake? lake)
    {
        if (context.Value(_bucket) is { } given)
            return BucketUri.Parse(given.Contains("://", StringComparison.Ordinal) ? given : context.Environment.FullPath(given));
        var declared = lake?.Buckets.Where(static bucket => bucket.Layers.Contains(LayerGroup.Ml)).ToArray() ?? [];
        return declared is [var only]
            ? BucketUri.Parse($"s3://{only.Name}")
            : throw Wrong("it is not said which bucket the model is in", declared.Length == 0 ? "name it: `--bucket s3://acme-sales`" : $"name one: {string.Join(", ", declared.Select(static bucket => $"`--bucket s3://{bucket.Name}`"))}");
    }

    private static UserError Wrong(string what, string? hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
