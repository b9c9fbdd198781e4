using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Features;

/// <summary>A view and its table.</summary>
/// <param name="View">How it is joined.</param>
/// <param name="Table">Its rows: unique by entity and moment.</param>
internal sealed record ViewTable(JoinedView View, SourceTable Table)
{
    /// <summary>Its features by their names in the table.</summary>
    public IEnumerable<ResultColumn> Features => Table.Columns.Where(c => !View.Entity.Contains(c.Name) && c.Name != View.Timestamp && c.Name != DataFileName.PartitionColumn);
}

/// <summary>
/// Gives each label the newest row of its entity that was known at its moment, and none that is older than the view's ttl. The labels stay
/// as they are, all of them and in their order.
/// </summary>
internal static class PointInTimeJoin
{
    private const string Position = "label position";
    private const string Moment = "label moment";
    private const string Known = "known at";

    /// <summary>Checks that labels and views fit together.</summary>
    /// <exception cref="UserError">A column is missing or of another kind, or two have one name (<see cref="ExitCode.Usage"/>).</exception>
    public static void Require(SourceTable labels, string time, IReadOnlyList<ViewTable> views)
    {
        if (ColumnKinds.Of(labels.Require(time, "time column").Type.ToString()) != ColumnKind.Moment)
            throw Wrong($"time column `{time}` of `{labels.Name}` is {labels.Require(time, "time column").Type}, not a date or a timestamp", null);
        foreach (var (view, table) in views)
        {
            foreach (var entity in view.Entity)
            {
                var (ours, theirs) = (labels.Require(entity, $"entity of view `{view.Name}`").Type.ToString(), table.Require(entity, "entity").Type.ToString());
                if (ColumnKinds.Of(ours) != ColumnKinds.Of(theirs))
                    throw Wrong($"entity `{entity}` is {ours} in `{labels.Name}` and {theirs} in view `{view.Name}`", "cast one of them in a transform or in the view's SQL");
            }
            table.Require(view.Timestamp, "timestamp");
        }
        if (labels.Columns.Select(c => c.Name).Concat(views.SelectMany(v => v.Features.Select(f => v.View.Column(f.Name)))).GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Wrong($"there would be two columns `{twice.Key}`", "rename it in the labels, or name each view once");
    }

    /// <summary>The SELECT: the labels' columns, then <c>view__feature</c>, in the order of the labels.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="time">Their moment.</param>
    /// <param name="views">At least one.</param>
    public static string Select(SourceTable labels, string time, IReadOnlyList<ViewTable> views)
    {
        var columns = labels.Columns.Select(c => $"l.{Sql.Identifier(c.Name)}").Concat(views.SelectMany((view, i) => view.Features.Select(f => Feature(view, i, f.Name))));
        return $"SELECT {string.Join(", ", columns)} FROM {From(labels, time, views)} ORDER BY l.{Sql.Identifier(Position)}";
    }

    /// <summary>One row: how many labels there are, how many have no moment, and per view how many have a row and how many one that is too old.</summary>
    public static string Counts(SourceTable labels, string time, IReadOnlyList<ViewTable> views)
    {
        var counts = views.SelectMany((view, i) => new[] { $"count({Row(i)}.{Sql.Identifier(Known)})", $"count(*) FILTER (WHERE NOT ({Fresh(view, i)}))" });
        return $"SELECT count(*), count(*) FILTER (WHERE l.{Sql.Identifier(Moment)} IS NULL), {string.Join(", ", counts)} FROM {From(labels, time, views)}";
    }

    private static string From(SourceTable labels, string time, IReadOnlyList<ViewTable> views)
    {
        var from = $"(SELECT *, row_number() OVER () AS {Sql.Identifier(Position)}, {Moments.Micros(time)} AS {Sql.Identifier(Moment)} FROM {labels.From}) l";
        foreach (var (i, (view, table)) in views.Index())
        {
            var on = view.Entity.Select(e => $"l.{Sql.Identifier(e)} = {Row(i)}.{Sql.Identifier(e)}").Append($"l.{Sql.Identifier(Moment)} >= {Row(i)}.{Sql.Identifier(Known)}");
            from += $" ASOF LEFT JOIN (SELECT *, {Moments.Micros(view.Timestamp)} AS {Sql.Identifier(Known)} FROM {table.From}) {Row(i)} ON {string.Join(" AND ", on)}";
        }
        return from;
    }

    private static string Feature(ViewTable view, int i, string name)
    {
        var value = $"{Row(i)}.{Sql.Identifier(name)}";
        return $"{(view.View.TtlSeconds is null ? value : $"CASE WHEN {Fresh(view, i)} THEN {value} END")} AS {Sql.Identifier(view.View.Column(name))}";
    }

    private static string Fresh(ViewTable view, int i) => view.View.TtlSeconds is { } ttl
        ? string.Create(CultureInfo.InvariantCulture, $"l.{Sql.Identifier(Moment)} - {Row(i)}.{Sql.Identifier(Known)} <= {(long)Math.Round(ttl * 1e6)}")
        : "true";

    private static string Row(int i) => string.Create(CultureInfo.InvariantCulture, $"v{i}");

    private static UserError Wrong(string what, string? hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
