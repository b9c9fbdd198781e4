using System.Globalization;
using DataSpoc.Contracts;

namespace DataSpoc.Lens.Sql;

/// <summary>How long a query may take.</summary>
internal static class TimeLimit
{
    /// <summary>Reads <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>; a bare number is seconds.</summary>
    /// <exception cref="UserError">Not a duration above zero (<see cref="ExitCode.Usage"/>).</exception>
    public static TimeSpan Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz ");
        var unit = text[digits.Length..].Trim();
        double? factor = unit switch { "ms" => 1, "" or "s" => 1e3, "m" or "min" => 60e3, "h" => 3600e3, _ => null };
        if (factor is not null && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * factor is > 0 and < 1e9 and var milliseconds)
            return TimeSpan.FromMilliseconds(milliseconds);
        throw new UserError($"`{text}` is not a time") { Where = [("option", $"--timeout {text}")], Hint = "write 500ms, 30s, 5m or 2h", ExitCode = ExitCode.Usage };
    }

    /// <summary>What is said when it is over.</summary>
    public static UserError Exceeded(TimeSpan limit) => new($"the query took longer than {Written(limit)} and was ended")
    {
        Hint = "ask for less (a filter on `dt`, fewer columns), or give it more time with `--timeout`",
    };

    private static string Written(TimeSpan limit) => limit switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0.#} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalMinutes:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalHours:0.#} h"),
    };
}
