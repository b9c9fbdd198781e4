using System.Globalization;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>An instant in a table's history: a version of its log, or a time, which is the newest version committed by then.</summary>
/// <param name="Version">From 0 on; null where <paramref name="Time"/> tells.</param>
/// <param name="Time">UTC; null where <paramref name="Version"/> tells.</param>
public sealed record AsOf(long? Version, DateTimeOffset? Time)
{
    /// <summary>Reads <c>12</c>, <c>2026-01-31</c> (its end) or <c>2026-01-31T12:00:00Z</c> (UTC where no zone is written).</summary>
    /// <exception cref="UserError">It is none of these (<see cref="ExitCode.Usage"/>).</exception>
    public static AsOf Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return new(version, null);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new(null, new DateTimeOffset(day.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero));
        if (text.Length > 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return new(null, time);
        throw new UserError($"`{text}` is neither a version nor a time") { Hint = "write a version of the table (12), a day (2026-01-31) or a time (2026-01-31T12:00:00Z)", ExitCode = ExitCode.Usage };
    }

    /// <inheritdoc/>
    public override string ToString() => Version?.ToString(CultureInfo.InvariantCulture) ?? Time!.Value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
