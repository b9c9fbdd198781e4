using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Configuration;

namespace DataSpoc.Pipe.Commands.History;

/// <summary><c>pipe logs</c>: the runs of a pipeline, or the streams of one run.</summary>
internal sealed class LogsCommand(PipeHost host)
{
    private readonly Argument<string> _pipeline = new("pipeline") { Description = "as `pipe status` names it" };
    private readonly Option<string?> _bucket = new("--bucket") { Description = "where it ran, if that is not what the project says", HelpName = "bucket" };
    private readonly Option<int> _limit = new("--limit") { Description = "so many runs, the newest first", HelpName = "n", DefaultValueFactory = _ => 20 };
    private readonly Option<string?> _run = new("--run") { Description = "the streams of this run, or of the `last` one", HelpName = "id|last" };

    public ToolCommand Create() => new("logs", "The runs of a pipeline")
    {
        Example = "pipe logs orders\npipe logs orders --run last",
        Handler = RunAsync,
        Arguments = { _pipeline },
        Options = { _bucket, _limit, _run },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var bucket = context.Value(_bucket) ?? BucketOf(context, context.Value(_pipeline)!);
        var pipeline = ProjectPipelines.KeyOf(context.Value(_pipeline)!);
        await using var store = host.OpenStore(BucketUri.Parse(bucket), new() { Time = context.Time });
        var history = new RunHistory(store);
        var run = context.Value(_run);
        var logs = await history.NewestAsync(pipeline, run is null ? Math.Max(1, context.Value(_limit)) : run == "last" ? 1 : int.MaxValue, context.Cancel);
        if (logs.Count == 0)
        {
            var known = await history.PipelinesAsync(context.Cancel);
            throw new UserError($"`{pipeline}` never ran in {bucket}")
            {
                Hint = NearestName.Of(pipeline, known) is { } near ? $"did you mean `{near}`?" : known.Count > 0 ? $"there is {string.Join(", ", known.Select(name => $"`{name}`"))}" : "nothing ever ran there",
            };
        }
        if (run is not null)
            return WriteStreams(context, run == "last" ? logs[0] : logs.FirstOrDefault(log => log.RunId == run) ?? throw new UserError($"`{pipeline}` has no run `{run}`") { Hint = $"pipe logs {pipeline}", ExitCode = ExitCode.Usage });
        using var rows = context.Rows([new("run_id"), new("status"), new("started_at", RowColumnKind.Temporal), new("seconds", RowColumnKind.Number), new("streams", RowColumnKind.Number), new("rows", RowColumnKind.Number),
            new("rejected", RowColumnKind.Number), new("error")]);
        foreach (var log in logs)
            rows.WriteRow(log.RunId, log.Status, log.StartedAt, Math.Round((log.FinishedAt - log.StartedAt).TotalSeconds, 3), log.Streams.Count, log.Streams.Values.Sum(stream => stream.Records), log.Streams.Values.Sum(stream => stream.Rejected), log.Error);
        rows.Complete();
        return ExitCode.Done;
    }

    private static ExitCode WriteStreams(CommandContext context, Contracts.Documents.RunLog log)
    {
        using var rows = context.Rows([new("stream"), new("rows", RowColumnKind.Number), new("rejected", RowColumnKind.Number), new("files", RowColumnKind.Number), new("bytes", RowColumnKind.Number), new("schema_changes"), new("checks", RowColumnKind.Nested), new("error")]);
        foreach (var (name, stream) in log.Streams.OrderBy(stream => stream.Key, StringComparer.Ordinal))
            rows.WriteRow(name, stream.Records, stream.Rejected, stream.Files, stream.Bytes, stream.SchemaChanges.Count == 0 ? null : string.Join("; ", stream.SchemaChanges), stream.Checks, stream.Error);
        rows.Complete();
        if (log.Error is not null)
            context.Messages.Warn($"run {log.RunId} {log.Status}: {log.Error}");
        return ExitCode.Done;
    }

    private static string BucketOf(CommandContext context, string pipeline) =>
        (context.Project.Names("pipelines").Contains(pipeline) ? context.Project.Load<PipelineFile>("pipelines", pipeline).Destination?.Bucket : null) ?? context.Project.Load<PipeFile>().Bucket
        ?? throw new UserError($"no bucket is named for `{pipeline}`") { Hint = "--bucket file:///data/lake, or `bucket:` in pipe.yaml", ExitCode = ExitCode.Usage };
}
