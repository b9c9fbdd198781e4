using System.Globalization;
using System.Text;

namespace DataSpoc.Pipe.Sources.Text;

/// <summary>Bytes as DuckDB spells them in a text, so that a cast gives them back: what is printable as it is, the rest as <c>\x00</c>.</summary>
internal static class BlobText
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var one in bytes)
            if (one is >= 32 and < 127 and not ((byte)'\\' or (byte)'\'' or (byte)'"'))
                text.Append((char)one);
            else
                text.Append("\\x").Append(one.ToString("X2", CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
