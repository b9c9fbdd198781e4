using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>What a file holds.</summary>
internal enum FileFormat
{
    Csv,
    Json,
    Parquet,
}

/// <summary>What a file's name says of its content: <c>orders.csv.gz</c> is CSV, compressed with gzip.</summary>
/// <param name="Format">Its format; TSV is CSV with a tab between fields, NDJSON is JSON.</param>
/// <param name="Delimiter">What separates fields where the name tells.</param>
/// <param name="Compression">DuckDB's name: <c>gzip</c>, <c>zstd</c>, <c>uncompressed</c> (read_json does not know <c>none</c>).</param>
internal sealed record FileKind(FileFormat Format, string? Delimiter, string Compression)
{
    private static readonly string[] Known = [".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".parquet"];

    /// <exception cref="UserError">The ending is not known.</exception>
    public static FileKind Of(string path)
    {
        var name = path.ToLowerInvariant();
        var compression = name.EndsWith(".gz", StringComparison.Ordinal) ? "gzip" : name.EndsWith(".zst", StringComparison.Ordinal) ? "zstd" : "uncompressed";
        if (compression != "uncompressed")
            name = name[..name.LastIndexOf('.')];
        var kind = Path.GetExtension(name) switch
        {
            ".csv" => new FileKind(FileFormat.Csv, null, compression),
            ".tsv" => new FileKind(FileFormat.Csv, "\t", compression),
            ".json" or ".ndjson" or ".jsonl" => new FileKind(FileFormat.Json, null, compression),
            ".parquet" when compression == "uncompressed" => new FileKind(FileFormat.Parquet, null, compression),
            _ => null,
        };
        return kind ?? throw new UserError($"`{Path.GetFileName(path)}` has an ending that is not known")
        {
            Where = [("file", path)],
            Hint = $"known are {string.Join(" ", Known)}, and with .gz or .zst all but .parquet",
            ExitCode = ExitCode.Usage,
        };
    }

    /// <summary>The file's name without its endings: <c>orders</c>.</summary>
    public static string StemOf(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var ending in (string[])[".gz", ".zst", .. Known])
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                name = name[..^ending.Length];
        return name;
    }
}
