using System.Text;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>One object per row: an array of them (<c>json</c>) or one per line (<c>ndjson</c>).</summary>
internal sealed class JsonRowWriter : IRowWriter
{
    private readonly OutputBuffer _out;
    private readonly byte[][] _names;
    private readonly bool _array;
    private CellCounter _cells;

    public JsonRowWriter(Stream stdout, IReadOnlyList<RowColumn> columns, bool array)
    {
        Columns = columns;
        _out = new(stdout);
        _names = Prefixes(columns);
        _array = array;
        _cells = new(columns.Count);
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public long RowCount => _cells.Rows;

    public bool IsFull => false;

    public void WriteNull()
    {
        Next();
        _out.Append("null"u8);
    }

    public void WriteBoolean(bool value)
    {
        Next();
        _out.Append(value ? "true"u8 : "false"u8);
    }

    public void WriteInt64(long value)
    {
        Next();
        _out.Append(value);
    }

    public void WriteDouble(double value)
    {
        Next();
        if (double.IsFinite(value))
        {
            _out.Append(value);
            return;
        }
        _out.Append((byte)'"');
        _out.Append(value);
        _out.Append((byte)'"');
    }

    public void WriteNumber(ReadOnlySpan<byte> text)
    {
        Next();
        _out.Append(text);
    }

    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        Next();
        JsonText.Append(_out, utf8);
    }

    public void WriteRawJson(ReadOnlySpan<byte> json)
    {
        Next();
        _out.Append(json);
    }

    public void EndRow()
    {
        _cells.EndRow();
        _out.Append((byte)'}');
        if (!_array)
            _out.Append((byte)'\n');
        _out.FlushIfLarge();
    }

    public void Flush() => _out.Flush();

    public void Complete(bool more = false)
    {
        if (_array)
            _out.Append(_cells.Rows == 0 ? "[]\n"u8 : "\n]\n"u8);
        _out.Flush();
    }

    public void Dispose()
    {
    }

    private void Next()
    {
        var cell = _cells.Next();
        if (cell == 0 && _array)
            _out.Append(_cells.Rows == 0 ? "[\n"u8 : ",\n"u8);
        _out.Append(_names[cell]);
    }

    /// <summary>What stands before each value: <c>{"a":</c>, <c>,"b":</c>.</summary>
    private static byte[][] Prefixes(IReadOnlyList<RowColumn> columns)
    {
        var taken = new HashSet<string>(columns.Select(static c => c.Name), StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var prefixes = new byte[columns.Count][];
        for (var i = 0; i < columns.Count; i++)
        {
            var name = columns[i].Name;
            for (var n = 1; !seen.Add(name); n++)
            {
                var candidate = $"{columns[i].Name}_{n}";
                name = taken.Contains(candidate) ? name : candidate;
            }
            using var bytes = new MemoryStream();
            var buffer = new OutputBuffer(bytes);
            buffer.Append((byte)(i == 0 ? '{' : ','));
            JsonText.Append(buffer, Encoding.UTF8.GetBytes(name));
            buffer.Append((byte)':');
            buffer.Flush();
            prefixes[i] = bytes.ToArray();
        }
        return prefixes;
    }
}
