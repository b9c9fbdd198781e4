namespace DataSpoc.Contracts.Storage;

/// <summary>
/// The order in which every store lists: by the bytes of the key's UTF-8, as S3 does. That is
/// <see cref="StringComparer.Ordinal"/> except for characters beyond U+FFFF, which UTF-16 would put before U+E000.
/// </summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static KeyOrder Ordinal { get; } = new();

    public int Compare(string? x, string? y) => Compare(x.AsSpan(), y.AsSpan());

    public static int Compare(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        var same = x.CommonPrefixLength(y);
        if (same == x.Length || same == y.Length)
            return x.Length.CompareTo(y.Length);
        return Rank(x[same]).CompareTo(Rank(y[same]));
    }

    // surrogates stand for code points above every other UTF-16 unit
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
