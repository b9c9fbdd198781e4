using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Maintenance;

/// <summary>Runs of Pipe whose commit is under way, or was left so by a process that is gone.</summary>
/// <param name="Changes">What they are committing.</param>
internal sealed record OpenRuns(IReadOnlyList<TableChange> Changes)
{
    private const string Folder = ".dataspoc/state/";

    public static async Task<OpenRuns> ReadAsync(IObjectStore store, CancellationToken cancel)
    {
        var changes = new List<TableChange>();
        await foreach (var entry in store.ListAsync(Folder, null, cancel))
            if (entry.Key[Folder.Length..].Split('/') is [_, "run.json"] && await store.GetAsync(entry.Key, cancel) is { } content)
                // the intents of a run that has ended are gone from its record
                changes.AddRange(RunRecord.Parse(content.Bytes, entry.Key).Tables);
        return new(changes);
    }

    /// <summary>The keys that their files have or will have.</summary>
    public IReadOnlySet<string> Keys => Changes.SelectMany(change => change.Files).Select(file => file.Staged.Key).ToHashSet(StringComparer.Ordinal);
}
