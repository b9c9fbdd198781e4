using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Scheduling;

namespace DataSpoc.Pipe.Commands.Looking;

/// <summary><c>pipe validate</c>: whether pipelines could run: their files, their sources, and what the bucket lets this user do.</summary>
internal sealed class ValidateCommand(PipeHost host)
{
    private readonly Argument<string[]> _names = new("pipeline") { Description = "only these pipelines", Arity = ArgumentArity.ZeroOrMore };

    public ToolCommand Create() => new("validate", "Whether pipelines could run")
    {
        Example = "pipe validate orders",
        Details = "Reads the configuration, asks the source for its streams, and writes, reads and deletes a small object in the bucket",
        Handler = RunAsync,
        Arguments = { _names },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var worst = ExitCode.Done;
        using var rows = context.Rows([new("pipeline"), new("check"), new("status"), new("found"), new("hint")]);
        foreach (var name in context.Value(_names) is { Length: > 0 } given ? given : ProjectPipelines.AtLeastOne(context))
        {
            var plan = default(IngestionPlan);
            await CheckAsync(name, "configuration", () =>
            {
                plan = new PlanOfSource(context).OfPipeline(name);
                var cron = ProjectPipelines.Load(context, name).Schedule?.Cron;
                return Task.FromResult(cron is null ? "no schedule" : $"runs at `{CronExpression.Parse(cron).Text}`");
            });
            if (plan is null)
                continue;
            await CheckAsync(name, "source", async () => await new SourceLook(host, context).DiscoverAsync(plan) is var streams && streams.Count > 0 ? Quantity.Count(streams.Count, "stream") : throw new UserError("the source has no streams"));
            await CheckAsync(name, "bucket", () => ProbeAsync(context, plan));
        }
        rows.Complete();
        return worst;

        async Task CheckAsync(string pipeline, string check, Func<Task<string>> look)
        {
            try
            {
                rows.WriteRow(pipeline, check, "ok", await look(), null);
            }
            catch (UserError error)
            {
                rows.WriteRow(pipeline, check, "failed", error.What, error.Hint);
                worst = worst == ExitCode.Done ? error.ExitCode : worst;
            }
        }
    }

    // where a run writes: its bookmark and its tables
    private async Task<string> ProbeAsync(CommandContext context, IngestionPlan plan)
    {
        if (plan.Bucket.Length == 0)
            throw new UserError("no bucket is named") { Hint = "`destination.bucket` of the pipeline, or `bucket:` in pipe.yaml", ExitCode = ExitCode.Usage };
        await using var store = host.OpenStore(BucketUri.Parse(plan.Bucket), new() { MayBeNew = true, Time = context.Time });
        var id = RunId.New(context.Time);
        foreach (var key in new[] { $".dataspoc/state/{plan.Pipeline}/validate-{id}", $"raw/{plan.Source}/validate-{id}" })
        {
            var bytes = "pipe validate"u8.ToArray();
            if (await store.PutAsync(key, bytes, WriteCondition.Absent, context.Cancel) is null || await store.GetAsync(key, context.Cancel) is not { } content || !content.Bytes.Span.SequenceEqual(bytes))
                throw new UserError($"{store.Bucket} does not give back what was written") { Where = [("key", key)] };
            await store.DeleteAsync([key], context.Cancel);
        }
        return $"{store.Bucket}: written, read, deleted";
    }
}
