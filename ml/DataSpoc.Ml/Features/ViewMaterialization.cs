using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Features;

/// <summary>What is to be done with a view.</summary>
/// <param name="View">The view.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Rows">Of the table that is there; null where there is none.</param>
/// <param name="Snapshot">Of that table.</param>
/// <param name="Reason">Why it has to be made again; null where it is up to date.</param>
/// <param name="Before">What that table was made from; null where there is none.</param>
internal sealed record ViewPlan(FeatureView View, ViewInputs Inputs, long? Rows, long? Snapshot, string? Reason, IReadOnlyList<string>? Before = null);

/// <summary>Makes the tables of views in one commit (CONTRACT section 5): all rows anew, or the days that differ where the view is incremental.</summary>
/// <param name="store">The bucket.</param>
/// <param name="tables">Its tables.</param>
/// <param name="database">Where SQL runs.</param>
internal sealed class ViewMaterialization(IObjectStore store, BucketTables tables, Database database)
{
    private const string Rows = "\"view rows\"";

    /// <summary>What is to be done; writes nothing.</summary>
    /// <exception cref="UserError">The SQL is not one SELECT, or reads a table that is not there.</exception>
    public async Task<ViewPlan> PlanAsync(FeatureView view, CancellationToken cancel)
    {
        using var connection = database.Connect();
        var inputs = await ViewInputs.ReadAsync(view, tables, database, connection, cancel);
        var snapshot = await new TableLog(store, new CheckpointReader(database)).ReadAsync(view.Location, cancel);
        var before = snapshot is null ? null : snapshot.LastWrite?.Write?.Inputs ?? [];
        return new(view, inputs, snapshot?.Rows, snapshot?.Version, inputs.Reason(before), before);
    }

    /// <summary>Makes the table.</summary>
    /// <param name="plan">The view and what it reads.</param>
    /// <param name="context">Whose run it is.</param>
    /// <param name="whole">Whether all is computed anew, whatever the view says.</param>
    /// <param name="cancel">Stops before the commit.</param>
    /// <exception cref="UserError">The SELECT fails, or gives rows that are no feature rows (<see cref="ExitCode.Refused"/>).</exception>
    public async Task<CommittedChange> RunAsync(ViewPlan plan, RunContext context, bool whole, CancellationToken cancel)
    {
        var view = plan.View;
        var session = await RunSession.StartAsync(context, cancel);
        var output = new FeatureTable(context, session, view.Location);
        using var connection = database.Connect();
        var increment = whole || plan.Before is null ? null : await ViewIncrement.FindAsync(plan, plan.Before, tables, store, database, cancel);
        try
        {
            await plan.Inputs.MountAsync(connection, tables, increment?.Name, cancel);
            if (increment is not null)
                await increment.MountAsync(connection, view, tables, cancel);
            var columns = Columns(connection, view);
            connection.Execute($"CREATE TEMP TABLE \"view rows\" AS SELECT {StorageTypes.SelectList(columns)}, CAST({Moments.Timestamp(view.Timestamp, columns)} AS DATE) AS dt FROM (\n{view.Sql.Trim().TrimEnd(';')}\n)", cancel);
            Check(connection, view, columns, cancel);
            if (increment is not null)
                return ViewIncrement.Days(connection, view, Rows, columns, cancel) is { } days
                    ? await output.WriteAsync(connection, ViewIncrement.Written(view, Rows, columns, days), columns, byDay: true, [.. view.Entity, view.Timestamp], plan.Inputs.Lineage, cancel, (days, plan.Snapshot!.Value))
                    : await RunAsync(plan, context, true, cancel);
            return await output.WriteAsync(connection, "FROM \"view rows\"", columns, byDay: true, [.. view.Entity, view.Timestamp], plan.Inputs.Lineage, cancel);
        }
        catch (DuckDbException error)
        {
            throw view.Wrong("its SELECT fails", error.Message.Split('\n')[0], ExitCode.Failed, error);
        }
    }

    // a column `dt` of the SELECT's own gives way to the day of the timestamp
    private static (string Name, LogicalType Type)[] Columns(Connection connection, FeatureView view)
    {
        var columns = connection.Describe(view.Sql.Trim().TrimEnd(';')).Where(c => !c.Name.Equals(DataFileName.PartitionColumn, StringComparison.OrdinalIgnoreCase)).Select(c => (c.Name, c.Type)).ToArray();
        if (columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw view.Wrong($"its SELECT gives two columns `{twice.Key}`", "name one of them with AS");
        foreach (var named in view.Entity.Append(view.Timestamp))
            if (columns.All(c => c.Name != named))
                throw view.Wrong($"its SELECT gives no column `{named}`", $"it gives {string.Join(", ", columns.Select(c => $"`{c.Name}`"))}");
        if (ColumnKinds.Of(columns.First(c => c.Name == view.Timestamp).Type.ToString()) != ColumnKind.Moment)
            throw view.Wrong($"`{view.Timestamp}` is {columns.First(c => c.Name == view.Timestamp).Type}, not a date or a timestamp", null);
        return columns.Length > view.Entity.Count + 1 ? columns : throw view.Wrong("its SELECT gives no feature beside entity and timestamp", null);
    }

    // which of two rows of one moment is meant would be chance
    private static void Check(Connection connection, FeatureView view, IReadOnlyList<(string Name, LogicalType Type)> columns, CancellationToken cancel)
    {
        var moment = Moments.Micros(view.Timestamp, columns);
        var entity = string.Join(", ", view.Entity.Select(Sql.Identifier));
        var missing = connection.Rows($"SELECT count(*) FROM \"view rows\" WHERE {moment} IS NULL OR {string.Join(" OR ", view.Entity.Select(e => $"{Sql.Identifier(e)} IS NULL"))}", cancel)[0][0];
        if (missing is > 0L)
            throw view.Wrong($"{missing} rows have no entity or no timestamp", "leave them out in the SQL: WHERE … IS NOT NULL", ExitCode.Refused);
        var twice = connection.Rows($"SELECT ({entity}, any_value({Sql.Identifier(view.Timestamp)}))::VARCHAR FROM \"view rows\" GROUP BY {entity}, {moment} HAVING count(*) > 1 ORDER BY 1 LIMIT 1", cancel);
        if (twice.Count > 0)
            throw view.Wrong($"two rows have the same entity and timestamp: {twice[0][0]}", "choose one in the SQL: QUALIFY row_number() OVER (PARTITION BY …) = 1", ExitCode.Refused);
    }
}
