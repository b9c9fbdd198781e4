using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Ingestion.Masking;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>What is done about a value that is not of its column's type.</summary>
internal enum Misfit
{
    /// <summary>There is none: every value fits, or one that does not ends the stream.</summary>
    Impossible,

    /// <summary>It becomes NULL.</summary>
    Discarded,

    /// <summary>Its record is rejected.</summary>
    Rejected,
}

/// <summary>A column of a source on its way into a table.</summary>
/// <param name="SourceName">As the source calls it.</param>
/// <param name="Incoming">As it comes.</param>
/// <param name="Name">As the table calls it; null: it is not stored.</param>
/// <param name="Type">As it is stored.</param>
internal sealed record AdmittedColumn(string SourceName, LogicalType Incoming, string? Name, LogicalType Type)
{
    public Mask? Mask { get; init; }

    public Misfit Misfit { get; init; }

    /// <summary>Whether the column is not welcome: a record that has a value there is rejected.</summary>
    public bool IsUnwelcome { get; init; }

    /// <summary>Whether records can be rejected because of it.</summary>
    public bool Rejects => IsUnwelcome || Misfit == Misfit.Rejected;

    /// <summary>Why they are.</summary>
    public string Reason => IsUnwelcome ? $"`{SourceName}` is not a column of the table" : $"`{SourceName}` is not {Type}";

    /// <summary>The value as it is stored.</summary>
    /// <param name="input">The value as it comes, in SQL.</param>
    public string Value(string input)
    {
        if (Mask is { } mask)
            return mask.Of(input);
        return Misfit switch
        {
            Misfit.Impossible => Incoming.Equals(Type) ? input : $"CAST({input} AS {Type})",
            Misfit.Discarded => $"CASE WHEN {Misfits(input)} THEN NULL ELSE TRY_CAST({input} AS {Type}) END",
            _ => $"TRY_CAST({input} AS {Type})",
        };
    }

    /// <summary>The condition under which a record is rejected because of this column; null where it never is.</summary>
    public string? Rejection(string input) => IsUnwelcome ? $"{input} IS NOT NULL" : Misfit == Misfit.Rejected ? Misfits(input) : null;

    /// <summary>The value as it stands in a rejected record; null where it must not.</summary>
    public string? Told(string input) => Mask is { Kind: MaskKind.Drop } ? null : Mask?.Of(input) ?? input;

    // a cast that rounds is none: the text 12.5 is not 13, and 12.5 is not either
    private string Misfits(string input) => $"({input} IS NOT NULL AND (TRY_CAST({input} AS {Type}) IS NULL{Loses(input)}))";

    private string Loses(string input)
    {
        if (Incoming.IsNested || Type.IsNested || Type.Kind == LogicalKind.Varchar)
            return "";
        if (Incoming.Kind != LogicalKind.Varchar)
            return $" OR TRY_CAST(TRY_CAST({input} AS {Type}) AS {Incoming}) IS DISTINCT FROM {input}";
        var text = $"CAST({input} AS VARCHAR)";
        return IsExact(Type) ? System.FormattableString.Invariant($" OR length(rtrim(split_part({text}, '.', 2), '0 ')) > {Type.Scale} OR contains(lower({text}), 'e')") : "";
    }

    private static bool IsExact(LogicalType type) => type.Kind is LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt or LogicalKind.Decimal;
}
