namespace DataSpoc.Contracts.DuckDb.Guarding;

/// <summary>What a part of a SQL text is.</summary>
internal enum SqlTokenKind
{
    /// <summary>A name or keyword without quotes.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A text: in single quotes, with a prefix, or between dollar tags.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One character of anything else.</summary>
    Symbol,
}

/// <summary>A part of a SQL text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">The first character.</param>
/// <param name="End">After the last character.</param>
/// <param name="Value">Names and texts without their quotes; otherwise as written.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End, string Value)
{
    internal bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    internal bool Is(char symbol) => Kind == SqlTokenKind.Symbol && Value[0] == symbol;

    internal bool Is(string keyword) => Kind == SqlTokenKind.Word && Value.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
