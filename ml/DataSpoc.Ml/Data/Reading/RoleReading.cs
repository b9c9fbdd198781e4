using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>Reads the columns that order, group or weigh the rows.</summary>
internal sealed class RoleReading
{
    private readonly RowRoles _roles;
    private readonly List<double> _times = [];
    private readonly List<ulong> _groups = [];
    private readonly List<float> _weights = [];

    /// <summary>For a table's roles.</summary>
    /// <exception cref="UserError">A column is not there, or of a type that cannot play its role (<see cref="ExitCode.Usage"/>).</exception>
    public RoleReading(RowRoles roles, SourceTable table)
    {
        _roles = roles;
        var expressions = new List<string>();
        if (roles.Time is { } time)
            expressions.Add(Number(table, time, "time column", ColumnKind.Moment, ColumnKind.Number));
        if (roles.Group is { } group)
            expressions.Add($"CAST({Sql.Identifier(table.Require(group, "group column").Name)} AS VARCHAR)");
        if (roles.Weight is { } weight)
            expressions.Add(Number(table, weight, "weight column", ColumnKind.Number));
        Expressions = expressions;
    }

    /// <summary>SQL, in the order of <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Expressions { get; }

    /// <summary>One per row; null where no column weighs them.</summary>
    public float[]? Weights => _roles.Weight is null ? null : [.. _weights];

    /// <summary>What a split must respect.</summary>
    public SplitKeys? Keys => _roles.Time is null && _roles.Group is null ? null : new(_roles.Group is null ? null : [.. _groups], _roles.Time is null ? null : [.. _times]);

    /// <summary>Reads a chunk.</summary>
    /// <exception cref="UserError">A value is missing or impossible.</exception>
    public void Read(DataChunk chunk, int firstColumn)
    {
        var column = firstColumn;
        if (_roles.Time is { } time)
            _times.AddRange(Numbers(chunk.Reader(column++), time, static value => double.IsFinite(value), "a row has no time in"));
        if (_roles.Group is not null)
        {
            var reader = chunk.Reader(column++);
            for (var row = 0; row < reader.Count; row++)
                _groups.Add(reader.IsNull(row) ? 0 : RowHash.OfBytes(reader.String(row)));
        }
        if (_roles.Weight is { } weight)
            foreach (var value in Numbers(chunk.Reader(column), weight, static value => value >= 0 && value < 1e30, "a row has no weight of 0 or more in"))
                _weights.Add((float)value);
    }

    private static List<double> Numbers(VectorReader reader, string column, Func<double, bool> valid, string otherwise)
    {
        var numbers = new List<double>(reader.Count);
        var values = reader.Values<double>();
        for (var row = 0; row < reader.Count; row++)
        {
            if (reader.IsNull(row) || !valid(values[row]))
                throw new UserError($"{otherwise} `{column}`") { Hint = "leave such rows out in a transform, or fill them" };
            numbers.Add(values[row]);
        }
        return numbers;
    }

    private static string Number(SourceTable table, string name, string role, params ColumnKind[] allowed)
    {
        var column = table.Require(name, role);
        var kind = ColumnKinds.Of(column.Type.ToString());
        return allowed.Contains(kind) ? $"CAST({ColumnExpressions.Of(name, kind)} AS DOUBLE)" : throw new UserError($"{role} `{name}` is of type {column.Type}")
        {
            Hint = $"it must be {string.Join(" or ", allowed.Select(k => k == ColumnKind.Moment ? "a date or a timestamp" : "a number"))}",
            ExitCode = ExitCode.Usage,
        };
    }
}
