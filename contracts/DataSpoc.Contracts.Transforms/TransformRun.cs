using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Transforms.Checks;

namespace DataSpoc.Contracts.Transforms;

/// <summary>What a transform did.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Sequence">The sequence number of its commit; null where there was nothing to do.</param>
/// <param name="Rows">Rows of the new files.</param>
/// <param name="Files">New data files.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Read">What was read of the inputs, in words: <c>2 new files of `raw.shop_orders`</c>.</param>
/// <param name="Checks">What its checks found.</param>
public sealed record TransformResult(string RunId, long? Sequence, long Rows, int Files, long Bytes, string Read, CheckReport Checks);

/// <summary>
/// Runs one transform: its inputs are mounted as they are now, the SELECT is written as Parquet, its checks look at the rows, and one commit puts them into the table (CONTRACT
/// section 5). What was read stands in the same commit, so an incremental transform goes on exactly behind it, whatever happens in between.
/// A SELECT that gives a column <c>dt</c> is partitioned by it; otherwise rows are filed under the day of the run in curated, and under none in gold.
/// </summary>
/// <param name="database">Where the SELECT runs.</param>
/// <param name="tables">The tables it may read.</param>
/// <param name="cache">Where files of a distant bucket are copied to.</param>
public sealed class TransformRun(Database database, TransformTables tables, ObjectCache cache)
{
    private const long FileBytes = 128L << 20;

    /// <summary>Makes the table.</summary>
    /// <param name="planned">The transform and its inputs.</param>
    /// <param name="context">Whose run it is.</param>
    /// <param name="full">Whether all rows of the inputs are read, whatever the mode says.</param>
    /// <param name="cancel">Stops before the commit.</param>
    /// <exception cref="UserError">An input is not there, the SELECT fails, a check refuses its rows (<see cref="ExitCode.Refused"/>), or the bucket fails.</exception>
    public async Task<TransformResult> RunAsync(PlannedTransform planned, RunContext context, bool full, CancellationToken cancel)
    {
        var transform = planned.Transform;
        var session = await RunSession.StartAsync(context, cancel);
        using var connection = database.Connect();
        var inputs = await TransformInputs.ReadAsync(planned, tables, new Dictionary<Transform, PlannedTable>(), full ? "it was asked for" : null, database, cancel);
        if (inputs.Scope is TransformScope.Nothing)
            return new(session.RunId, null, 0, 0, 0, inputs.Scope.Reads, new([]));
        var output = new TransformOutput(context, session, transform);
        try
        {
            await inputs.MountAsync(connection, cache, cancel);
            var now = context.Time.GetUtcNow();
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            var select = TransformSelect.Of(connection, transform);
            var change = TransformChange.Of(connection, select, inputs.Scope, today, cancel);
            await output.WriteAsync(connection, change, FileBytes, cancel);
            var report = TransformChecks.Run(connection, transform, change.Incoming ?? output.Local(change.ByDay), change.Staying, now, cancel);
            await output.StageAsync(change, select.IsByDay ? today : null, cancel);
            var commit = output.ToChange(change, select) with
            {
                Inputs = inputs.Lineage,
                Checks = transform.Checks.Count > 0 ? report.ToJson() : null,
                ReadVersion = change.Staying is null ? null : inputs.PreviousVersion,
                Operation = transform.Mode == TransformMode.Merge && change.Mode != ChangeMode.Append && change.Staying is not null ? "MERGE" : "WRITE",
            };
            var sequence = session.NextSequence;
            await session.CommitAsync([commit], null, cancel);
            return new(session.RunId, sequence, commit.Rows, commit.Files.Count, commit.Files.Sum(file => file.Staged.Size), inputs.Scope.Reads, report);
        }
        catch (DuckDbException error)
        {
            await output.DiscardAsync(CancellationToken.None);
            throw Failed(transform, error);
        }
        catch
        {
            await output.DiscardAsync(CancellationToken.None);
            throw;
        }
        finally
        {
            context.Store.DeleteScratch(session.RunId);
        }
    }

    internal static UserError Failed(Transform transform, DuckDbException error) => new($"the SELECT of `{transform.Location.SqlName}` fails", error) { Where = [("file", transform.File), ("reason", error.Message.Split('\n')[0])] };
}
