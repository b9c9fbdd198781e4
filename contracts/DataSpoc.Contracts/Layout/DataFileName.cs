using System.Globalization;

namespace DataSpoc.Contracts.Layout;

/// <summary>How data files and the folders of days are called (CONTRACT section 1).</summary>
public static class DataFileName
{
    /// <summary>The partition column of the contract.</summary>
    public const string PartitionColumn = "dt";

    /// <summary>The path of a new data file relative to its table's folder: <c>dt=2026-01-31/orders_&lt;run id&gt;_0001.parquet</c>.</summary>
    /// <param name="table">The table.</param>
    /// <param name="runId">The run that writes it.</param>
    /// <param name="number">The file's number within the run and table, from 0 or 1 on; never used twice.</param>
    /// <param name="partition">Its day, or null where the table is not partitioned.</param>
    public static string New(TableLocation table, string runId, int number, DateOnly? partition = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (!RunId.IsValid(runId))
            throw new ArgumentException($"`{runId}` is not a run id", nameof(runId));
        var file = string.Create(CultureInfo.InvariantCulture, $"{table.Table}_{runId}_{number:0000}.parquet");
        return partition is { } day ? PartitionFolder(day) + "/" + file : file;
    }

    /// <summary>A day as partition value: <c>2026-01-31</c>.</summary>
    public static string PartitionValue(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The folder of a day relative to its table's folder: <c>dt=2026-01-31</c>.</summary>
    public static string PartitionFolder(DateOnly day) => PartitionColumn + "=" + PartitionValue(day);

    /// <summary>The day of a relative path that lies in a <c>dt=</c> folder, or null.</summary>
    public static DateOnly? PartitionOf(string relativePath)
    {
        foreach (var segment in relativePath.Split('/')[..^1])
            if (segment.StartsWith("dt=", StringComparison.Ordinal)
                && DateOnly.TryParseExact(segment.AsSpan(3), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
        return null;
    }

    /// <summary>The run that wrote a file of the contract's naming, or null where the name is another's.</summary>
    public static string? RunOf(string relativePath)
    {
        var file = relativePath[(relativePath.LastIndexOf('/') + 1)..];
        if (!file.EndsWith(".parquet", StringComparison.Ordinal))
            return null;
        var parts = file[..^".parquet".Length].Split('_');
        return parts.Length >= 3 && parts[^1].Length >= 4 && parts[^1].All(char.IsAsciiDigit) && RunId.IsValid(parts[^2]) ? parts[^2] : null;
    }
}
