using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>Writes rows as Singer messages (Singer spec 0.3), with a STATE at ends of days.</summary>
/// <param name="stdout">Where to.</param>
/// <param name="selection">Which streams and columns.</param>
/// <param name="bookmarks">What was handed over before; moved on.</param>
/// <param name="lastBaseDay">Of when locations and customers are at first.</param>
/// <param name="since">Parcels, deliveries and occupancy before this day are left out, or null.</param>
internal sealed class SingerSink(Stream stdout, CatalogSelection selection, Bookmarks bookmarks, DateOnly lastBaseDay, DateOnly? since) : ITableSink, IDisposable
{
    // one STATE per at least this many records: a target that commits at STATE boundaries loses little work
    private const int StateEvery = 10_000;
    private const int FlushAt = 64 * 1024;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt * 2);
    private readonly Dictionary<string, SingerStream> _streams = [];
    private Utf8JsonWriter? _json;
    private long _sinceState;

    // text as it is: a tap's output is no web page
    private Utf8JsonWriter Json => _json ??= new(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public ICellWriter? Open(TableShape shape)
    {
        if (!selection.Has(shape.Name))
            return null;
        if (_streams.TryGetValue(shape.Name, out var stream) && stream.Shape.Columns.SequenceEqual(shape.Columns))
            return stream;
        IReadOnlyList<bool> wanted = [.. shape.Columns.Select(c => selection.Has(shape.Name, c.Name))];
        Message(new()
        {
            ["type"] = "SCHEMA",
            ["stream"] = shape.Name,
            ["schema"] = JsonSchemas.Of(shape.Columns.Where((_, i) => wanted[i])),
            ["key_properties"] = new JsonArray([.. shape.Key.Select(static k => (JsonNode)k)]),
        });
        return _streams[shape.Name] = new(Json, shape, wanted, EndRecord) { Muted = IsMuted(shape.Name, lastBaseDay) };
    }

    public void DayBegins(DateOnly day)
    {
        foreach (var (name, stream) in _streams)
            stream.Muted = IsMuted(name, day);
    }

    public void DayEnds(DateOnly day)
    {
        foreach (var name in _streams.Keys)
            bookmarks.Reach(name, name is "locations" or "customers" && day < lastBaseDay ? lastBaseDay : day);
        if (_sinceState >= StateEvery)
            State();
    }

    /// <summary>Tells how far it is.</summary>
    public void State()
    {
        Message(new() { ["type"] = "STATE", ["value"] = bookmarks.ToState() });
        _sinceState = 0;
        Flush();
    }

    public void Dispose() => _json?.Dispose();

    private bool IsMuted(string stream, DateOnly day) => bookmarks.Has(stream, day) || (day < since && stream is not ("locations" or "customers"));

    private void Message(JsonObject message)
    {
        message.WriteTo(Json);
        EndLine();
    }

    private void EndRecord()
    {
        _sinceState++;
        EndLine();
    }

    private void EndLine()
    {
        Json.Flush();
        Json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushAt)
            Flush();
    }

    private void Flush()
    {
        stdout.Write(_buffer.WrittenSpan);
        stdout.Flush();
        _buffer.ResetWrittenCount();
    }
}
