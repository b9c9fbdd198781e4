using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace DataSpoc.Lens.Output;

/// <summary>UTF-8 text that is put together and used again and again: one array, no strings.</summary>
internal sealed class Utf8Text
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> this[Range range] => _bytes.AsSpan(0, Length)[range];

    public ReadOnlySpan<byte> All => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(byte one)
    {
        if (Length == _bytes.Length)
            Grow(1);
        _bytes[Length++] = one;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        if (text.Length > _bytes.Length - Length)
            Grow(text.Length);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(string text)
    {
        var room = Room(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, room);
    }

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        Length += written;
    }

    public void Append(ulong number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        Length += written;
    }

    public void Append<T>(T number)
        where T : IUtf8SpanFormattable
    {
        int written;
        while (!number.TryFormat(Room(64), out written, default, CultureInfo.InvariantCulture))
            Grow(256);
        Length += written;
    }

    /// <summary>A number that is not negative, with zeros before it up to a width.</summary>
    public void AppendPadded(long number, int width)
    {
        var room = Room(20);
        var digits = 1;
        for (var rest = number; rest >= 10; rest /= 10)
            digits++;
        var length = Math.Max(digits, width);
        for (var i = length - 1; i >= 0; i--, number /= 10)
            room[i] = (byte)('0' + (number % 10));
        Length += length;
    }

    private Span<byte> Room(int size)
    {
        if (size > _bytes.Length - Length)
            Grow(size);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int size) => Array.Resize(ref _bytes, Math.Max(Length + size, _bytes.Length * 2));
}
