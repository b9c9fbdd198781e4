using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Features;

/// <summary>Opens tables of the bucket with feature views joined to them.</summary>
/// <param name="tables">The bucket's tables.</param>
internal sealed class ViewJoining(BucketTables tables)
{
    /// <summary>Opens the tables of views.</summary>
    /// <exception cref="UserError">A view is not materialised, or from another definition (<see cref="ExitCode.Refused"/>).</exception>
    public async Task<IReadOnlyList<ViewTable>> ViewsAsync(Database database, Connection connection, IReadOnlyList<JoinedView> views, CancellationToken cancel)
    {
        var opened = new List<ViewTable>();
        foreach (var view in views)
        {
            var table = await OpenAsync(database, connection, view, cancel);
            if (!table.MadeFrom.Contains(view.Definition))
                throw new UserError($"`{table.Name}` was materialised from another definition than is wanted here")
                {
                    Where = [("wanted", view.Definition), ("there", table.MadeFrom.FirstOrDefault(i => i.StartsWith($"{FeatureView.Folder}/", StringComparison.Ordinal)) ?? "unknown")],
                    Hint = $"ml features materialize {view.Name}; a model that learned from the former definition is trained anew",
                    ExitCode = ExitCode.Refused,
                };
            opened.Add(new(view with { Input = table.Input }, table));
        }
        return opened;
    }

    /// <summary>Opens a table and joins views to it, into a table of this connection; memory is bounded as for every query.</summary>
    /// <param name="database">The database.</param>
    /// <param name="connection">Knows the result.</param>
    /// <param name="name">The labels, as SQL names them.</param>
    /// <param name="joined">How; null: the table as it is.</param>
    /// <param name="cancel">Interrupts.</param>
    public async Task<SourceTable> OpenAsync(Database database, Connection connection, string name, JoinedViews? joined, CancellationToken cancel)
    {
        var labels = await tables.OpenAsync(database, connection, name, cancel);
        if (joined is null)
            return labels;
        var views = await ViewsAsync(database, connection, joined.Views, cancel);
        PointInTimeJoin.Require(labels, joined.Time, views);
        var made = $"\"joined {labels.Name.Replace("\"", "", StringComparison.Ordinal)}\"";
        await Task.Run(() => Make(connection, labels, $"CREATE OR REPLACE TEMP TABLE {made} AS {PointInTimeJoin.Select(labels, joined.Time, views)}", cancel), cancel);
        return SourceTable.Describe(connection, labels.Name, made, cancel) with
        {
            Input = labels.Input,
            PartitionColumns = labels.PartitionColumns,
            KeyColumns = labels.KeyColumns,
            MadeFrom = labels.MadeFrom,
            Views = joined with { Views = [.. views.Select(v => v.View)] },
        };
    }

    private async Task<SourceTable> OpenAsync(Database database, Connection connection, JoinedView view, CancellationToken cancel)
    {
        try
        {
            return await tables.OpenAsync(database, connection, new TableLocation(Layer.Features, null, view.Name).SqlName, cancel);
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Usage)
        {
            throw new UserError($"feature view `{view.Name}` is not materialised", error) { Hint = $"ml features materialize {view.Name}", ExitCode = ExitCode.Refused };
        }
    }

    private static void Make(Connection connection, SourceTable labels, string sql, CancellationToken cancel)
    {
        try
        {
            connection.Execute(sql, cancel);
        }
        catch (DuckDbException error)
        {
            throw TableReadErrors.Explain(error, labels);
        }
    }
}
