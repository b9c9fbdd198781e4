using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;

namespace DataSpoc.Contracts.DuckDb.Scanning;

/// <summary>
/// A table of a distant bucket, of which only the parts come here that a query reads: files that its partitions or statistics rule out are left out, of the
/// others first the footers, then the chunks of the needed columns and row groups. The copies are sparse files that DuckDB reads as if they were whole.
/// </summary>
/// <param name="cache">Keeps the parts.</param>
/// <param name="content">The table.</param>
public sealed class DistantTable(ObjectCache cache, TableContent content)
{
    private const long SmallestTail = 8 << 10;
    private const long LargestTail = 64 << 10;
    private const int TrailerBytes = 8;

    private readonly CachedObject[] _files = [.. content.Files.Select(file => cache.Open(content.Store, new(file.Key, file.Size, content.Snapshot is null ? file.Version : null), file.Version))];

    /// <summary>The table.</summary>
    public TableContent Content => content;

    /// <summary>The local paths of its files, in order.</summary>
    public IReadOnlyList<string> Paths => [.. _files.Select(file => file.Path)];

    /// <summary>The files that a query may find rows in, as the table's log tells; nothing is read for it.</summary>
    /// <param name="connection">Any.</param>
    /// <param name="table">The table's columns.</param>
    /// <param name="needs">What the query reads.</param>
    public DistantTable Selected(Connection connection, MountedTable table, TableNeeds needs)
    {
        var added = content.Snapshot?.Files.Values.ToDictionary(file => content.Table.Location.KeyOf(file.Path), StringComparer.Ordinal);
        var ordered = table.Columns.Where(column => IsOrdered(column.Type.Kind)).ToArray();
        var kept = BoundsFilter.Select(connection, ordered, needs.Scans, content.Files.Count, (part, column) =>
        {
            var file = content.Files[part];
            if (file.Partition.TryGetValue(column, out var value))
                return new(value, value);
            var statistics = added?.GetValueOrDefault(file.Key)?.Statistics;
            return new(Text(statistics?.MinValues?[column]), Text(statistics?.MaxValues?[column]));
        });
        return kept.Count == content.Files.Count ? this : new(cache, content with { Files = [.. kept.Select(file => content.Files[file])] });
    }

    /// <summary>Brings the footers of all files.</summary>
    /// <exception cref="UserError">A file is gone, is no Parquet, or may not be read.</exception>
    public async Task FetchFootersAsync(Action<long>? fetched, CancellationToken cancel)
    {
        await cache.BringAsync(_files.Select(file => (file, Tail(file))), fetched, cancel);
        await cache.BringAsync(_files.Select(file => (file, Footer(file))), fetched, cancel);
    }

    /// <summary>Brings what the query reads.</summary>
    /// <exception cref="UserError">A file is gone or may not be read.</exception>
    public async Task FetchAsync(Connection connection, MountedTable table, TableNeeds needs, Action<long>? fetched, CancellationToken cancel)
    {
        if (needs.Scans.Count == 0)
            await cache.BringAsync(_files.Select(file => (file, default(ByteRange))), fetched, cancel);
        else if (needs.Columns is null)
            await cache.BringAsync(_files.Select(file => (file, new ByteRange(0, file.Size))), fetched, cancel);
        else
        {
            await FetchFootersAsync(fetched, cancel);
            // the columns of a folder without a log are those of all its files, so none could be left out before
            var read = content.Snapshot is null ? Selected(connection, table, needs) : this;
            if (read._files.Length > 0 && needs.Columns.Count > 0)
                await cache.BringAsync(read._files.Zip(ParquetParts.Of(connection, read.Paths, table, needs), (file, ranges) => ranges.Select(range => (file, range))).SelectMany(parts => parts), fetched, cancel);
        }
    }

    private static ByteRange Tail(CachedObject file)
    {
        var length = Math.Min(file.Size, Math.Clamp(file.Size / 128, SmallestTail, LargestTail));
        return new(file.Size - length, length);
    }

    private ByteRange Footer(CachedObject file)
    {
        var trailer = file.Size >= TrailerBytes ? file.Read(new(file.Size - TrailerBytes, TrailerBytes)) : [];
        if (trailer.Length == 0 || !trailer.AsSpan(4).SequenceEqual("PAR1"u8) || BinaryPrimitives.ReadUInt32LittleEndian(trailer) + TrailerBytes > file.Size)
            throw new UserError($"a file of table `{content.Table}` is no Parquet")
            {
                Where = [("bucket", content.Store.Bucket.ToString()), ("file", content.Files[Array.IndexOf(_files, file)].Key)],
                Hint = "the file is damaged: write the table's rows again with `pipe`",
            };
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer) + TrailerBytes;
        return new(file.Size - length, length);
    }

    // NaN is larger than any bound says
    private static bool IsOrdered(LogicalKind kind) => kind is LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt
        or LogicalKind.Date or LogicalKind.Timestamp or LogicalKind.TimestampTz or LogicalKind.Decimal or LogicalKind.Varchar;

    private static string? Text(JsonNode? bound) => bound is not JsonValue value ? null : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
