using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;

namespace DataSpoc.Contracts.Storage.RunCommits;

/// <summary>Takes a run back that a table refused (decision 7): first from every log, so that nobody can commit it any more, then its files.</summary>
internal sealed class RunAbortion(RunContext context)
{
    public async Task TakeBackAsync(RunRecord record, CancellationToken cancel)
    {
        var snapshots = new List<(Layout.TableLocation, TableSnapshot)>();
        foreach (var change in record.Tables)
            if (await context.Tables.AbortAsync(change, cancel) is { } snapshot)
                snapshots.Add((change.Location, snapshot));
        foreach (var change in record.Tables)
        {
            foreach (var file in change.Files)
                await context.Store.AbandonAsync(file.Staged, cancel);
            // a run that another one replaced in the meantime has no file left in the log
            if (change.Files.Count > 0)
                await context.Store.DeleteAsync([.. change.Files.Select(file => file.Staged.Key)], cancel);
        }
        await context.Manifest.MergeAsync(snapshots, cancel);
    }
}
