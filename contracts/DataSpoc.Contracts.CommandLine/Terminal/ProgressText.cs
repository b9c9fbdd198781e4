namespace DataSpoc.Contracts.CommandLine.Terminal;

/// <summary>The words of progress: <c>orders  1 240 000 rows · 118 MB · 539 000 rows/s · 2.3 s</c>.</summary>
internal static class ProgressText
{
    private const int BarCells = 20;

    public static string Live(ProgressLine line, TimeSpan elapsed)
    {
        var parts = Counts(line, elapsed);
        parts.Add(Quantity.Duration(elapsed));
        return $"{line.What}  {Bar(line)}{string.Join(" · ", parts)}";
    }

    public static string Final(ProgressLine line, TimeSpan elapsed)
    {
        var parts = Counts(line, elapsed);
        parts.Add(Quantity.Duration(elapsed));
        return $"{line.What}: {string.Join(" · ", parts)}";
    }

    private static List<string> Counts(ProgressLine line, TimeSpan elapsed)
    {
        var parts = new List<string>();
        if (line.Amount > 0 || line.Bytes == 0)
            parts.Add(Quantity.Count(line.Amount, line.Unit.TrimEnd('s'), line.Unit));
        if (line.Bytes > 0)
            parts.Add(Quantity.Bytes(line.Bytes));
        if (elapsed.TotalSeconds >= 0.5 && line.Amount > 0)
            parts.Add(Quantity.Rate(line.Amount, elapsed, line.Unit));
        return parts;
    }

    private static string Bar(ProgressLine line)
    {
        if (line.Total is not > 0)
            return "";
        var share = Math.Clamp((double)(line.TotalIsBytes ? line.Bytes : line.Amount) / line.Total.Value, 0, 1);
        var full = (int)Math.Round(share * BarCells);
        return FormattableString.Invariant($"{new string('█', full)}{new string('░', BarCells - full)} {Math.Floor(share * 100):0}% · ");
    }
}
