using System.Text;

namespace DataSpoc.Ml.Data.Preparation;

/// <summary>
/// What the target was for each value of a column that has too many of them to be categories: the mean (or the share of each class) drawn
/// towards that of all rows, and the number of rows. Part of the model.
/// </summary>
/// <param name="Values">The values known, most frequent first.</param>
/// <param name="Rows">Rows of each.</param>
/// <param name="Figures">Per value as many figures as <paramref name="Prior"/> has.</param>
/// <param name="Prior">The figures of a value that is not known.</param>
internal sealed record TargetStatistics(IReadOnlyList<string> Values, IReadOnlyList<int> Rows, IReadOnlyList<IReadOnlyList<float>> Figures, IReadOnlyList<float> Prior)
{
    /// <summary>A lookup by UTF-8 bytes: the position of a value, or -1.</summary>
    public Func<ReadOnlySpan<byte>, int> Positions()
    {
        var positions = new Dictionary<byte[], int>(Values.Count, Utf8Comparer.Instance);
        for (var i = 0; i < Values.Count; i++)
            positions.Add(Encoding.UTF8.GetBytes(Values[i]), i);
        var lookup = positions.GetAlternateLookup<ReadOnlySpan<byte>>();
        return value => lookup.TryGetValue(value, out var position) ? position : -1;
    }

    /// <summary>Writes a value's features: the figures, then the rows.</summary>
    /// <param name="position">As <see cref="Positions"/> gives it.</param>
    /// <param name="destination">One more than there are figures.</param>
    public void Write(int position, Span<float> destination)
    {
        var figures = position < 0 ? Prior : Figures[position];
        for (var i = 0; i < figures.Count; i++)
            destination[i] = figures[i];
        destination[figures.Count] = position < 0 ? 0 : Rows[position];
    }
}
