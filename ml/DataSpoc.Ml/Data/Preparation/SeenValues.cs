namespace DataSpoc.Ml.Data.Preparation;

/// <summary>Numbers the values of a column as they come: 0, 1, 2, …</summary>
internal sealed class SeenValues
{
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _codes = new Dictionary<byte[], int>(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    private readonly List<byte[]> _values = [];

    /// <summary>The values in the order of their numbers, as UTF-8.</summary>
    public IReadOnlyList<byte[]> Values => _values;

    /// <summary>The value's number; the next one where it is new.</summary>
    public int Code(ReadOnlySpan<byte> utf8)
    {
        if (_codes.TryGetValue(utf8, out var code))
            return code;
        var value = utf8.ToArray();
        _codes.Dictionary.Add(value, _values.Count);
        _values.Add(value);
        return _values.Count - 1;
    }
}
