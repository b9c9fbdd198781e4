using System.Globalization;
using DataSpoc.Contracts;

namespace DataSpoc.Ml.Data;

/// <summary>What a table of floats may hold in memory, and where the rest lies.</summary>
/// <param name="InMemory">Bytes.</param>
/// <param name="Folder">For files without a name.</param>
internal sealed record FloatTableLimits(long InMemory, string Folder)
{
    /// <summary>The share of the memory this process may use.</summary>
    private const double Share = 0.125;

    /// <summary>Bytes per feature and row that trees hold: a byte per bin of training and fold, and twelve in the validation rows, a seventh of all where there are very many.</summary>
    private const double PerValue = 3;

    /// <summary>Bytes per row: labels, splits, gradients, answers.</summary>
    private const double PerRow = 100;

    /// <summary>An eighth of what this process may use, as the machine or its container limits it; the files lie in the system's folder for such (<c>TMPDIR</c>).</summary>
    public static FloatTableLimits OfMachine() => new((long)(Available * Share), Path.GetTempPath());

    private static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Makes sure that a table can be learned from here, before it is read.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="rows">Rows that are learned from or held out.</param>
    /// <param name="features">Of each.</param>
    /// <param name="sample">The share of the table's rows that these are; null: all.</param>
    /// <exception cref="UserError">Memory or disk are too small for it.</exception>
    public void Require(string table, long rows, int features, double? sample) => Require(table, rows, features, sample, Available, Free(Folder));

    /// <summary>The same for a machine with so much memory and disk, in bytes.</summary>
    public void Require(string table, long rows, int features, double? sample, long memory, long disk)
    {
        var values = (double)rows * features;
        var needed = PerValue * values + PerRow * rows + Math.Min(InMemory, values * sizeof(float));
        var mapped = values * sizeof(float) - InMemory;
        if (rows > int.MaxValue)
            throw TooLarge(table, rows, features, $"more than {int.MaxValue} rows are not learned from at once", (sample ?? 1) * int.MaxValue / rows);
        if (needed > memory)
            throw TooLarge(table, rows, features, $"that takes about {Size(needed)} of memory, and {Size(memory)} may be used here", (sample ?? 1) * memory / needed);
        if (mapped > disk)
            throw TooLarge(table, rows, features, $"that takes {Size(mapped)} in {Folder}, which has {Size(disk)} left; another folder is named by TMPDIR", (sample ?? 1) * (disk + InMemory) / (values * sizeof(float)));
    }

    private static UserError TooLarge(string table, long rows, int features, string why, double share) =>
        new(string.Create(CultureInfo.InvariantCulture, $"`{table}` is too large to learn from at once: {rows} rows of {features} features"))
        {
            Where = [("needed", why)],
            Hint = string.Create(CultureInfo.InvariantCulture, $"learn from a part of the rows: --sample {Math.Max(0.0001, Math.Floor(share * 9000) / 10000)}; or leave columns out: --exclude"),
        };

    private static string Size(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB");

    private static long Free(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        return new DriveInfo(existing).AvailableFreeSpace;
    }
}
