using System.Buffers.Text;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Bytes collected for stdout and written in large pieces. One array for the whole output.</summary>
internal sealed class OutputBuffer(Stream stdout)
{
    private const int FlushAt = 64 * 1024;
    private byte[] _bytes = new byte[FlushAt + 4096];
    private int _length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Append(byte one)
    {
        if (_length == _bytes.Length)
            MakeRoom(1);
        _bytes[_length++] = one;
    }

    public void Append(string text)
    {
        Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _length += Encoding.UTF8.GetByteCount(text);
    }

    public void Append(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        _length += written;
    }

    public void Append(double value)
    {
        _length += CellText.Format(value, Room(32));
    }

    /// <summary>Free space to write into; what was used is then given to <see cref="Advance"/>.</summary>
    public Span<byte> Room(int size)
    {
        if (size > _bytes.Length - _length)
            MakeRoom(size);
        return _bytes.AsSpan(_length);
    }

    public void Advance(int count) => _length += count;

    /// <summary>Called between rows: writes once enough has been collected.</summary>
    public void FlushIfLarge()
    {
        if (_length >= FlushAt)
            Flush();
    }

    public void Flush()
    {
        stdout.Write(_bytes.AsSpan(0, _length));
        _length = 0;
        stdout.Flush();
    }

    private void MakeRoom(int size)
    {
        if (_length >= FlushAt / 2)
            Flush();
        if (size > _bytes.Length - _length)
            Array.Resize(ref _bytes, Math.Max(_length + size, _bytes.Length * 2));
    }
}
