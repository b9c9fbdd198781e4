using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.BatchTransforms;

/// <summary>
/// A pipeline's own SELECT over the rows that come in, <c>transforms/&lt;pipeline&gt;.sql</c>: it reads the table <c>batch</c>, some ten thousand rows of one stream at a time, and what it
/// gives is written in their place. Where it fails the run fails.
/// </summary>
/// <param name="File">Where it is written, for messages.</param>
/// <param name="Sql">One SELECT in DuckDB's SQL.</param>
internal sealed record BatchTransform(string File, string Sql)
{
    private const string StreamsSetting = "-- streams:";

    /// <summary>The streams it is for (header <c>-- streams: orders, items</c>); empty: all of the pipeline.</summary>
    public IReadOnlySet<string> Streams { get; init; } = new HashSet<string>();

    /// <summary>That of a pipeline, or null where it has none.</summary>
    /// <param name="folder">The project's folder <c>transforms</c>.</param>
    /// <param name="pipeline">The pipeline.</param>
    public static BatchTransform? Find(string folder, string pipeline)
    {
        var file = Path.Combine(folder, pipeline + ".sql");
        if (!System.IO.File.Exists(file))
            return null;
        var sql = System.IO.File.ReadAllText(file);
        var streams = sql.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(StreamsSetting, StringComparison.Ordinal))?[StreamsSetting.Length..] ?? "";
        return new(file, sql) { Streams = streams.Split(',').Select(name => name.Trim()).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal) };
    }

    /// <summary>Whether it is for a stream.</summary>
    public bool IsFor(string stream) => Streams.Count == 0 || Streams.Contains(stream);

    /// <summary>Makes <c>batch</c> what a SELECT gives, and tells the columns that come out.</summary>
    /// <exception cref="UserError">The transform is not one SELECT over these columns, or gives two columns of one name.</exception>
    public IReadOnlyList<(string Name, LogicalType Type)> Columns(Connection connection, string stream, string batch)
    {
        try
        {
            connection.Execute($"CREATE OR REPLACE TEMP VIEW batch AS {batch}");
            var columns = connection.Describe(Sql).Select(column => (column.Name, StorageTypes.Stored(column.Type))).ToArray();
            return columns.DistinctBy(column => column.Name, StringComparer.OrdinalIgnoreCase).Count() == columns.Length ? columns
                : throw new UserError($"the transform of `{stream}` gives two columns of one name") { Where = [("file", File)], Hint = "name one of them with AS", ExitCode = ExitCode.Usage };
        }
        catch (DuckDbException error)
        {
            throw Failed(stream, error);
        }
    }

    /// <summary>What comes out of the rows that <c>batch</c> stands for, in the types that <see cref="Columns"/> told.</summary>
    public string Select(IReadOnlyList<(string Name, LogicalType Type)> columns) =>
        $"SELECT {string.Join(", ", columns.Select(column => $"CAST({Contracts.DuckDb.Sql.Identifier(column.Name)} AS {column.Type}) AS {Contracts.DuckDb.Sql.Identifier(column.Name)}"))} FROM ({Sql.Trim().TrimEnd(';')}\n)";

    public UserError Failed(string stream, DuckDbException error) => new($"the transform of `{stream}` fails, so that the run fails", error)
    {
        Where = [("file", File), ("stream", stream), ("reason", error.Message.Split('\n')[0])],
        Hint = "correct it; `-- streams: orders` at its top names the streams it is for",
    };
}
