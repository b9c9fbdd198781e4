using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Commands.History;

/// <summary>What a bucket tells of the runs of its pipelines.</summary>
internal sealed class RunHistory(IObjectStore store)
{
    private const string Logs = ".dataspoc/logs/";

    /// <summary>The pipelines that ever ran here, in order.</summary>
    public async Task<IReadOnlyList<string>> PipelinesAsync(CancellationToken cancel)
    {
        var names = new List<string>();
        // the first key of each folder, then past the folder: a slash is followed by 0
        for (string? after = null; await FirstAsync(after, cancel) is { } key; after = $"{Logs}{names[^1]}0")
            names.Add(key[Logs.Length..].Split('/')[0]);
        return names;
    }

    /// <summary>The newest logs of a pipeline, the newest first.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyList<RunLog>> NewestAsync(string pipeline, int most, CancellationToken cancel)
    {
        var keys = new Queue<string>();
        await foreach (var entry in store.ListAsync(DocumentKeys.Logs(WritingTool.Pipe, pipeline), null, cancel))
        {
            if (entry.Key.EndsWith(".json", StringComparison.Ordinal))
                keys.Enqueue(entry.Key);
            if (keys.Count > most)
                keys.Dequeue();
        }
        var logs = await Task.WhenAll(keys.Reverse().Select(async key => await store.GetAsync(key, cancel) is { } content ? RunLog.Parse(content.Bytes, $"{store.Bucket}/{key}") : null));
        return [.. logs.OfType<RunLog>()];
    }

    /// <summary>Whether a run of the pipeline has begun its commit and not finished it.</summary>
    public async Task<bool> IsCommittingAsync(string pipeline, CancellationToken cancel)
    {
        var key = DocumentKeys.RunRecord(pipeline);
        return await store.GetAsync(key, cancel) is { } content && RunRecord.Parse(content.Bytes, $"{store.Bucket}/{key}").Status is not (RunStatus.Committed or RunStatus.Aborted);
    }

    private async Task<string?> FirstAsync(string? after, CancellationToken cancel)
    {
        await foreach (var entry in store.ListAsync(Logs, after, cancel))
            if (entry.Key[Logs.Length..].Contains('/', StringComparison.Ordinal))
                return entry.Key;
        return null;
    }
}
