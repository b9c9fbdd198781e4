using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>The SQL that finds a table's new rows.</summary>
internal sealed class CursorQuery(PostgresStream stream, string timeZone)
{
    private readonly CursorSettings _cursor = stream.Cursor!;
    private readonly string _column = Sql.Identifier(stream.Cursor!.Column);

    private bool IsTime => stream.CursorType is "date" or "timestamp" or "timestamptz";

    /// <summary>The greatest value whose rows are read now, as text.</summary>
    public string Until() => $"SELECT pg_catalog.max({_column})::text FROM {stream.Table.Sql}{(_cursor is { Lag: { } lag, Overlap: false } ? $" WHERE {_column} <= {Horizon(lag)}" : "")}";

    /// <summary>Whether there are rows without a value.</summary>
    public string HasNulls() => $"SELECT EXISTS (SELECT 1 FROM {stream.Table.Sql} WHERE {_column} IS NULL)";

    /// <summary>The rows of the first run: all up to <paramref name="until"/>, and those without a value.</summary>
    public string First(string? until) => until is null ? $"{_column} IS NULL" : $"{_column} <= {Sql.Literal(until)} OR {_column} IS NULL";

    /// <summary>The rows after <paramref name="value"/>, and, where rows meet by key, those that may have come later but lie before it.</summary>
    public string After(string value, string until)
    {
        var upper = $"{_column} <= {Sql.Literal(until)}";
        if (!_cursor.Overlap)
            return $"{_column} > {Sql.Literal(value)} AND {upper}";
        var lower = _cursor.Lag is { } lag ? $"{Sql.Literal(value)}::{stream.CursorType} - {Amount(lag)}" : Sql.Literal(value);
        return $"({_column} >= {lower} AND {upper}) OR {_column} IS NULL";
    }

    private string Horizon(string lag) => stream.CursorType switch
    {
        "timestamptz" => $"pg_catalog.now() - {Amount(lag)}",
        "timestamp" or "date" => $"(pg_catalog.now() AT TIME ZONE {Sql.Literal(timeZone)}) - {Amount(lag)}",
        _ => $"(SELECT pg_catalog.max({_column}) FROM {stream.Table.Sql}) - {Amount(lag)}",
    };

    private string Amount(string lag)
    {
        if (IsTime && Duration(lag) is { } seconds)
            return string.Create(CultureInfo.InvariantCulture, $"'{seconds} seconds'::pg_catalog.interval");
        if (!IsTime && decimal.TryParse(lag, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && stream.CursorType is "int2" or "int4" or "int8" or "numeric")
            return number.ToString(CultureInfo.InvariantCulture);
        throw new UserError($"`{lag}` is no lag for `{stream.Name}`, whose cursor `{_cursor.Column}` is {stream.CursorType}")
        {
            Where = [("stream", stream.Name)],
            Hint = IsTime ? "write 30s, 10m, 2h or 1d" : "write a number, as far as the cursor's values may come late",
            ExitCode = ExitCode.Usage,
        };
    }

    private static decimal? Duration(string lag)
    {
        var unit = lag.Length == 0 ? 0 : lag[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        return unit != 0 && decimal.TryParse(lag.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 1_000_000 ? value * unit : null;
    }
}
