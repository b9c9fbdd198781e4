using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Preparation;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>Turns columns that were read by <see cref="ColumnExpressions"/> into rows of features.</summary>
internal sealed class FeatureWriter
{
    private readonly IReadOnlyList<PreparedColumn> _columns;
    private readonly TextWriting?[] _texts;

    /// <summary>For the columns of a preparation.</summary>
    /// <param name="preparation">How values become features.</param>
    /// <param name="unlearned">
    /// Columns whose statistics are not known yet: their values are numbered, and the first of their features is the number.
    /// </param>
    public FeatureWriter(TablePreparation preparation, IReadOnlyDictionary<string, SeenValues>? unlearned = null)
    {
        _columns = preparation.Columns;
        _texts = [.. _columns.Select(c => c.Kind == ColumnKind.Category ? Writing(c, unlearned) : null)];
        Width = _columns.Sum(c => c.Features.Count);
    }

    private delegate void TextWriting(ReadOnlySpan<byte> utf8, Span<float> destination);

    /// <summary>Features per row.</summary>
    public int Width { get; }

    /// <summary>Numbers that were infinite or beyond a float so far; they count as missing.</summary>
    public long Infinite { get; private set; }

    /// <summary>Writes rows of a chunk.</summary>
    /// <param name="chunk">Its columns from <paramref name="firstColumn"/> on are the preparation's, in its order.</param>
    /// <param name="firstColumn">Position in the chunk.</param>
    /// <param name="firstRow">The chunk's first row to be written.</param>
    /// <param name="destination">Row-major; as many rows are written as it holds.</param>
    public void Write(DataChunk chunk, int firstColumn, int firstRow, Span<float> destination)
    {
        var rows = destination.Length / Width;
        var feature = 0;
        for (var c = 0; c < _columns.Count; c++)
        {
            var column = _columns[c];
            var reader = chunk.Reader(firstColumn + c);
            switch (column.Kind)
            {
                case ColumnKind.Number or ColumnKind.Duration:
                    Numbers(reader, firstRow, rows, destination[feature..]);
                    break;
                case ColumnKind.Flag:
                    Flags(reader, firstRow, rows, destination[feature..]);
                    break;
                case ColumnKind.Category:
                    Texts(reader, _texts[c]!, column.Features.Count, firstRow, rows, destination[feature..]);
                    break;
                case ColumnKind.Moment:
                    Moments(reader, column.Parts, firstRow, rows, destination[feature..]);
                    break;
                default:
                    throw new InvalidOperationException($"`{column.Name}` has no features");
            }
            feature += column.Features.Count;
        }
    }

    private void Numbers(VectorReader reader, int firstRow, int rows, Span<float> destination)
    {
        var values = reader.Values<double>().Slice(firstRow, rows);
        for (var i = 0; i < rows; i++)
        {
            var value = (float)values[i];
            if (reader.HasNulls && reader.IsNull(firstRow + i))
                value = float.NaN;
            else if (float.IsInfinity(value))
            {
                value = float.NaN;
                Infinite++;
            }
            destination[i * Width] = value;
        }
    }

    private void Flags(VectorReader reader, int firstRow, int rows, Span<float> destination)
    {
        var values = reader.Values<byte>().Slice(firstRow, rows);
        for (var i = 0; i < rows; i++)
            destination[i * Width] = reader.IsNull(firstRow + i) ? float.NaN : values[i];
    }

    private void Texts(VectorReader reader, TextWriting write, int features, int firstRow, int rows, Span<float> destination)
    {
        for (var i = 0; i < rows; i++)
        {
            var of = destination.Slice(i * Width, features);
            if (reader.IsNull(firstRow + i))
                of.Fill(float.NaN);
            else
                write(reader.String(firstRow + i), of);
        }
    }

    /// <summary>Encodes single texts of a column as <see cref="Write"/> does.</summary>
    public static Func<byte[], float[]> TextEncoder(PreparedColumn column)
    {
        var write = Writing(column, null);
        return utf8 =>
        {
            var features = new float[column.Features.Count];
            write(utf8, features);
            return features;
        };
    }

    private static TextWriting Writing(PreparedColumn column, IReadOnlyDictionary<string, SeenValues>? unlearned)
    {
        switch (column.Use)
        {
            case TextUse.Words:
                return WordHashing.Count;
            case TextUse.Statistics when column.Statistics is { } statistics:
                var positions = statistics.Positions();
                return (utf8, destination) => statistics.Write(positions(utf8), destination);
            case TextUse.Statistics:
                var seen = unlearned![column.Name];
                return (utf8, destination) => destination[0] = seen.Code(utf8);
            default:
                var codes = new CategoryCodes(column);
                return (utf8, destination) => destination[0] = codes.Code(utf8);
        }
    }

    private void Moments(VectorReader reader, IReadOnlyList<MomentPart> parts, int firstRow, int rows, Span<float> destination)
    {
        var values = reader.Values<long>().Slice(firstRow, rows);
        for (var i = 0; i < rows; i++)
            for (var p = 0; p < parts.Count; p++)
                destination[i * Width + p] = reader.IsNull(firstRow + i) ? float.NaN : MomentEncoding.Encode(values[i], parts[p]);
    }
}
