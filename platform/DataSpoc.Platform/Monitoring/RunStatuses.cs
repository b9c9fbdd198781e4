using System.Globalization;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Platform.Monitoring;

/// <summary>How the runs of a tool ended, from their newest logs and their commit records: at most five requests per pipeline.</summary>
/// <param name="store">The bucket.</param>
/// <param name="tool">Whose runs.</param>
/// <param name="now">The time.</param>
internal sealed class RunStatuses(IObjectStore store, WritingTool tool, DateTimeOffset now)
{
    private const int AtOnce = 8;

    // where the newest log is looked for first; a listing costs a request per 1000 keys
    private static readonly TimeSpan[] LookBack = [TimeSpan.FromDays(1), TimeSpan.FromDays(16)];

    private readonly string _root = tool switch { WritingTool.Pipe => ".dataspoc/", WritingTool.Lens => ".dataspoc/lens/", _ => ".dataspoc/ml/" };

    private string Kind => tool switch { WritingTool.Pipe => "pipeline", WritingTool.Lens => "transform", _ => "model run" };

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<StatusRow>> ReadAsync(CancellationToken cancel)
    {
        var logged = await EachAsync(await FolderNames.BelowAsync(store, $"{_root}logs/", cancel).ToListAsync(cancel), NewestAsync, cancel);
        var open = await EachAsync(await FolderNames.BelowAsync(store, $"{_root}state/", cancel).ToListAsync(cancel), OpenAsync, cancel);
        return [.. logged.Where(row => !open.Any(one => one.Name == row.Name)).Concat(open).OrderBy(static row => row.Name, StringComparer.Ordinal)];
    }

    private static async Task<List<StatusRow>> EachAsync(List<string> names, Func<string, CancellationToken, Task<StatusRow?>> read, CancellationToken cancel)
    {
        var rows = new StatusRow?[names.Count];
        await Parallel.ForAsync(0, names.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, token) => rows[i] = await read(names[i], token));
        return [.. rows.OfType<StatusRow>()];
    }

    private async Task<StatusRow?> NewestAsync(string name, CancellationToken cancel)
    {
        var folder = $"{_root}logs/{name}/";
        string? newest = null;
        foreach (var start in LookBack.Select(back => folder + (now - back).UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)).Append(null))
        {
            await foreach (var found in store.ListAsync(folder, start, cancel))
                if (found.Key.EndsWith(".json", StringComparison.Ordinal))
                    newest = found.Key;
            if (newest is not null)
                break;
        }
        if (newest is null || await store.GetAsync(newest, cancel) is not { } content)
            return null;
        var log = RunLog.Parse(content.Bytes, $"{store.Bucket}/{newest}");
        var rejected = log.Streams.Values.Sum(static stream => stream.Rejected);
        return new(store.Bucket.ToString(), Kind, name, log.Status == "success" ? Health.Ok : Health.Failed)
        {
            At = log.FinishedAt,
            Rows = log.Streams.Values.Sum(static stream => stream.Records),
            Detail = log.Status != "success" ? $"{log.Status}: {log.Error ?? log.Streams.Values.Select(static stream => stream.Error).FirstOrDefault(static error => error is not null) ?? "see its log"}"
                : rejected > 0 ? $"{Quantity.Count(rejected, "row")} in quarantine" : (string?)log.Others?["action"],
        };
    }

    /// <summary>A run that has not ended its commit, or null.</summary>
    private async Task<StatusRow?> OpenAsync(string name, CancellationToken cancel)
    {
        var key = $"{_root}state/{name}/run.json";
        if (await store.GetAsync(key, cancel) is not { } content)
            return null;
        var record = RunRecord.Parse(content.Bytes, $"{store.Bucket}/{key}");
        if (record.Status is RunStatus.Committed or RunStatus.Aborted)
            return null;
        var running = record.ExpiresAt > now;
        return new(store.Bucket.ToString(), Kind, name, running ? Health.Running : Health.Unfinished)
        {
            At = content.Metadata.LastModified,
            Rows = record.Tables.Sum(static table => table.Rows),
            Detail = running ? "its commit is under way" : "its commit began and did not end; the next run finishes it",
        };
    }
}
