using System.Text;

namespace DataSpoc.Ml.Data.Preparation;

/// <summary>
/// Makes features' names from columns' names: any column name is allowed in a table, but XGBoost's Python package refuses
/// <c>[ ] &lt;</c> and its text dumps break at blanks. The column's own name stays in the preparation.
/// </summary>
internal sealed class FeatureNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>A name that was not given before.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="part">What is taken from it, or null for the whole.</param>
    public string Make(string column, string? part = null)
    {
        var name = new StringBuilder();
        foreach (var rune in column.EnumerateRunes())
            name.Append(Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || rune.Value is '[' or ']' or '<' or '>' ? "_" : rune.ToString());
        if (part is not null)
            name.Append('.').Append(part);
        var wanted = name.Length == 0 ? "_" : name.ToString();
        var made = wanted;
        for (var n = 2; !_taken.Add(made); n++)
            made = $"{wanted}~{n}";
        return made;
    }
}
