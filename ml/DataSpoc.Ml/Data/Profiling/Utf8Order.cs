using System.Text;

namespace DataSpoc.Ml.Data.Profiling;

/// <summary>Texts in the order of their UTF-8 bytes, which is DuckDB's. .NET's ordinal order compares UTF-16 units and differs beyond U+FFFF.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    /// <summary>The order.</summary>
    public static Utf8Order Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
}
