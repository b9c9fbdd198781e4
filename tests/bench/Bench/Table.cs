using System.Globalization;

namespace DataSpoc.Tests.Bench;

/// <summary>The rows of the report.</summary>
internal sealed class Table
{
    private readonly List<(string What, string Measured, string Floor, string Ratio, string Target, bool Met)> _rows = [];

    public bool AllMet => _rows.TrueForAll(row => row.Met);

    /// <summary>A rate that is at least a share of the floor's.</summary>
    public void Share(string what, double seconds, double floor, double atLeast, string? rate = null) =>
        Add(what, $"{Seconds(seconds)}{(rate is null ? "" : $", {rate}")}", Seconds(floor), (floor / seconds).ToString("0.00", CultureInfo.InvariantCulture), $"≥ {atLeast.ToString("0.00", CultureInfo.InvariantCulture)}", floor / seconds >= atLeast);

    /// <summary>A time that is at most a multiple of the floor's, and so many milliseconds more.</summary>
    public void AtMost(string what, double seconds, double floor, double times, double plusMilliseconds) =>
        Add(what, Seconds(seconds), Seconds(floor), (seconds / floor).ToString("0.00", CultureInfo.InvariantCulture), $"≤ {times.ToString("0.00", CultureInfo.InvariantCulture)} × + {plusMilliseconds:0} ms", seconds <= (floor * times) + (plusMilliseconds / 1000));

    /// <summary>A time below a limit.</summary>
    public void Below(string what, double seconds, double limit) => Add(what, Seconds(seconds), "", "", $"< {Seconds(limit)}", seconds < limit);

    /// <summary>A size at most a limit.</summary>
    public void Memory(string what, long bytes, long limit) => Add(what, Megabytes(bytes), "", "", $"≤ {Megabytes(limit)}", bytes <= limit);

    /// <summary>A number at most a limit.</summary>
    public void Count(string what, int count, int limit) => Add(what, count.ToString(CultureInfo.InvariantCulture), "", "", $"≤ {limit.ToString(CultureInfo.InvariantCulture)}", count <= limit);

    /// <summary>What has to be the same as something else.</summary>
    public void Equal(string what, string found, string expected) => Add(what, found == expected ? "equal" : found, "", "", found == expected ? "equal" : $"= {expected}", found == expected);

    public void Print(TextWriter output)
    {
        output.WriteLine("| what | measured | floor | ratio | target | |");
        output.WriteLine("|---|---:|---:|---:|---:|---|");
        foreach (var row in _rows)
            output.WriteLine($"| {row.What} | {row.Measured} | {row.Floor} | {row.Ratio} | {row.Target} | {(row.Met ? "met" : "MISSED")} |");
    }

    private static string Seconds(double seconds) => seconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms") : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    private void Add(string what, string measured, string floor, string ratio, string target, bool met)
    {
        _rows.Add((what, measured, floor, ratio, target, met));
        Console.Error.WriteLine($"{what}: {measured}{(floor.Length == 0 ? "" : $", floor {floor}, ratio {ratio}")} (target {target})");
    }
}
