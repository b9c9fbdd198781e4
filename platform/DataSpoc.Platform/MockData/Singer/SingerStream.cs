using System.Globalization;
using System.Text.Json;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>Writes a stream's rows as RECORD messages. What is muted or not selected is passed over.</summary>
/// <param name="json">Written to from the beginning of a line to its end.</param>
/// <param name="shape">The stream.</param>
/// <param name="wanted">Which columns are selected.</param>
/// <param name="ended">Called after each message.</param>
internal sealed class SingerStream(Utf8JsonWriter json, TableShape shape, IReadOnlyList<bool> wanted, Action ended) : ICellWriter
{
    private readonly JsonEncodedText[] _names = [.. shape.Columns.Select(static c => JsonEncodedText.Encode(c.Name))];
    private int _cell;

    public TableShape Shape => shape;

    /// <summary>Whether rows are dropped: they were handed over by an earlier run.</summary>
    public bool Muted { get; set; }

    public long Rows { get; private set; }

    public void WriteNull()
    {
        if (Begins(out var name))
            json.WriteNull(name);
    }

    public void WriteFlag(bool value)
    {
        if (Begins(out var name))
            json.WriteBoolean(name, value);
    }

    public void WriteWhole(long value)
    {
        if (Begins(out var name))
            json.WriteNumber(name, value);
    }

    public void WriteNumber(double value, int digits)
    {
        if (!Begins(out var name))
            return;
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, digits switch { 1 => "F1", 2 => "F2", 3 => "F3", _ => "F5" }, CultureInfo.InvariantCulture);
        json.WritePropertyName(name);
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }

    public void WriteText(string value)
    {
        if (Begins(out var name))
            json.WriteString(name, value);
    }

    public void WriteDay(DateOnly value) => Write(value, "yyyy-MM-dd");

    public void WriteTime(DateTime value) => Write(value, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    public void EndRow()
    {
        _cell = 0;
        if (Muted)
            return;
        json.WriteEndObject();
        json.WriteEndObject();
        Rows++;
        ended();
    }

    private void Write<T>(T value, string format)
        where T : IUtf8SpanFormattable
    {
        if (!Begins(out var name))
            return;
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    /// <summary>Whether the next cell is written, and under which name. The first cell begins the message.</summary>
    private bool Begins(out JsonEncodedText name)
    {
        var cell = _cell++;
        name = _names[cell];
        if (Muted)
            return false;
        if (cell == 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "RECORD"u8);
            json.WriteString("stream"u8, shape.Name);
            json.WriteStartObject("record"u8);
        }
        return wanted[cell];
    }
}
