using System.Globalization;

namespace DataSpoc.Platform.Declaration;

/// <summary>The five fields of cron as Kubernetes takes them (crontab(5); names of months and weekdays, ranges, steps, lists).</summary>
internal static class Cron
{
    private static readonly (string Name, int Least, int Most, string[] Names)[] Fields =
    [
        ("minute", 0, 59, []), ("hour", 0, 23, []), ("day", 1, 31, []),
        ("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        ("weekday", 0, 6, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ];

    /// <summary>What is wrong with it, as it follows the text, or null.</summary>
    public static string? Wrong(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields.Length || text.Any(char.IsControl))
            return "is no time of cron: it has five fields";
        for (var i = 0; i < Fields.Length; i++)
            if (fields[i].Split(',').Any(part => !IsPart(part, i)))
                return $"has `{fields[i]}` as {Fields[i].Name}, which is from {Fields[i].Least} to {Fields[i].Most}";
        return null;
    }

    private static bool IsPart(string part, int field)
    {
        var (range, step) = part.Split('/') switch
        {
            [var whole] => (whole, "1"),
            [var some, var by] => (some, by),
            _ => ("", ""),
        };
        if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var steps) || steps < 1 || steps > Fields[field].Most + 1)
            return false;
        return range == "*" || range.Split('-') switch
        {
            [var one] => Number(one, field) is not null,
            [var from, var to] => Number(from, field) is { } least && Number(to, field) is { } most && least <= most,
            _ => false,
        };
    }

    private static int? Number(string text, int field)
    {
        var (_, least, most, names) = Fields[field];
        if (Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is var named and >= 0)
            return named + least;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
    }
}
