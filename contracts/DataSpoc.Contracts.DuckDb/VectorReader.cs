using System.Runtime.CompilerServices;
using DataSpoc.Contracts.DuckDb.Native;
using ValueReader = DataSpoc.Contracts.DuckDb.Values.ValueReader;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>Reads one column of a <see cref="DataChunk"/> in DuckDB's own memory, without copies.</summary>
public readonly unsafe ref struct VectorReader
{
    private readonly nint vector;
    private readonly byte* data;
    private readonly ulong* validity;

    internal VectorReader(nint vector, LogicalType type, int count)
    {
        this.vector = vector;
        Type = type;
        Count = count;
        data = (byte*)NativeMethods.VectorData(vector);
        validity = NativeMethods.VectorValidity(vector);
    }

    /// <summary>The column's type.</summary>
    public LogicalType Type { get; }

    /// <summary>The values: the chunk's rows, or the elements of all its lists.</summary>
    public int Count { get; }

    /// <summary>Whether there may be NULLs at all.</summary>
    public bool HasNulls => validity != null;

    /// <summary>Bit r of word r / 64 is 1 where row r has a value; empty where no row is NULL.</summary>
    public ReadOnlySpan<ulong> Validity => validity == null ? [] : new(validity, (Count + 63) / 64);

    /// <summary>Whether a row is NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNull(int row)
    {
        Check(row);
        return validity != null && (validity[row >> 6] & (1UL << (row & 63))) == 0;
    }

    /// <summary>The values, one per row, undefined where NULL. The size of <typeparamref name="T"/> is the type's <see cref="LogicalType.ByteWidth"/>.</summary>
    /// <exception cref="InvalidOperationException">The sizes differ, or the type is of variable length or nested.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged =>
        sizeof(T) == Type.ByteWidth && !Type.IsVariableLength && !Type.IsNested
            ? new(data, Count)
            : throw new InvalidOperationException($"A column of type {Type} has no values of {sizeof(T)} bytes");

    /// <summary>A text (UTF-8) or bytes; undefined where NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> String(int row)
    {
        Check(row);
        if (!Type.IsVariableLength)
            throw new InvalidOperationException($"A column of type {Type} has no text");
        return NativeString.Bytes((NativeString*)data + row);
    }

    /// <summary>LIST, MAP and ARRAY: where a row's elements are in <see cref="Element"/>; undefined where NULL.</summary>
    public (int Offset, int Length) List(int row)
    {
        Check(row);
        if (Type.Kind == LogicalKind.Array)
            return (row * Type.Length, Type.Length);
        if (Type.Kind is not (LogicalKind.List or LogicalKind.Map))
            throw new InvalidOperationException($"A column of type {Type} has no lists");
        var entry = ((NativeListEntry*)data)[row];
        return ((int)entry.Offset, (int)entry.Length);
    }

    /// <summary>LIST and ARRAY: the elements of all rows. MAP: the pairs, as a STRUCT with the children 0 (key) and 1 (value).</summary>
    public VectorReader Element() => Type.Kind switch
    {
        LogicalKind.List => new(NativeMethods.ListChild(vector), Type.Element, (int)NativeMethods.ListSize(vector)),
        LogicalKind.Map => new(NativeMethods.ListChild(vector), LogicalType.Struct(Type.Fields), (int)NativeMethods.ListSize(vector)),
        LogicalKind.Array => new(NativeMethods.ArrayChild(vector), Type.Element, Count * Type.Length),
        _ => throw new InvalidOperationException($"A column of type {Type} has no elements"),
    };

    /// <summary>STRUCT: a field, with the same rows. UNION: member <paramref name="field"/>, with the same rows.</summary>
    public VectorReader Child(int field) => Type.Kind switch
    {
        LogicalKind.Struct => new(NativeMethods.StructChild(vector, (ulong)field), Type.Fields[field].Type, Count),
        LogicalKind.Union => new(NativeMethods.StructChild(vector, (ulong)field + 1), Type.Fields[field].Type, Count),
        _ => throw new InvalidOperationException($"A column of type {Type} has no fields"),
    };

    /// <summary>One value as a .NET value, or null; see <see cref="ResultReader.GetValue"/>.</summary>
    public object? GetValue(int row) => ValueReader.Read(this, row);

    /// <summary>UNION: the member that a row has.</summary>
    public int Tag(int row)
    {
        Check(row);
        return Type.Kind == LogicalKind.Union
            ? ((byte*)NativeMethods.VectorData(NativeMethods.StructChild(vector, 0)))[row]
            : throw new InvalidOperationException($"A column of type {Type} has no members");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(int row)
    {
        if ((uint)row >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"there are {Count} rows");
    }
}
