using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>What type the texts of a column's numbers need so that no digit is lost.</summary>
internal static class NumberTexts
{
    private const int MostDigits = 38;

    /// <summary>An aggregate over a column of texts, for <see cref="TypeOf"/>: whether all are doubles, whether all are plain decimals, and the digits before and behind the point.</summary>
    public static string Of(string text)
    {
        // a decimal has no zero below zero, and no exponent
        var plain = $"regexp_full_match({text}, '[0-9]+(\\.[0-9]+)?|-[0-9.]*[1-9][0-9.]*') AND regexp_full_match({text}, '-?[0-9]+(\\.[0-9]+)?')";
        return $"concat_ws(' ', coalesce(bool_and({ExactNumbers.Double(text, "")} IS NOT NULL) FILTER ({text} IS NOT NULL), true), coalesce(bool_and({plain}), true), "
            + $"coalesce(max(length(ltrim(split_part({text}, '.', 1), '-0'))), 0), coalesce(max(length(rtrim(split_part({text}, '.', 2), '0'))), 0))";
    }

    /// <summary>The type that <see cref="Of"/> found, or null where DOUBLE holds every number.</summary>
    public static LogicalType? TypeOf(string? found)
    {
        if (found?.Split(' ') is not [var doubles, var plain, var whole, var scale] || doubles == "true")
            return null;
        var digits = int.Parse(whole, CultureInfo.InvariantCulture) + int.Parse(scale, CultureInfo.InvariantCulture);
        return plain == "true" && digits <= MostDigits ? LogicalType.Decimal(MostDigits, int.Parse(scale, CultureInfo.InvariantCulture)) : LogicalType.Varchar;
    }
}
