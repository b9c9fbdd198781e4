using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.BatchTransforms;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>
/// Records that the source could not give as rows, on their way through the pipeline's transform. Those that it fails on, and those of which it makes what the table has no room for, stay
/// as they are: they are found by halving, because nobody knows which of its rows a SELECT makes of which.
/// </summary>
/// <param name="connection">Where that is done.</param>
/// <param name="transform">The transform.</param>
/// <param name="stream">What it calls the rows.</param>
/// <param name="waiting">A Parquet file of the records, with their number as <c>n</c>.</param>
/// <param name="records">The SELECT of the same records, as <see cref="ExactRecord"/> writes them: <c>texts</c>, <c>nested</c>, <c>n</c>.</param>
internal sealed class ReplayedBatch(Connection connection, BatchTransform transform, string stream, string waiting, string records)
{
    /// <summary>How often the transform is run at most; what is not sorted by then stays.</summary>
    private const int MostTries = 2_000;

    private readonly List<(long First, long Last)> _staying = [];
    private int _tries;

    /// <summary>Records, numbered from 1, that can be landed together.</summary>
    public List<(long First, long Last)> Entering { get; } = [];

    /// <summary>How many stay.</summary>
    public long Staying => _staying.Sum(range => range.Last - range.First + 1);

    /// <summary>Why the transform failed on some of them, or null.</summary>
    public UserError? Failure { get; private set; }

    /// <summary>The SELECT of those that stay.</summary>
    public string StayingRecords => $"SELECT * EXCLUDE (n) FROM read_parquet({Sql.Literal(waiting)}) WHERE {(_staying.Count == 0 ? "false" : string.Join(" OR ", _staying.Select(Within)))}";

    /// <summary>Finds out which records enter.</summary>
    public void Sort(TableLoad table, long count, CancellationToken cancel) => Sort(table, (1, count), cancel);

    /// <summary>The SELECT of what the transform makes of records, and its types. It sees each column as the type that the source gave it, where that holds every value, or else as text.</summary>
    /// <exception cref="UserError">The transform fails.</exception>
    public (string Select, string Types) Landing(TableLoad table, (long First, long Last) range, CancellationToken cancel)
    {
        var own = $"(SELECT texts, nested FROM ({records}) WHERE {Within(range)})";
        var types = Types(range, cancel);
        var columns = Columns(types, Texts($"SELECT DISTINCT unnest(json_keys(texts)) FROM {own} WHERE json_valid(texts) ORDER BY 1", cancel));
        var misfits = Misfits(own, columns, cancel);
        var batch = string.Join(", ", columns.Zip(misfits, (column, isText) => $"{(isText ? Text(column) : Typed(column))} AS {Sql.Identifier(column.Name)}"));
        var given = transform.Columns(connection, stream, $"SELECT {batch} FROM {own}");
        var admitted = table.Schema.Admit(given.Select(column => (NameOf(column.Name), column.Type)), table.Location);
        var rows = LandedRows.Of(admitted, [.. given.Select(column => Sql.Identifier(column.Name))], 0);
        var select = string.Join(", ", rows.Columns.Zip(rows.Values, (column, value) => $"CAST({value} AS {column.Type}) AS {Sql.Identifier(column.Name)}"));
        return ($"SELECT {select} FROM ({transform.Select(given)})", rows.Types);
    }

    private void Sort(TableLoad table, (long First, long Last) range, CancellationToken cancel)
    {
        var (rejected, failed) = Try(table, range, cancel);
        var records = range.Last - range.First + 1;
        if (!failed && rejected == 0)
            Entering.Add(range);
        else if (records == 1 || rejected >= records || _tries >= MostTries)
            _staying.Add(range);
        else
        {
            var middle = range.First + (records / 2);
            Sort(table, (range.First, middle - 1), cancel);
            Sort(table, (middle, range.Last), cancel);
        }
    }

    private (long Rejected, bool Failed) Try(TableLoad table, (long First, long Last) range, CancellationToken cancel)
    {
        _tries++;
        try
        {
            var (select, _) = Landing(table, range, cancel);
            var rejects = select.Contains(LandedRows.Reason, StringComparison.Ordinal) ? LandedRows.Reason : "NULL";
            // every value is made, as it will be when the rows are landed
            using var answer = connection.Query($"SELECT count({rejects}), bit_xor(hash(made)) FROM ({select}) AS made", cancel);
            answer.NextChunk();
            return (long.Parse(answer.GetText(0, 0)!, CultureInfo.InvariantCulture), false);
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Failed || error.InnerException is DuckDbException)
        {
            Failure ??= error;
        }
        catch (DuckDbException error)
        {
            Failure ??= transform.Failed(stream, error);
        }
        return (0, true);
    }

    // a tap's record has the names of the source, a database's those of the batch
    private static BatchColumn[] Columns(Dictionary<string, LogicalType> types, IReadOnlyList<string> keys)
    {
        string[] sources = [.. types.Keys];
        var names = FieldNames.Assign(sources, new HashSet<string> { DataFileName.PartitionColumn });
        var columns = sources.Zip(names, (source, name) => new BatchColumn(source, name, types[source])).ToList();
        foreach (var key in keys.Where(key => !types.ContainsKey(key) && !names.Contains(key)))
            columns.Add(new(key, FieldNames.Next(key, columns.Select(column => column.Name).Append(DataFileName.PartitionColumn)), LogicalType.Varchar));
        return [.. columns];
    }

    private Dictionary<string, LogicalType> Types((long First, long Last) range, CancellationToken cancel)
    {
        var types = new Dictionary<string, LogicalType>(StringComparer.Ordinal);
        foreach (var text in Texts($"SELECT DISTINCT types FROM read_parquet({Sql.Literal(waiting)}) WHERE {Within(range)}", cancel))
        {
            using var document = JsonDocument.Parse(text);
            foreach (var member in document.RootElement.EnumerateObject())
                types[member.Name] = LogicalType.Parse(member.Value.GetString()!);
        }
        return types;
    }

    private IReadOnlyList<bool> Misfits(string own, BatchColumn[] columns, CancellationToken cancel)
    {
        var conditions = columns.Select(column => $"coalesce(bool_or({(column.Type.IsNested ? ExactCast.Fails(Nested(column), LogicalType.Json, column.Type) : ExactCast.Fails(Text(column), LogicalType.Varchar, column.Type))}), false)");
        using var answer = connection.Query($"SELECT {string.Join(", ", conditions)} FROM {own}", cancel);
        answer.NextChunk();
        return [.. columns.Select((_, i) => answer.GetText(i, 0) == "true")];
    }

    private IReadOnlyList<string> Texts(string sql, CancellationToken cancel)
    {
        using var answer = connection.Query(sql, cancel);
        var texts = new List<string>();
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                texts.Add(answer.GetText(0, row)!);
        return texts;
    }

    private static string Within((long First, long Last) range) => FormattableString.Invariant($"n BETWEEN {range.First} AND {range.Last}");

    private static string Typed(BatchColumn column) => $"CAST({(column.Type.IsNested ? Nested(column) : Text(column))} AS {column.Type})";

    private static string Text(BatchColumn column) => Field("json_extract_string", "texts", column);

    private static string Nested(BatchColumn column) => Field("json_extract", "nested", column);

    private static string Field(string function, string record, BatchColumn column)
    {
        return column.Source == column.Name ? Under(column.Source) : $"coalesce({Under(column.Source)}, {Under(column.Name)})";

        string Under(string name) => $"{function}({record}, {Sql.Literal(ExactCast.Pointer(name))})";
    }

    // dt is the partition, which lies in the path only
    private static string NameOf(string column) => column.Equals(DataFileName.PartitionColumn, StringComparison.OrdinalIgnoreCase) ? column + "_" : column;

    /// <param name="Source">As the source calls it.</param>
    /// <param name="Name">As the batch calls it.</param>
    /// <param name="Type">As the source gave it.</param>
    private sealed record BatchColumn(string Source, string Name, LogicalType Type);
}
