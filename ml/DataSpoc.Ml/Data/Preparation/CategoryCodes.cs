using System.Text;

namespace DataSpoc.Ml.Data.Preparation;

/// <summary>Finds the code of a category by its UTF-8 bytes, without making a string of it.</summary>
internal sealed class CategoryCodes
{
    private readonly Dictionary<byte[], float>.AlternateLookup<ReadOnlySpan<byte>> _codes;
    private readonly float _otherwise;

    /// <summary>Codes are positions in <see cref="PreparedColumn.Categories"/>.</summary>
    public CategoryCodes(PreparedColumn column)
    {
        var codes = new Dictionary<byte[], float>(column.Categories.Count, Utf8Comparer.Instance);
        for (var i = 0; i < column.Categories.Count; i++)
            codes.Add(Encoding.UTF8.GetBytes(column.Categories[i]), i);
        _codes = codes.GetAlternateLookup<ReadOnlySpan<byte>>();
        _otherwise = column.Others ? column.Categories.Count : float.NaN;
    }

    /// <summary>The value's code; for a value without one, the code of all others or NaN.</summary>
    public float Code(ReadOnlySpan<byte> utf8) => _codes.TryGetValue(utf8, out var code) ? code : _otherwise;
}
