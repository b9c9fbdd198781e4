namespace DataSpoc.Contracts.DuckDb.Cache;

/// <summary>A part of an object.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its bytes, at least one.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>The byte after its last one.</summary>
    public long End => Offset + Length;

    /// <summary>The same bytes as few ranges in order; those that are closer than <paramref name="gap"/> become one.</summary>
    public static IReadOnlyList<ByteRange> Merge(IEnumerable<ByteRange> ranges, long gap = 0)
    {
        var merged = new List<ByteRange>();
        foreach (var range in ranges.OrderBy(range => range.Offset))
            if (merged.Count > 0 && range.Offset <= merged[^1].End + gap)
                merged[^1] = new(merged[^1].Offset, Math.Max(merged[^1].End, range.End) - merged[^1].Offset);
            else
                merged.Add(range);
        return merged;
    }

    /// <summary>What is left of <paramref name="wanted"/> without <paramref name="had"/>; both in order and apart, as <see cref="Merge"/> gives them.</summary>
    public static IReadOnlyList<ByteRange> Without(IReadOnlyList<ByteRange> wanted, IReadOnlyList<ByteRange> had)
    {
        var left = new List<ByteRange>();
        foreach (var range in wanted)
        {
            var at = range.Offset;
            foreach (var part in had)
            {
                if (part.End <= at || part.Offset >= range.End)
                    continue;
                if (part.Offset > at)
                    left.Add(new(at, part.Offset - at));
                at = Math.Max(at, part.End);
            }
            if (at < range.End)
                left.Add(new(at, range.End - at));
        }
        return left;
    }

    /// <summary>The same bytes in pieces of at most so many.</summary>
    public IEnumerable<ByteRange> Pieces(long most)
    {
        for (var at = Offset; at < End; at += most)
            yield return new(at, Math.Min(most, End - at));
    }
}
