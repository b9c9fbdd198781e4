using System.Globalization;
using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources;
using Xunit;

namespace Pipe.Tests.Sources;

/// <summary>Writes down every call, rows one by one, as text: <c>row orders: id=1, amount=12.50</c>.</summary>
internal sealed class RecordingSink : ISourceSink
{
    private readonly Dictionary<DataChunk, ChunkChannel> lent = [];

    public List<string> Events { get; } = [];

    public Dictionary<string, List<string>> Rows { get; } = [];

    /// <summary>The same rows by the source's names of their columns.</summary>
    public Dictionary<string, List<Dictionary<string, string>>> Values { get; } = [];

    public Dictionary<string, StreamSchema> Schemas { get; } = [];

    public List<string> States { get; } = [];

    public Dictionary<string, UserError> Failures { get; } = [];

    public List<(string Stream, int Count, long? Version)> Chunks { get; } = [];

    /// <summary>Chunks that were lent at once, at most.</summary>
    public int MostLent { get; private set; }

    public bool ThrowsFailures { get; init; }

    public bool IsCommitDue { get; init; } = true;

    public ValueTask SchemaAsync(StreamSchema schema, CancellationToken cancel)
    {
        Schemas[schema.Stream] = schema;
        Rows.TryAdd(schema.Stream, []);
        Values.TryAdd(schema.Stream, []);
        var columns = schema.Columns.Select(c => $"{c.Name} {c.Type}{(c.Nullable ? "" : " key")}{(c.Undeclared ? " undeclared" : "")}");
        Events.Add($"schema {schema.Stream}: {string.Join(", ", columns)}");
        return ValueTask.CompletedTask;
    }

    public DataChunk Rent(StreamSchema schema, CancellationToken cancel)
    {
        var channel = new ChunkChannel(schema.Types, 3);
        var chunk = channel.Rent(cancel);
        lent.Add(chunk, channel);
        MostLent = Math.Max(MostLent, lent.Count);
        return chunk;
    }

    public ValueTask RowsAsync(StreamSchema schema, DataChunk rows, long? version, CancellationToken cancel)
    {
        Assert.True(lent.Remove(rows, out var channel), "a chunk that was not rented");
        Assert.Same(Schemas[schema.Stream], schema);
        if (rows.Count > 0)
        {
            channel.Write(rows);
            for (var row = 0; row < rows.Count; row++)
            {
                var values = new Dictionary<string, string>();
                for (var c = 0; c < schema.Columns.Count; c++)
                    values[schema.Columns[c].SourceName] = Text(rows.Reader(c), row);
                Values[schema.Stream].Add(values);
                Rows[schema.Stream].Add(string.Join(", ", schema.Columns.Select(column => $"{column.Name}={values[column.SourceName]}")));
                Events.Add($"row {schema.Stream}: {Rows[schema.Stream][^1]}");
            }
            Chunks.Add((schema.Stream, rows.Count, version));
        }
        channel.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask StateAsync(ReadOnlyMemory<byte> state, bool complete, CancellationToken cancel)
    {
        States.Add(Encoding.UTF8.GetString(state.Span));
        Events.Add($"state {States[^1]}");
        return ValueTask.CompletedTask;
    }

    public ValueTask ActivateVersionAsync(string stream, long version, CancellationToken cancel)
    {
        Events.Add($"version {stream}: {version}");
        return ValueTask.CompletedTask;
    }

    public ValueTask FailedAsync(string stream, UserError error, CancellationToken cancel)
    {
        if (ThrowsFailures)
            throw error;
        Failures.Add(stream, error);
        Events.Add($"failed {stream}");
        return ValueTask.CompletedTask;
    }

    private static string Text(VectorReader vector, int row)
    {
        if (vector.IsNull(row))
            return "null";
        switch (vector.Type.Kind)
        {
            case LogicalKind.Boolean:
                return vector.Values<bool>()[row] ? "true" : "false";
            case LogicalKind.Integer:
                return vector.Values<int>()[row].ToString(CultureInfo.InvariantCulture);
            case LogicalKind.BigInt:
                return vector.Values<long>()[row].ToString(CultureInfo.InvariantCulture);
            case LogicalKind.Double:
                return vector.Values<double>()[row].ToString("R", CultureInfo.InvariantCulture);
            case LogicalKind.Decimal:
                return Decimal(vector, row);
            case LogicalKind.Varchar:
                return Encoding.UTF8.GetString(vector.String(row));
            case LogicalKind.Date:
                return DateOnly.FromDayNumber(vector.Values<int>()[row] + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case LogicalKind.TimestampTz:
                return DateTime.UnixEpoch.AddTicks(vector.Values<long>()[row] * 10).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);
            case LogicalKind.List:
                var (offset, length) = vector.List(row);
                var items = new List<string>();
                for (var i = offset; i < offset + length; i++)
                    items.Add(Text(vector.Element(), i));
                return $"[{string.Join(", ", items)}]";
            case LogicalKind.Struct:
                var fields = new List<string>();
                for (var f = 0; f < vector.Type.Fields.Count; f++)
                    fields.Add($"{vector.Type.Fields[f].Name}: {Text(vector.Child(f), row)}");
                return $"{{{string.Join(", ", fields)}}}";
            default:
                throw new NotSupportedException(vector.Type.ToString());
        }
    }

    private static string Decimal(VectorReader vector, int row)
    {
        var value = vector.Type.ByteWidth switch
        {
            2 => vector.Values<short>()[row],
            4 => vector.Values<int>()[row],
            8 => vector.Values<long>()[row],
            _ => vector.Values<Int128>()[row],
        };
        var scale = vector.Type.Scale;
        var digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (value < 0 ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : "");
    }
}
