using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;

namespace DataSpoc.Ml.Serving.Views;

/// <summary>A column that names the entity of a view: how its values are written in tables and in JSON so that equal ones are equal texts.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">In DuckDB's SQL spelling.</param>
internal sealed record EntityColumn(string Name, string Type)
{
    /// <summary>What kind of values.</summary>
    public ColumnKind Kind { get; } = ColumnKinds.Of(Type);

    /// <summary>Whether such a column can be looked up by a value in JSON.</summary>
    public bool CanBeSent => Kind is not (ColumnKind.Duration or ColumnKind.Unusable);

    /// <summary>What is sent, in words.</summary>
    public string Expected => Kind switch
    {
        ColumnKind.Number => "a number",
        ColumnKind.Flag => "true or false",
        ColumnKind.Key => "a UUID",
        ColumnKind.Moment => "a time such as \"2026-01-31T12:00:00Z\"",
        _ => "a text",
    };

    /// <summary>SQL that gives the text; <see cref="Of(string)"/> is applied to it.</summary>
    public string Expression => Kind == ColumnKind.Moment ? $"CAST(epoch_us({Sql.Identifier(Name)}) AS VARCHAR)" : $"CAST({Sql.Identifier(Name)} AS VARCHAR)";

    /// <summary>The key of what <see cref="Expression"/> gave.</summary>
    public string Of(string text) => Kind == ColumnKind.Number ? Number(text) : text;

    /// <summary>The key of a JSON value; null where it is of another kind.</summary>
    public string? Of(JsonElement value) => Kind switch
    {
        ColumnKind.Number => value.ValueKind == JsonValueKind.Number ? Number(value.GetRawText()) : null,
        ColumnKind.Flag => value.ValueKind is JsonValueKind.True ? "true" : value.ValueKind is JsonValueKind.False ? "false" : null,
        ColumnKind.Moment => JsonRows.Microseconds(value)?.ToString(CultureInfo.InvariantCulture),
        _ when value.ValueKind != JsonValueKind.String => null,
        ColumnKind.Key => Guid.TryParse(value.GetString(), out var id) ? id.ToString("D") : null,
        _ => value.GetString(),
    };

    // 5, 5.0 and 5e0 are one number, as they are where tables are joined
    private static string Number(string text)
    {
        if (text.All(char.IsAsciiDigit))
            return text.TrimStart('0') is { Length: > 0 } digits ? digits : "0";
        // a decimal holds 28 digits
        if (text.Count(char.IsAsciiDigit) <= 28 && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (number != 0 || double.Parse(text, CultureInfo.InvariantCulture) == 0))
            return number == 0 ? "0" : number.ToString("0.############################", CultureInfo.InvariantCulture);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real.ToString("R", CultureInfo.InvariantCulture) : text;
    }
}
