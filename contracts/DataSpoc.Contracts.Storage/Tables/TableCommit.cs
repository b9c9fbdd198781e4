using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Storage.Tables;

/// <summary>A change that is in the table's log.</summary>
/// <param name="Snapshot">The table after it (or later, where it had been committed before).</param>
/// <param name="Superseded">Keys of data files that no longer belong to the table and are to be deleted.</param>
public sealed record CommittedTable(TableSnapshot Snapshot, IReadOnlyList<string> Superseded);

/// <summary>
/// Puts a <see cref="TableChange"/> into a table's log, once, however often it is asked to (CONTRACT section 2).
/// The files of the change must be published before.
/// </summary>
public sealed class TableCommit(IObjectStore store, TableLog log, TimeProvider time)
{
    /// <summary>Races lost in a row after which the table is called too busy.</summary>
    private const int MostAttempts = 200;

    /// <summary>Plans the change against the table as it is now, writes nothing, and gives the table as it is; null where it has no log.</summary>
    /// <exception cref="UserError">The change does not fit the table.</exception>
    public async Task<TableSnapshot?> CheckAsync(TableChange change, CancellationToken cancel)
    {
        var snapshot = await log.ReadAsync(change.Location, cancel);
        CommitPlanner.Plan(snapshot, change, time.GetUtcNow());
        return snapshot;
    }

    /// <summary>The committed change where the log already holds it, else null.</summary>
    public async Task<CommittedTable?> FindAsync(TableChange change, CancellationToken cancel) =>
        await log.ReadAsync(change.Location, cancel) is { } snapshot && snapshot.Transactions.TryGetValue(change.AppId, out var transaction)
        && transaction.Version >= change.Sequence && CommitPlanner.Plan(snapshot, change, time.GetUtcNow()) is AlreadyCommitted done
            ? new(snapshot, Keys(change.Location, done))
            : null;

    /// <summary>Commits, starting from a snapshot that may be outdated: the log tells.</summary>
    /// <exception cref="UserError">The change does not fit the table as it has become.</exception>
    public async Task<CommittedTable> ApplyAsync(TableChange change, TableSnapshot? snapshot, CancellationToken cancel)
    {
        try
        {
            return await PutAsync(change, snapshot, cancel);
        }
        catch (ChangeRefused refused)
        {
            throw refused.Reason;
        }
    }

    /// <summary>Commits to the table as it is.</summary>
    /// <exception cref="ChangeRefused">The change does not fit the table as it has become.</exception>
    internal async Task<CommittedTable> PutAsync(TableChange change, CancellationToken cancel) => await PutAsync(change, await log.ReadAsync(change.Location, cancel), cancel);

    /// <summary>Commits, starting from a snapshot that may be outdated.</summary>
    /// <exception cref="ChangeRefused">The change does not fit the table as it has become.</exception>
    internal async Task<CommittedTable> PutAsync(TableChange change, TableSnapshot? snapshot, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var plan = Plan(snapshot, change);
            if (plan is not PlannedCommit commit)
                return new(snapshot!, Keys(change.Location, plan));
            var entry = LogEntry.Serialize(commit.Actions);
            var key = TableLog.EntryKey(change.Location, commit.Version);
            if (await store.PutAsync(key, entry, WriteCondition.Absent, cancel) is null && !await IsOursAsync(key, change, cancel))
            {
                await Backoff.WaitAsync(attempt, time, cancel);
                snapshot = await log.ReadAsync(change.Location, cancel);
                continue;
            }
            var after = TableLog.Next(snapshot, commit.Version, commit.Actions);
            await log.CompactAsync(change.Location, after.Version, cancel);
            return new(after, Keys(change.Location, plan));
        }
        throw TooBusy(change);
    }

    /// <summary>Takes a change back from the table, or sees to it that it cannot be committed any more.</summary>
    /// <returns>The table after it; null where it is another's by now.</returns>
    internal async Task<TableSnapshot?> AbortAsync(TableChange change, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var snapshot = await log.ReadAsync(change.Location, cancel);
            var committed = snapshot?.Transactions.GetValueOrDefault(change.AppId)?.Version >= change.Sequence ? await FindEntryAsync(change, snapshot!.Version, cancel) : null;
            if (AbortPlanner.Plan(snapshot, change, committed, time.GetUtcNow()) is not { } plan)
                return snapshot;
            if (await store.PutAsync(TableLog.EntryKey(change.Location, plan.Version), LogEntry.Serialize(plan.Actions), WriteCondition.Absent, cancel) is not null)
                return TableLog.Next(snapshot, plan.Version, plan.Actions);
            // another's entry, or ours although it was answered otherwise: the next turn sees which
            await Backoff.WaitAsync(attempt, time, cancel);
        }
        throw TooBusy(change);
    }

    private async Task<(IReadOnlyList<DeltaAction> Entry, TableSnapshot? Before)?> FindEntryAsync(TableChange change, long newest, CancellationToken cancel)
    {
        for (var version = newest; version >= 0; version--)
        {
            var key = TableLog.EntryKey(change.Location, version);
            if (await store.GetAsync(key, cancel) is not { } content)
                return null;
            var entry = LogEntry.Parse(content.Bytes, key);
            if (ConflictRules.Decide(change, entry) == ConflictDecision.Ours)
                return (entry, version == 0 ? null : await log.ReadAsync(change.Location.Folder, version - 1, cancel));
        }
        return null;
    }

    private UserError TooBusy(TableChange change) => new($"`{change.Location}` is written by too many others at once")
    {
        Where = [("table", $"{store.Bucket}/{change.Location.Folder}")],
        Hint = "run again later; nothing is lost: the run is finished by the next start",
    };

    private CommitPlan Plan(TableSnapshot? snapshot, TableChange change)
    {
        try
        {
            return CommitPlanner.Plan(snapshot, change, time.GetUtcNow());
        }
        catch (UserError error)
        {
            throw new ChangeRefused(error);
        }
    }

    // A retried PUT is answered "exists" although the first one landed.
    private async Task<bool> IsOursAsync(string key, TableChange change, CancellationToken cancel)
    {
        var winner = await store.GetAsync(key, cancel)
            ?? throw new UserError($"log entry `{key}` was refused as existing, but is not there") { Where = [("bucket", store.Bucket.ToString())] };
        return ConflictRules.Decide(change, LogEntry.Parse(winner.Bytes, key)) == ConflictDecision.Ours;
    }

    private static List<string> Keys(TableLocation location, CommitPlan plan) => [.. plan.SupersededFiles.Select(location.KeyOf)];
}
