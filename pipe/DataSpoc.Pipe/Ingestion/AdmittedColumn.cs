using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Ingestion.Masking;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>What is done about a value that is not of its column's type.</summary>
internal enum Misfit
{
    /// <summary>There is none: every value fits.</summary>
    Impossible,

    /// <summary>It ends the stream.</summary>
    Refused,

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
            Misfit.Refused => $"CASE WHEN {Misfits(input)} THEN error({Sql.Literal(TypeRefusal.Of(SourceName, Type))} || CAST({input} AS VARCHAR)) ELSE CAST({input} AS {Type}) END",
            Misfit.Discarded => $"CASE WHEN {Misfits(input)} THEN NULL ELSE TRY_CAST({input} AS {Type}) END",
            _ => $"TRY_CAST({input} AS {Type})",
        };
    }

    /// <summary>The condition under which a record is rejected because of this column; null where it never is.</summary>
    public string? Rejection(string input) => IsUnwelcome ? $"{input} IS NOT NULL" : Misfit == Misfit.Rejected ? Misfits(input) : null;

    /// <summary>The value as it stands in a rejected record; null where it must not.</summary>
    public string? Told(string input) => Mask is { Kind: MaskKind.Drop } ? null : Mask?.Of(input) ?? input;

    private string Misfits(string input) => ExactCast.Fails(input, Incoming, Type);
}
