using System.Globalization;

namespace DataSpoc.Contracts.DuckDb.Parquet;

/// <summary>When a file that is being written has enough.</summary>
internal sealed class FileRoll(string localPath, ParquetWriteOptions options)
{
    /// <summary>The size of a file where nothing else is said: large enough for fast scans, small enough for a quick upload.</summary>
    internal const long DefaultBytes = 128L << 20;

    private long looked;

    /// <summary>Whether the file is complete after so many rows. Its size is looked at once per row group, because it grows by row groups.</summary>
    internal bool IsFull(long rows)
    {
        if (rows >= options.MaxRows)
            return true;
        if (options.MaxBytes is not { } bytes || rows - looked < options.RowGroupRows)
            return false;
        looked = rows;
        var groups = rows / options.RowGroupRows;
        var written = new FileInfo(localPath) is { Exists: true } file ? file.Length : 0;
        // Another row group would be nearer to the limit only if less than half of one is missing.
        return written + (written / groups / 2) >= bytes;
    }

    /// <summary>The number in a name that DuckDB gave: <c>data_12.parquet</c>.</summary>
    internal static long NumberOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return long.TryParse(name[(name.LastIndexOf('_') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
    }
}
