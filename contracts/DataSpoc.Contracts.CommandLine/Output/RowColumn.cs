namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>A column of a result.</summary>
/// <param name="Name">As shown; names that occur twice become <c>a</c>, <c>a_1</c>, … in JSON.</param>
/// <param name="Kind">What its cells hold.</param>
public sealed record RowColumn(string Name, RowColumnKind Kind = RowColumnKind.Text);

/// <summary>What the cells of a column hold; decides alignment.</summary>
public enum RowColumnKind
{
    /// <summary>Text, left-aligned.</summary>
    Text,

    /// <summary>Any number, right-aligned.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A date, a time, an interval.</summary>
    Temporal,

    /// <summary>A list or structure, as JSON.</summary>
    Nested,
}
