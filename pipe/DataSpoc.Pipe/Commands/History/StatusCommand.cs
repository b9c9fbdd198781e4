using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Scheduling;

namespace DataSpoc.Pipe.Commands.History;

/// <summary><c>pipe status</c>: the last run of every pipeline, from the buckets alone.</summary>
internal sealed class StatusCommand(PipeHost host)
{
    private readonly Option<string?> _bucket = new("--bucket") { Description = "every pipeline that ever ran in this bucket, instead of the project's", HelpName = "bucket" };

    public ToolCommand Create() => new("status", "The last run of every pipeline")
    {
        Example = "pipe status",
        Handler = RunAsync,
        Options = { _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var found = context.Value(_bucket) is { } bucket ? await OfBucketAsync(context, bucket) : await OfProjectAsync(context);
        using var rows = context.Rows([new("pipeline"), new("status"), new("started_at", RowColumnKind.Temporal), new("seconds", RowColumnKind.Number), new("rows", RowColumnKind.Number),
            new("rejected", RowColumnKind.Number), new("error"), new("next_run", RowColumnKind.Temporal), new("bucket")]);
        foreach (var status in found)
            rows.WriteRow(status.Pipeline, status.Status, status.StartedAt, status.Seconds, status.Rows, status.Rejected, status.Error, status.NextRun, status.Bucket);
        rows.Complete();
        if (found.Count == 0)
            context.Messages.Info(context.Given(_bucket) ? "no pipeline ever ran in this bucket" : $"there is no pipeline in {context.Project.PathOf("pipelines")}; name a bucket with `--bucket` to see what ran there");
        return ExitCode.Done;
    }

    private async Task<IReadOnlyList<PipelineStatus>> OfBucketAsync(CommandContext context, string bucket)
    {
        await using var store = Open(context, bucket);
        var history = new RunHistory(store);
        var found = new List<PipelineStatus>();
        foreach (var pipeline in await history.PipelinesAsync(context.Cancel))
            found.Add(await StatusAsync(history, pipeline, bucket, context.Cancel));
        return found;
    }

    private async Task<IReadOnlyList<PipelineStatus>> OfProjectAsync(CommandContext context)
    {
        var found = new List<PipelineStatus>();
        foreach (var pipeline in context.Project.Names("pipelines"))
        {
            try
            {
                var file = context.Project.Load<PipelineFile>("pipelines", pipeline);
                var bucket = file.Destination?.Bucket ?? context.Project.Load<PipeFile>().Bucket ?? throw new UserError("no bucket is named") { ExitCode = ExitCode.Usage };
                await using var store = host.OpenStore(BucketUri.Parse(bucket), new() { MayBeNew = true, Time = context.Time });
                var next = file.Schedule?.Cron is { } cron ? CronExpression.Parse(cron).Next(context.Time.GetUtcNow(), TimeZoneInfo.Local) : (DateTimeOffset?)null;
                found.Add(await StatusAsync(new(store), ProjectPipelines.KeyOf(pipeline), bucket, context.Cancel) with { Pipeline = pipeline, NextRun = next });
            }
            catch (UserError error)
            {
                // one pipeline that is configured wrongly does not hide the others
                found.Add(new(pipeline, error.ExitCode == ExitCode.Usage ? "misconfigured" : "unknown", null) { Error = error.What });
            }
        }
        return found;
    }

    private static async Task<PipelineStatus> StatusAsync(RunHistory history, string pipeline, string bucket, CancellationToken cancel)
    {
        var committing = await history.IsCommittingAsync(pipeline, cancel);
        if (await history.NewestAsync(pipeline, 1, cancel) is not [var log])
            return new(pipeline, committing ? "committing" : "never run", bucket);
        return new(pipeline, committing ? "committing" : log.Status, bucket)
        {
            StartedAt = log.StartedAt,
            Seconds = Math.Round((log.FinishedAt - log.StartedAt).TotalSeconds, 3),
            Rows = log.Streams.Values.Sum(stream => stream.Records),
            Rejected = log.Streams.Values.Sum(stream => stream.Rejected),
            Error = log.Error,
        };
    }

    private IObjectStore Open(CommandContext context, string bucket) => host.OpenStore(BucketUri.Parse(bucket), new() { Time = context.Time });

    private sealed record PipelineStatus(string Pipeline, string Status, string? Bucket)
    {
        public DateTimeOffset? StartedAt { get; init; }

        public double? Seconds { get; init; }

        public long? Rows { get; init; }

        public long? Rejected { get; init; }

        public string? Error { get; init; }

        public DateTimeOffset? NextRun { get; init; }
    }
}
