using DataSpoc.Contracts.DuckDb.Values;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>Numbers from their texts in SQL, exactly or not at all, where DuckDB's own casts round without a word. NULL stays NULL.</summary>
public static class ExactNumbers
{
    /// <summary>
    /// An expression that gives a text as a BIGINT: DuckDB's own cast makes 13 of 12.50. Blanks around it, a sign, and a point with nothing but zeros after it are allowed; an exponent is not.
    /// </summary>
    /// <param name="text">An expression of type VARCHAR.</param>
    /// <param name="refusal">What the query's error says before the text that was refused; empty: the text becomes NULL.</param>
    public static string Whole(string text, string refusal) => $"{TextFunctions.WholeNumber}({text}, {Sql.Literal(refusal)})";

    /// <summary>
    /// An expression that gives a text as a DOUBLE: DuckDB's own cast drops the digits that a double has no room for, and makes infinity of 1e400 and nothing of 1e-400. Exact is a text
    /// that comes back when the double is printed with as many digits: 0.1, 0.10000000000000001, 1e22. Blanks around it, a sign, and the words inf, infinity and nan are allowed.
    /// </summary>
    /// <param name="text">An expression of type VARCHAR.</param>
    /// <param name="refusal">As in <see cref="Whole"/>.</param>
    public static string Double(string text, string refusal) => $"{TextFunctions.ExactDouble}({text}, {Sql.Literal(refusal)})";
}
