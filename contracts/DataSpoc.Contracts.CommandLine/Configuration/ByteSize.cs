using System.Globalization;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>A number of bytes in configuration: <c>4096</c>, <c>500MB</c> (decimal), <c>1GiB</c> (binary).</summary>
/// <param name="Bytes">0 or more.</param>
public readonly record struct ByteSize(long Bytes)
{
    /// <summary>Null where the text is no size.</summary>
    public static ByteSize? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = text.TakeWhile(static c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return null;
        double? factor = text[digits..].Trim().ToLowerInvariant() switch
        {
            "" or "b" => 1,
            "k" or "kb" => 1e3,
            "m" or "mb" => 1e6,
            "g" or "gb" => 1e9,
            "t" or "tb" => 1e12,
            "kib" => 1L << 10,
            "mib" => 1L << 20,
            "gib" => 1L << 30,
            "tib" => 1L << 40,
            _ => null,
        };
        return value * factor is { } bytes and < 9e18 ? new((long)bytes) : null;
    }
}
