using System.CommandLine;
using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Storage;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Monitoring;

/// <summary><c>platform status</c>: what runs, how fresh it is, and what failed, from the buckets alone.</summary>
internal static class StatusCommand
{
    private const int BucketsAtOnce = 4;

    public static ToolCommand Create()
    {
        var buckets = new Option<string[]>("--bucket", "-b") { Description = "A bucket (again for another); without it, those of platform.yaml", HelpName = "BUCKET" };
        var maxAge = new Option<string?>("--max-age") { Description = "Older than this is stale: 90m, 26h, 7d", HelpName = "TIME" };
        var check = new Option<bool>("--check") { Description = "Exit with 3 where something failed or is stale, with 4 where something may not be read" };
        return new("status", "What runs, how fresh it is, and what failed: every pipeline, model and table, from the buckets alone")
        {
            Example = "platform status\nplatform status --check --max-age 26h\nplatform status --bucket s3://acme-sales -o json",
            Details = """
                Reads run logs, commit records, catalogs, the newest entries of Delta logs, and models' aliases: a few requests per
                pipeline, two per model, one per table. A table is failed where its last checks failed; that of a model's monitoring
                where the last `ml drift` alarmed. What these credentials may not read is a line of its own.
                """,
            Handler = context => RunAsync(context, Buckets(context, context.Value(buckets) ?? []), context.Value(maxAge) is { } age ? Age(age) : null, context.Value(check)),
            Options = { buckets, maxAge, check },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, IReadOnlyList<(BucketUri Bucket, Func<string, bool> Has)> buckets, TimeSpan? maxAge, bool check)
    {
        var now = context.Time.GetUtcNow();
        var found = new IReadOnlyList<StatusRow>[buckets.Count];
        await Parallel.ForAsync(0, buckets.Count, new ParallelOptions { MaxDegreeOfParallelism = BucketsAtOnce, CancellationToken = context.Cancel }, async (i, token) =>
        {
            await using var store = ObjectStores.Open(buckets[i].Bucket, new() { Time = context.Time });
            found[i] = await new BucketStatus(store, now, buckets[i].Has).ReadAsync(token);
        });
        var status = found.SelectMany(static rows => rows).Select(row => row.Aged(now, maxAge)).ToArray();
        Write(context, status, now);
        foreach (var (empty, _) in buckets.Where((_, i) => found[i].Count == 0))
            context.Messages.Info($"{empty} is empty: nothing ran there yet");
        return check ? Judged(status) : ExitCode.Done;
    }

    private static void Write(CommandContext context, StatusRow[] status, DateTimeOffset now)
    {
        using var rows = context.Rows([new("bucket"), new("kind"), new("name"), new("state"), new("last", RowColumnKind.Temporal), new("age_hours", RowColumnKind.Number), new("rows", RowColumnKind.Number), new("detail")]);
        foreach (var row in status)
            rows.WriteRow(row.Bucket, row.Kind, row.Name, Word(row.Health), row.At, row.At is { } at ? Math.Round((now - at).TotalHours, 1) : null, row.Rows, row.Detail);
        rows.Complete();
    }

    private static ExitCode Judged(StatusRow[] status)
    {
        var bad = status.Where(static row => row.IsBad).ToArray();
        var unread = status.Where(static row => row.Health == Health.NotReadable).ToArray();
        if (bad.Length > 0)
            throw new UserError($"{Quantity.Count(bad.Length)} of {Quantity.Count(status.Length, "line")} {(bad.Length == 1 ? "is" : "are")} not well")
            {
                Where = [.. bad.OrderByDescending(static row => row.Health).Take(10).Select(static row => (Word(row.Health), $"{row.Kind} {row.Name} in {row.Bucket}"))],
                ExitCode = ExitCode.Refused,
            };
        if (unread.Length > 0)
            throw new UserError($"{Quantity.Count(unread.Length, "part")} may not be read")
            {
                Where = [.. unread.Take(10).Select(static row => (row.Kind, $"{row.Name} in {row.Bucket}"))],
                Hint = "use credentials that may: those of an auditor see runs and tables of a bucket",
                ExitCode = ExitCode.NotPermitted,
            };
        return ExitCode.Done;
    }

    private static IReadOnlyList<(BucketUri, Func<string, bool>)> Buckets(CommandContext context, string[] given) => given.Length > 0
        ? [.. given.Select(bucket => (BucketUri.Parse(bucket.Contains("://", StringComparison.Ordinal) ? bucket : context.Environment.FullPath(bucket)), (Func<string, bool>)(static _ => true)))]
        : File.Exists(context.Project.MainFile)
            ? [.. LakeDeclaration.Load(context).Buckets.Select(static bucket => (BucketUri.Parse($"s3://{bucket.Name}"), (Func<string, bool>)(prefix => LayerPrefixes.Has(bucket.Layers, prefix))))]
            : throw new UserError("it is not said which buckets are meant") { Where = [("project", context.Project.Folder)], Hint = "name one: `--bucket s3://acme-sales`, or run it where `platform.yaml` is", ExitCode = ExitCode.Usage };

    private static TimeSpan Age(string text)
    {
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000)
        {
            switch (text[^1])
            {
                case 'm': return TimeSpan.FromMinutes(number);
                case 'h': return TimeSpan.FromHours(number);
                case 'd': return TimeSpan.FromDays(number);
            }
        }
        throw new UserError($"`{text}` is no time") { Where = [("option", "--max-age")], Hint = "write 90m, 26h or 7d", ExitCode = ExitCode.Usage };
    }

    private static string Word(Health health) => health switch
    {
        Health.Ok => "ok",
        Health.Running => "running",
        Health.Stale => "stale",
        Health.NotReadable => "not readable",
        Health.Unfinished => "unfinished",
        _ => "failed",
    };
}
