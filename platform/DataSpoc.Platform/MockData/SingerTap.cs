using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Platform.MockData;

/// <summary>Writes the network as Singer messages (Singer spec 0.3), parcels before their deliveries.</summary>
internal sealed class SingerTap
{
    // one STATE per this many deliveries: a target that commits at STATE boundaries loses little work
    private const int StateEvery = 10_000;
    private const int FlushAt = 64 * 1024;
    private readonly Stream _stdout;
    private readonly NetworkPlan _plan;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt * 2);

    public SingerTap(Stream stdout, NetworkPlan plan) => (_stdout, _plan) = (stdout, plan);

    /// <summary>All parcels whose id is above <paramref name="after"/>.</summary>
    public void Write(long after, ProgressLine progress, CancellationToken cancel)
    {
        // text as it is: a tap's output is no web page
        using var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var simulation = new Simulation(_plan);
        var locations = Stream(json, MockTables.Locations);
        foreach (var location in simulation.Locations.All)
            locations(location);
        var parcels = Stream(json, MockTables.Parcels);
        var deliveries = Stream(json, MockTables.Deliveries);
        var last = after;
        foreach (var delivery in simulation.Deliveries())
        {
            cancel.ThrowIfCancellationRequested();
            progress.Advance(1);
            if (delivery.Parcel.Id <= after)
                continue;
            parcels(delivery.Parcel);
            deliveries(delivery);
            last = delivery.Parcel.Id;
            if (last % StateEvery == 0)
                State(last);
        }
        State(last);
        Flush();
    }

    /// <summary>Writes the stream's SCHEMA; what is returned writes a RECORD.</summary>
    private Action<T> Stream<T>(Utf8JsonWriter json, MockTable<T> table)
    {
        json.WriteStartObject();
        json.WriteString("type", "SCHEMA");
        json.WriteString("stream", table.Name);
        json.WriteStartObject("schema");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var column in table.Columns)
        {
            json.WriteStartObject(column.Name);
            if (column.Nullable)
                json.WriteTexts("type", ["null", column.JsonType]);
            else
                json.WriteString("type", column.JsonType);
            if (column.Format is not null)
                json.WriteString("format", column.Format);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteTexts("key_properties", [table.Key]);
        json.WriteEndObject();
        EndLine(json);
        var writer = new SingerRecordWriter(json, table.Columns);
        return row =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "RECORD"u8);
            json.WriteString("stream", table.Name);
            json.WriteStartObject("record"u8);
            table.Write(row, writer);
            writer.EndRow();
            json.WriteEndObject();
            json.WriteEndObject();
            EndLine(json);
        };
    }

    private void State(long last)
    {
        _buffer.Write("""{"type":"STATE","value":{"bookmarks":{"deliveries":{"delivery_id":"""u8);
        Utf8Formatter.TryFormat(last, _buffer.GetSpan(20), out var digits);
        _buffer.Advance(digits);
        _buffer.Write("}}}}\n"u8);
    }

    private void EndLine(Utf8JsonWriter json)
    {
        json.Flush();
        json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushAt)
            Flush();
    }

    private void Flush()
    {
        _stdout.Write(_buffer.WrittenSpan);
        _stdout.Flush();
        _buffer.ResetWrittenCount();
    }
}
