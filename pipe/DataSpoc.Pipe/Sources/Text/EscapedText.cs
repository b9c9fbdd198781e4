using System.Text;

namespace DataSpoc.Pipe.Sources.Text;

/// <summary>JSON string escapes (RFC 8259 §7), already checked for their grammar by the reader, into UTF-8.</summary>
internal static class EscapedText
{
    /// <summary>
    /// Writes the text that <paramref name="escaped"/> stands for; it is never longer than its escaped form.
    /// Half of a surrogate pair, which no UTF-8 can hold, becomes U+FFFD and is counted in <paramref name="replaced"/>.
    /// <c>\u0000</c> is a character like any other.
    /// </summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target, ref long replaced)
    {
        var written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                escaped.CopyTo(target[written..]);
                return written + escaped.Length;
            }

            escaped[..plain].CopyTo(target[written..]);
            written += plain;
            var escape = escaped[plain + 1];
            escaped = escaped[(plain + 2)..];
            if (escape != 'u')
            {
                target[written++] = Plain(escape);
                continue;
            }

            var unit = Hex4(escaped);
            escaped = escaped[4..];
            var rune = new Rune(0xFFFD);
            if (!char.IsSurrogate((char)unit))
                rune = new Rune(unit);
            else if (char.IsHighSurrogate((char)unit) && escaped.Length >= 6 && escaped[0] == '\\' && escaped[1] == 'u'
                && char.IsLowSurrogate((char)Hex4(escaped[2..])))
            {
                rune = new Rune((char)unit, (char)Hex4(escaped[2..]));
                escaped = escaped[6..];
            }
            else
                replaced++;

            written += rune.EncodeToUtf8(target[written..]);
        }
    }

    private static byte Plain(byte escape) => escape switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escape,
    };

    private static int Hex4(ReadOnlySpan<byte> text)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
            value = (value << 4) | Hex(text[i]);

        return value;
    }

    private static int Hex(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
