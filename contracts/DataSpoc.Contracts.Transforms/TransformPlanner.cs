using System.Globalization;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Transforms.Checks;

namespace DataSpoc.Contracts.Transforms;

/// <summary>
/// Finds out what transforms would do and writes nothing: each SELECT is computed into the database of the plan, where the transforms behind it read its rows.
/// </summary>
/// <param name="database">A database of its own: the rows of all tables that would change are kept in it, on disk where they do not fit into memory.</param>
/// <param name="tables">The tables they may read.</param>
/// <param name="cache">Where files of a distant bucket are copied to.</param>
/// <param name="time">The clock.</param>
public sealed class TransformPlanner(Database database, TransformTables tables, ObjectCache cache, TimeProvider time)
{
    private readonly Dictionary<Transform, PlannedTable> _planned = [];

    /// <summary>Plans one transform; those that it needs and that would run have been planned before.</summary>
    /// <param name="planned">The transform.</param>
    /// <param name="full">Whether all rows of the inputs would be read.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UserError">As in <see cref="TransformRun.RunAsync"/>; checks that fail are findings.</exception>
    public async Task<TransformPlan> PlanAsync(PlannedTransform planned, bool full, CancellationToken cancel)
    {
        var transform = planned.Transform;
        using var connection = database.Connect();
        var inputs = await TransformInputs.ReadAsync(planned, tables, _planned, full ? "it was asked for" : null, database, cancel);
        var plan = new TransformPlan(transform, inputs.Scope.Reads, inputs.PreviousVersion is null);
        if (inputs.Scope is TransformScope.Nothing)
            return plan with { Runs = false };
        try
        {
            await inputs.MountAsync(connection, cache, cancel);
            return await Task.Run(() => Compute(connection, plan, inputs, cancel), cancel);
        }
        catch (DuckDbException error)
        {
            throw TransformRun.Failed(transform, error);
        }
    }

    private TransformPlan Compute(Connection connection, TransformPlan plan, TransformInputs inputs, CancellationToken cancel)
    {
        var transform = plan.Transform;
        var now = time.GetUtcNow();
        var select = TransformSelect.Of(connection, transform);
        var change = TransformChange.Of(connection, select, inputs.Scope, DateOnly.FromDateTime(now.UtcDateTime), cancel);
        var name = _planned.Count.ToString(CultureInfo.InvariantCulture);
        var (rows, added) = ($"\"_planned\".\"all{name}\"", $"\"_planned\".\"new{name}\"");
        connection.Execute($"CREATE SCHEMA IF NOT EXISTS \"_planned\"; CREATE TABLE {added} AS SELECT * FROM {change.Incoming ?? $"({change.Written})"}", cancel);
        connection.Execute($"CREATE TABLE {rows} AS {(change.Staying is null ? "" : $"SELECT * FROM {change.Staying} UNION ALL BY NAME ")}SELECT * FROM {added}", cancel);
        _planned[transform] = new(rows, change.Mode == Delta.ChangeMode.Append ? added : null, change.Mode == Delta.ChangeMode.OverwritePartitions ? change.Days.ToHashSet(StringComparer.Ordinal) : null);
        plan = plan with { RowsAfter = Count(connection, rows, cancel), Findings = Findings(connection, transform, added, change.Staying, now, cancel) };
        return inputs.PreviousColumns is { } before
            ? Compared(connection, plan with { RowsBefore = Count(connection, TransformInputs.Previous, cancel) }, select, before, rows, cancel)
            : plan with { Added = plan.RowsAfter, Columns = [.. Columns(select).Select(column => $"+ {column.Name} {column.Type}")] };
    }

    private static string[] Findings(Connection connection, Transform transform, string rows, string? staying, DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            return [.. TransformChecks.Run(connection, transform, rows, staying, now, cancel).Warnings.Select(result => $"warn {result}")];
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Refused)
        {
            return [.. error.Where.Where(place => place.Label == "check").Select(place => place.Value)];
        }
    }

    private static TransformPlan Compared(Connection connection, TransformPlan plan, TransformSelect select, IReadOnlyList<MountedColumn> before, string rows, CancellationToken cancel)
    {
        var after = Columns(select);
        var shared = after.Where(column => before.Any(old => Same(old.Name, column.Name)) && (select.HasDay || !Same(column.Name, DataFileName.PartitionColumn))).ToArray();
        var names = string.Join(", ", shared.Select(column => Sql.Identifier(column.Name)));
        var (now, then) = ($"SELECT {names} FROM {rows}", $"SELECT {names} FROM {TransformInputs.Previous}");
        var added = shared.Length == 0 ? plan.RowsAfter : Count(connection, $"({now} EXCEPT ALL {then})", cancel);
        var removed = shared.Length == 0 ? plan.RowsBefore : Count(connection, $"({then} EXCEPT ALL {now})", cancel);
        var key = select.Transform.Key;
        var changed = key.Count == 0 || !key.All(column => shared.Any(other => Same(other.Name, column))) ? 0 : Changed(connection, key, now, then, cancel);
        return plan with
        {
            Added = added - changed,
            Removed = removed - changed,
            Changed = changed,
            Columns =
            [
                .. after.Where(column => !before.Any(old => Same(old.Name, column.Name))).Select(column => $"+ {column.Name} {column.Type}"),
                .. before.Where(old => !after.Any(column => Same(old.Name, column.Name))).Select(old => $"- {old.Name}"),
                .. after.SelectMany(column => before.Where(old => Same(old.Name, column.Name) && !old.Type.Equals(column.Type)).Select(old => $"{column.Name} {old.Type} -> {column.Type}")),
            ],
        };
    }

    private static long Changed(Connection connection, IReadOnlyList<string> key, string now, string then, CancellationToken cancel)
    {
        var columns = string.Join(", ", key.Select(Sql.Identifier));
        return Count(connection, $"(SELECT DISTINCT {columns} FROM ({now} EXCEPT ALL {then}) INTERSECT SELECT DISTINCT {columns} FROM ({then} EXCEPT ALL {now}))", cancel);
    }

    private static MountedColumn[] Columns(TransformSelect select) => [.. MountedTable.ColumnsOf(select.Schema)];

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static long Count(Connection connection, string from, CancellationToken cancel)
    {
        using var answer = connection.Query($"SELECT count(*) FROM {from}", cancel);
        return answer.NextChunk() ? Convert.ToInt64(answer.GetValue(0, 0), CultureInfo.InvariantCulture) : 0;
    }
}
