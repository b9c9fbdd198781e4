using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.Storage.RunCommits;

/// <summary>How a commit ended.</summary>
/// <param name="Register">The pipeline's record now.</param>
/// <param name="Tables">The tables as the commit left them; none where it was aborted.</param>
/// <param name="Refusal">Why it was aborted, or null.</param>
internal sealed record CompletedRun(RunRegister Register, IReadOnlyList<CommittedChange> Tables, UserError? Refusal);

/// <summary>
/// Carries a commit record to its end (CONTRACT section 5, decision 7): <c>committing</c> → <c>accepted</c> → <c>committed</c>, or, where a table refuses,
/// <c>committing</c> → <c>aborting</c> → <c>aborted</c>. Both ways leave <c>committing</c> by a compare-and-swap, so one of them is taken, once, whoever asks.
/// Every step finds out whether it has happened, so that it may be repeated by the same process, another one, or two at once.
/// </summary>
internal sealed class RunCompletion(RunContext context)
{
    private const int TablesAtOnce = 4;
    private const int FilesAtOnce = 8;

    /// <summary>Carries a record to its end that another process may have begun on, or that was written just now with the tables as <paramref name="seen"/>.</summary>
    public async Task<CompletedRun> FinishAsync(RunRegister register, IReadOnlyDictionary<TableChange, TableSnapshot?>? seen, CancellationToken cancel)
    {
        var record = register.Record!;
        IReadOnlyList<CommittedTable>? tables = null;
        UserError? refusal = null;
        for (var turn = 0; ; turn++)
        {
            var swap = record;
            switch (register.Record!.Status)
            {
                case RunStatus.Committing:
                    (tables, refusal) = await CommitTablesAsync(record, seen, cancel);
                    swap = tables is null ? record with { Status = RunStatus.Aborting, Error = refusal!.What } : record with { Status = RunStatus.Accepted };
                    break;
                case RunStatus.Accepted:
                    tables ??= await EachTableAsync(record, FoundAsync, cancel);
                    await WriteBookmarkAsync(record, cancel);
                    await context.Manifest.MergeAsync([.. record.Tables.Select((change, i) => (change.Location, tables[i].Snapshot))], cancel);
                    // before the record says committed: nobody would come back to delete them
                    await DeleteAsync(tables.SelectMany(table => table.Superseded), cancel);
                    swap = register.Record with { Status = RunStatus.Committed, ExpiresAt = null, Tables = [] };
                    break;
                case RunStatus.Aborting:
                    await new RunAbortion(context).TakeBackAsync(record, cancel);
                    swap = register.Record with { Status = RunStatus.Aborted, ExpiresAt = null, Tables = [], State = null };
                    break;
                case RunStatus.Committed:
                    return new(register, Changes(record, tables ?? []), null);
                default:
                    return new(register, [], refusal ?? Refused(register.Record));
            }
            if (await RunRegister.SwapAsync(context, register, swap, cancel) is { } swapped)
            {
                register = swapped;
                continue;
            }
            await Backoff.WaitAsync(turn, context.Time, cancel);
            register = await RunRegister.ReadAsync(context, cancel);
            // finished by another process, which has gone on: a run that commits again from here starts over
            if (!register.IsOf(record))
                return await IsAbortedAsync(record, cancel)
                    ? new(Superseded(record, RunStatus.Aborted), [], refusal ?? Refused(record))
                    : new(Superseded(record, RunStatus.Committed), Changes(record, tables ?? []), null);
        }
    }

    private static IReadOnlyList<CommittedChange> Changes(RunRecord record, IReadOnlyList<CommittedTable> tables) =>
        [.. record.Tables.Zip(tables, (change, table) => new CommittedChange(change, table.Snapshot))];

    private static RunRegister Superseded(RunRecord record, RunStatus status) => new(record with { Status = status, ExpiresAt = null, Tables = [] }, "superseded");

    private UserError Refused(RunRecord record) => new($"run {record.RunId} of `{context.Name}` was taken back: {record.Error ?? "a table refused it"}")
    {
        Where = [("bucket", context.Store.Bucket.ToString()), ("run", record.RunId)],
        Hint = "nothing of it was kept and the bookmark is where it was; run again once the table fits",
        ExitCode = ExitCode.Refused,
    };

    private async Task<bool> IsAbortedAsync(RunRecord record, CancellationToken cancel) =>
        record.Tables.Count > 0 && AbortPlanner.IsAborted(await new TableLog(context.Store).ReadAsync(record.Tables[0].Location, cancel), record.Tables[0]);

    private async Task<(IReadOnlyList<CommittedTable>? Tables, UserError? Refusal)> CommitTablesAsync(
        RunRecord record, IReadOnlyDictionary<TableChange, TableSnapshot?>? seen, CancellationToken cancel)
    {
        try
        {
            return (await EachTableAsync(record, async (change, token) =>
                (seen is null ? await context.Tables.FindAsync(change, token) : null) ?? await PublishAsync(change, seen, token), cancel), null);
        }
        catch (ChangeRefused refused)
        {
            return (null, refused.Reason);
        }
    }

    private static async Task<IReadOnlyList<CommittedTable>> EachTableAsync(RunRecord record, Func<TableChange, CancellationToken, Task<CommittedTable>> step, CancellationToken cancel)
    {
        var tables = new CommittedTable[record.Tables.Count];
        await Parallel.ForAsync(0, tables.Length, Concurrency.Of(TablesAtOnce, cancel), async (i, token) => tables[i] = await step(record.Tables[i], token));
        return tables;
    }

    private async Task<CommittedTable> FoundAsync(TableChange change, CancellationToken cancel) => await context.Tables.FindAsync(change, cancel)
        ?? throw new UserError($"`{change.Location}` no longer holds run {change.RunId}, which it had taken") { Where = [("table", change.Location.Folder)], Hint = "was its log restored from a backup?" };

    private async Task<CommittedTable> PublishAsync(TableChange change, IReadOnlyDictionary<TableChange, TableSnapshot?>? seen, CancellationToken cancel)
    {
        try
        {
            await Parallel.ForEachAsync(change.Files, Concurrency.Of(FilesAtOnce, cancel), async (file, token) => await context.Store.PublishAsync(file.Staged, token));
        }
        catch (UserError error) when (!cancel.IsCancellationRequested)
        {
            // someone else may have published, committed, and replaced the files since
            if (await context.Tables.FindAsync(change, cancel) is { } elsewhere)
                return elsewhere;
            if (StagedObjectLost.IsSaidBy(error))
                throw new ChangeRefused(error);
            throw;
        }
        return seen is null ? await context.Tables.PutAsync(change, cancel) : await context.Tables.PutAsync(change, seen[change], cancel);
    }

    private async Task WriteBookmarkAsync(RunRecord record, CancellationToken cancel)
    {
        if (record.State is not { } state || context.StateKey is not { } stateKey)
            return;
        for (var attempt = 0; ; attempt++)
        {
            // The ETag is taken before the record is confirmed: where another run has gone further since, either the record or the ETag has changed.
            var current = await context.Store.GetAsync(stateKey, cancel);
            if (current is not null && current.Bytes.Span.SequenceEqual(state.Span))
                return;
            if (!(await RunRegister.ReadAsync(context, cancel)).IsAccepted(record))
                return;
            if (await context.Store.PutAsync(stateKey, state, WriteCondition.Unchanged(current?.Metadata.ETag), cancel) is not null)
                return;
            await Backoff.WaitAsync(attempt, context.Time, cancel);
        }
    }

    private async Task DeleteAsync(IEnumerable<string> keys, CancellationToken cancel)
    {
        if (keys.ToArray() is { Length: > 0 } superseded)
            await context.Store.DeleteAsync(superseded, cancel);
    }
}
