using System.Globalization;
using DataSpoc.Contracts;

namespace DataSpoc.Ml.Commands;

/// <summary>Reads a time as it is typed.</summary>
internal static class Duration
{
    /// <summary><c>90s</c>, <c>10m</c>, <c>1h</c>; a bare number is seconds.</summary>
    /// <exception cref="UserError">It is none, or not more than 0 (<see cref="ExitCode.Usage"/>).</exception>
    public static TimeSpan Parse(string option, string text)
    {
        var factor = text.Length > 0 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        var digits = factor == 0 ? text : text[..^1];
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0 && value * Math.Max(1, factor) < 1e6)
            return TimeSpan.FromSeconds(value * Math.Max(1, factor));
        throw new UserError($"`{option} {text}` is not a time") { Hint = "write 90s, 10m or 1h", ExitCode = ExitCode.Usage };
    }
}
