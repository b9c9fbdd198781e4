using System.IO.Compression;
using System.Text;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>The first line of a CSV file, from which its delimiter and the number of its fields are known.</summary>
internal static class CsvFirstLine
{
    // as much as DuckDB takes for one line
    private const int MostCharacters = 2_000_000;

    /// <summary>The line without its end, or null where the file is empty; comments are not it, and of a very long line only the beginning.</summary>
    /// <param name="connection">Reads what is compressed with zstd, and what cannot be opened here.</param>
    /// <param name="path">A local file.</param>
    /// <param name="compression">As DuckDB calls it.</param>
    /// <param name="reading">Which encoding it has, and what begins a comment.</param>
    /// <exception cref="DuckDbException">It cannot be read.</exception>
    public static string? Of(Connection connection, string path, string compression, FileReading reading)
    {
        if (compression == "zstd")
            return ByDuckDb(connection, path, compression, reading);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            using Stream stream = compression == "gzip" ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var text = new StreamReader(stream, reading.Encoding switch { "utf-16" => Encoding.Unicode, "latin-1" => Encoding.Latin1, _ => Encoding.UTF8 });
            string? line;
            do
                line = Next(text);
            while (line is not null && reading.Comment is { } comment && line.StartsWith(comment, StringComparison.Ordinal));
            return line;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // another program holds it for itself, which DuckDB does not mind; or DuckDB says what is wrong with it
            return ByDuckDb(connection, path, compression, reading);
        }
    }

    private static string? Next(StreamReader text)
    {
        var line = new StringBuilder();
        for (var next = text.Read(); next >= 0 && line.Length < MostCharacters; next = text.Read())
        {
            if (next is not ('\n' or '\r'))
                line.Append((char)next);
            else if (next == '\n' || text.Peek() != '\n')
                return line.ToString();
        }
        return line.Length > 0 ? line.ToString() : null;
    }

    private static string? ByDuckDb(Connection connection, string path, string compression, FileReading reading)
    {
        using var result = connection.Query($"SELECT line FROM read_csv({Sql.Literal(GlobPath.Literal(path))}, auto_detect = false, columns = {{'line': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '', comment = {Sql.Literal(reading.Comment ?? "")}, header = false, compression = '{compression}') LIMIT 1");
        return result.NextChunk() && result.Chunk.Count > 0 ? result.GetValue(0, 0) as string : null;
    }
}
