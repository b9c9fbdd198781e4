using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>
/// The cells of one column for the rows of a chunk: taken from DuckDB's vector column by column, given to the writer row by row.
/// </summary>
internal abstract class ResultCells
{
    private readonly bool[] _isNull = new bool[DataChunk.Capacity];
    private bool _hasNulls;

    /// <summary>The cells of a column.</summary>
    /// <param name="type">The column's type.</param>
    /// <param name="iso">Whether times are for machines.</param>
    public static ResultCells Of(LogicalType type, bool iso) => type.Kind switch
    {
        LogicalKind.Boolean => new BooleanCells(),
        LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt
            or LogicalKind.UTinyInt or LogicalKind.USmallInt or LogicalKind.UInteger => new IntegerCells(),
        LogicalKind.Double => new DoubleCells(),
        LogicalKind.Enum => new EnumCells(type),
        _ => new TextCells(iso),
    };

    /// <summary>What the cells of a type hold, for the writer.</summary>
    public static RowColumnKind KindOf(LogicalType type) => type.Kind switch
    {
        LogicalKind.Boolean => RowColumnKind.Boolean,
        LogicalKind.Decimal or LogicalKind.Float or LogicalKind.Double or LogicalKind.HugeInt or LogicalKind.UHugeInt or LogicalKind.UBigInt or LogicalKind.BigNum
            or LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt
            or LogicalKind.UTinyInt or LogicalKind.USmallInt or LogicalKind.UInteger => RowColumnKind.Number,
        LogicalKind.TimeTz => RowColumnKind.Temporal,
        var kind when TemporalText.IsTemporal(kind) => RowColumnKind.Temporal,
        _ when type.IsNested || type.Alias == "JSON" => RowColumnKind.Nested,
        _ => RowColumnKind.Text,
    };

    /// <summary>Takes the column's rows of a chunk.</summary>
    public void Take(VectorReader vector)
    {
        _hasNulls = vector.HasNulls;
        if (_hasNulls)
            for (var row = 0; row < vector.Count; row++)
                _isNull[row] = vector.IsNull(row);
        TakeValues(vector);
    }

    /// <summary>Writes the cell of a row.</summary>
    public void Write(IRowWriter writer, int row)
    {
        if (_hasNulls && _isNull[row])
            writer.WriteNull();
        else
            WriteValue(writer, row);
    }

    protected abstract void TakeValues(VectorReader vector);

    protected abstract void WriteValue(IRowWriter writer, int row);
}
