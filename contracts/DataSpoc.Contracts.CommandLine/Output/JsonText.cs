using System.Buffers;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>JSON strings (RFC 8259): only what must be escaped is, so that text stays readable.</summary>
internal static class JsonText
{
    // a quote, a backslash, a control character; DEL and everything from 0x80 on stand as they are
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static i => (byte)i), (byte)'"', (byte)'\\']);

    public static void Append(OutputBuffer output, ReadOnlySpan<byte> utf8)
    {
        output.Append((byte)'"');
        for (int at; (at = utf8.IndexOfAny(MustEscape)) >= 0; utf8 = utf8[(at + 1)..])
        {
            output.Append(utf8[..at]);
            Escape(output, utf8[at]);
        }
        output.Append(utf8);
        output.Append((byte)'"');
    }

    private static void Escape(OutputBuffer output, byte one)
    {
        switch (one)
        {
            case (byte)'"': output.Append("\\\""u8); break;
            case (byte)'\\': output.Append("\\\\"u8); break;
            case (byte)'\n': output.Append("\\n"u8); break;
            case (byte)'\r': output.Append("\\r"u8); break;
            case (byte)'\t': output.Append("\\t"u8); break;
            default:
                output.Append("\\u00"u8);
                output.Append((byte)(one < 0x10 ? '0' : '1'));
                output.Append("0123456789abcdef"u8[one & 0xf]);
                break;
        }
    }
}
