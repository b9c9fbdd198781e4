using System.Buffers.Text;
using System.Globalization;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>The text of values, the same in all formats.</summary>
internal static class CellText
{
    /// <summary>Formats into at least 32 bytes. NaN, Infinity and -Infinity by these names.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        // 1E+20 and the like are valid JSON; the shortest round-trip form is never longer than 24 bytes
        if (!value.TryFormat(destination, out var written, "R", CultureInfo.InvariantCulture))
            throw new InvalidOperationException("a double needs less than 32 bytes");
        return written;
    }

    public static int Format(long value, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(value, destination, out var written);
        return written;
    }
}
