using System.Globalization;

namespace DataSpoc.Contracts.Delta;

/// <summary>How long a table keeps files that were replaced, for time travel: Delta's table property <c>delta.deletedFileRetentionDuration</c>, so that vacuums of other writers keep them too.</summary>
public static class TableHistory
{
    /// <summary>The table property.</summary>
    public const string Property = "delta.deletedFileRetentionDuration";

    /// <summary>What a table's properties say; null where they say nothing that can be read.</summary>
    public static TimeSpan? Of(Metadata metadata) =>
        metadata.Configuration.TryGetValue(Property, out var text) && text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["interval", var count, var unit]
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1_000_000_000
            ? unit.TrimEnd('s') switch
            {
                "second" => TimeSpan.FromSeconds(number),
                "minute" => TimeSpan.FromMinutes(number),
                "hour" => TimeSpan.FromHours(number),
                "day" when number < 1_000_000 => TimeSpan.FromDays(number),
                "week" when number < 100_000 => TimeSpan.FromDays(7 * number),
                _ => null,
            }
            : null;

    /// <summary>The property's value: <c>interval 7 days</c>.</summary>
    public static string Text(TimeSpan history) => history.Ticks % TimeSpan.TicksPerDay == 0 ? FormattableString.Invariant($"interval {history.Days} days") : FormattableString.Invariant($"interval {(long)history.TotalSeconds} seconds");
}
