using System.Text.Json;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Platform.MockData;

/// <summary>Puts a table's cells into the <c>record</c> object of a message.</summary>
internal sealed class SingerRecordWriter(Utf8JsonWriter json, IReadOnlyList<MockColumn> columns) : IRowWriter
{
    private readonly JsonEncodedText[] _names = [.. columns.Select(static c => JsonEncodedText.Encode(c.Name))];
    private int _cell;

    public IReadOnlyList<RowColumn> Columns { get; } = [.. columns.Select(static c => c.ForRows)];

    public long RowCount { get; private set; }

    public bool IsFull => false;

    public void WriteNull() => json.WriteNull(_names[_cell++]);

    public void WriteBoolean(bool value) => json.WriteBoolean(_names[_cell++], value);

    public void WriteInt64(long value) => json.WriteNumber(_names[_cell++], value);

    public void WriteDouble(double value) => json.WriteNumber(_names[_cell++], value);

    public void WriteNumber(ReadOnlySpan<byte> text) => WriteRawJson(text);

    public void WriteString(ReadOnlySpan<byte> utf8) => json.WriteString(_names[_cell++], utf8);

    public void WriteRawJson(ReadOnlySpan<byte> text)
    {
        json.WritePropertyName(_names[_cell++]);
        json.WriteRawValue(text, skipInputValidation: true);
    }

    public void EndRow()
    {
        _cell = 0;
        RowCount++;
    }

    public void Flush()
    {
    }

    public void Complete(bool more = false)
    {
    }

    public void Dispose()
    {
    }
}
