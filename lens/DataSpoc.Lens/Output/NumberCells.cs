using System.Text;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>Whole numbers of at most 64 bits.</summary>
internal sealed class IntegerCells : ResultCells
{
    private readonly long[] _values = new long[DataChunk.Capacity];

    protected override void TakeValues(VectorReader vector)
    {
        switch (vector.Type.Kind)
        {
            case LogicalKind.TinyInt: Widen(vector.Values<sbyte>()); break;
            case LogicalKind.SmallInt: Widen(vector.Values<short>()); break;
            case LogicalKind.Integer: Widen(vector.Values<int>()); break;
            case LogicalKind.UTinyInt: Widen(vector.Values<byte>()); break;
            case LogicalKind.USmallInt: Widen(vector.Values<ushort>()); break;
            case LogicalKind.UInteger: Widen(vector.Values<uint>()); break;
            default: vector.Values<long>().CopyTo(_values); break;
        }
    }

    protected override void WriteValue(IRowWriter writer, int row) => writer.WriteInt64(_values[row]);

    private void Widen(ReadOnlySpan<int> values)
    {
        for (var i = 0; i < values.Length; i++)
            _values[i] = values[i];
    }

    private void Widen(ReadOnlySpan<uint> values)
    {
        for (var i = 0; i < values.Length; i++)
            _values[i] = values[i];
    }

    private void Widen(ReadOnlySpan<short> values)
    {
        for (var i = 0; i < values.Length; i++)
            _values[i] = values[i];
    }

    private void Widen(ReadOnlySpan<ushort> values)
    {
        for (var i = 0; i < values.Length; i++)
            _values[i] = values[i];
    }

    private void Widen(ReadOnlySpan<sbyte> values)
    {
        for (var i = 0; i < values.Length; i++)
            _values[i] = values[i];
    }

    private void Widen(ReadOnlySpan<byte> values)
    {
        for (var i = 0; i < values.Length; i++)
            _values[i] = values[i];
    }
}

/// <summary>Doubles.</summary>
internal sealed class DoubleCells : ResultCells
{
    private readonly double[] _values = new double[DataChunk.Capacity];

    protected override void TakeValues(VectorReader vector) => vector.Values<double>().CopyTo(_values);

    protected override void WriteValue(IRowWriter writer, int row) => writer.WriteDouble(_values[row]);
}

/// <summary>True or false.</summary>
internal sealed class BooleanCells : ResultCells
{
    private readonly byte[] _values = new byte[DataChunk.Capacity];

    protected override void TakeValues(VectorReader vector) => vector.Values<byte>().CopyTo(_values);

    protected override void WriteValue(IRowWriter writer, int row) => writer.WriteBoolean(_values[row] != 0);
}

/// <summary>Members of a fixed list.</summary>
internal sealed class EnumCells(LogicalType type) : ResultCells
{
    private readonly byte[][] _members = [.. type.Members.Select(Encoding.UTF8.GetBytes)];
    private readonly uint[] _values = new uint[DataChunk.Capacity];

    protected override void TakeValues(VectorReader vector)
    {
        for (var row = 0; row < vector.Count; row++)
            _values[row] = vector.Type.ByteWidth switch { 1 => vector.Values<byte>()[row], 2 => vector.Values<ushort>()[row], _ => vector.Values<uint>()[row] };
    }

    protected override void WriteValue(IRowWriter writer, int row) => writer.WriteString(_members[_values[row]]);
}
