using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>Commits what several tables have ready, what was rejected of them, and the bookmark, together.</summary>
internal static class LoadCommit
{
    private const int MostAttempts = 5;

    /// <summary>Commits. Where a table was changed by another pipeline while rows were merged into it, they are merged again.</summary>
    /// <exception cref="UserError">A table refuses the rows, or another run of the pipeline got in between: nothing is committed.</exception>
    public static async Task RunAsync(LoadTarget target, IReadOnlyList<TableLoad> loads, ReadOnlyMemory<byte>? bookmark, CancellationToken cancel)
    {
        var rejected = loads.Where(load => load.Rejected.HasChanges).ToArray();
        foreach (var load in rejected)
            await load.Rejected.FinishAsync(cancel);
        for (var attempt = 1; ; attempt++)
        {
            var sequence = target.Session.NextSequence;
            try
            {
                var committed = await target.Session.CommitAsync([.. loads.Select(load => load.ToChange()), .. rejected.Select(load => load.Rejected.ToChange())], bookmark, cancel);
                foreach (var (load, table) in loads.Zip(committed))
                    load.Clear(table.Snapshot);
                foreach (var (load, table) in rejected.Zip(committed.Skip(loads.Count)))
                    load.Rejected.Clear(table.Snapshot);
                return;
            }
            catch (UserError error) when (attempt < MostAttempts && target.Session.NextSequence == sequence && error.What.EndsWith("was changed while its new rows were made", StringComparison.Ordinal))
            {
                foreach (var load in loads.Where(load => load.DependsOnTable))
                    await load.ReshapeAsync(cancel);
            }
        }
    }
}
