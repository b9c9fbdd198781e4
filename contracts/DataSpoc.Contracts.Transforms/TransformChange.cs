using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Transforms;

/// <summary>What a run does to its table, as SQL. Afterwards the table holds <see cref="Staying"/> and the incoming rows.</summary>
/// <param name="Mode">How it is committed.</param>
/// <param name="Written">A SELECT of the rows that are written: the incoming ones and, in a merge, those that stay in the days it touches.</param>
/// <param name="ByDay">Whether the rows that are written have a column <c>dt</c>.</param>
internal sealed record TransformChange(ChangeMode Mode, string Written, bool ByDay)
{
    private const string New = "\"_incoming\"";

    /// <summary>The new rows, as they follow FROM, where they are computed already; null where they are what is written.</summary>
    public string? Incoming { get; private init; }

    /// <summary>The rows of the table that stay, as they follow FROM; null where none do.</summary>
    public string? Staying { get; private init; }

    /// <summary>Days that are replaced.</summary>
    public IReadOnlyList<string> Days { get; private init; } = [];

    /// <summary>Plans it; the inputs and the table before are mounted. In a merge the new rows are computed and kept in the connection.</summary>
    /// <param name="connection">Where the views are.</param>
    /// <param name="select">The rows.</param>
    /// <param name="scope">How much is read.</param>
    /// <param name="today">Where rows without a day are filed, in a table that is kept by day.</param>
    /// <param name="cancel">Stops it.</param>
    public static TransformChange Of(Connection connection, TransformSelect select, TransformScope scope, DateOnly today, CancellationToken cancel) => (scope, select.Transform.Mode) switch
    {
        (TransformScope.Everything, _) => new(ChangeMode.Overwrite, select.Rows(), select.HasDay),
        (TransformScope.Days days, _) => new(ChangeMode.OverwritePartitions, select.Rows(), true)
        {
            Days = [.. days.Values.Order(StringComparer.Ordinal)],
            Staying = $"(SELECT * FROM {TransformInputs.Previous} WHERE NOT {InDays(days.Values)})",
        },
        (_, TransformMode.Merge) => Merged(connection, select, today, cancel),
        _ => new(ChangeMode.Append, select.Rows(), select.HasDay) { Staying = TransformInputs.Previous },
    };

    private static TransformChange Merged(Connection connection, TransformSelect select, DateOnly today, CancellationToken cancel)
    {
        DateOnly? day = select.IsByDay ? today : null;
        var same = string.Join(" AND ", select.Transform.Key.Select(key => $"n.{Sql.Identifier(key)} = p.{Sql.Identifier(key)}"));
        var newer = select.Transform.Deduplicate is { } moment ? $"SELECT * FROM ({select.Rows(day)}) AS n WHERE NOT EXISTS (SELECT 1 FROM {TransformInputs.Previous} AS p WHERE {same} AND p.{Sql.Identifier(moment)} > n.{Sql.Identifier(moment)})" : select.Rows(day);
        connection.Execute($"CREATE OR REPLACE TEMP TABLE {New} AS {newer}", cancel);
        var replaced = Values(connection, $"SELECT DISTINCT {(select.IsByDay ? "CAST(dt AS VARCHAR)" : "''")} FROM {TransformInputs.Previous} AS p WHERE EXISTS (SELECT 1 FROM {New} AS n WHERE {same})", cancel);
        var staying = $"SELECT * FROM {TransformInputs.Previous} AS p WHERE NOT EXISTS (SELECT 1 FROM {New} AS n WHERE {same})";
        if (replaced.Count == 0)
            return new(ChangeMode.Append, $"SELECT * FROM {New}", select.IsByDay) { Staying = TransformInputs.Previous, Incoming = New };
        if (!select.IsByDay)
            return new(ChangeMode.Overwrite, $"SELECT * FROM {New} UNION ALL BY NAME ({staying})", false) { Staying = $"({staying})", Incoming = New };
        var days = replaced.Union(Values(connection, $"SELECT DISTINCT CAST(dt AS VARCHAR) FROM {New}", cancel)).Order(StringComparer.Ordinal).ToArray();
        return new(ChangeMode.OverwritePartitions, $"SELECT * FROM {New} UNION ALL BY NAME ({staying} AND {InDays(days)})", true) { Days = days, Staying = $"({staying})", Incoming = New };
    }

    private static string InDays(IEnumerable<string> days) => $"CAST({DataFileName.PartitionColumn} AS VARCHAR) IN ({string.Join(", ", days.Select(Sql.Literal).DefaultIfEmpty("NULL"))})";

    private static HashSet<string> Values(Connection connection, string sql, CancellationToken cancel)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        using var answer = connection.Query(sql, cancel);
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                if (answer.GetText(0, row) is { } value)
                    values.Add(value);
        return values;
    }
}
