using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// Writes one column of a <see cref="DataChunk"/>, straight into DuckDB's memory. Nested types have writers of their own for their parts:
/// <see cref="Child"/> of a STRUCT shares its rows, <see cref="Element"/> of a LIST or MAP has the positions that <see cref="AppendElement"/> gives.
/// </summary>
public sealed unsafe class VectorWriter
{
    private readonly nint vector;
    private readonly int valueWidth;
    private readonly VectorWriter[] children;
    private byte* data;
    private ulong* validity;
    private int capacity;
    private int elements;
    private long textBytes;

    internal VectorWriter(nint vector, LogicalType type, int capacity)
    {
        this.vector = vector;
        Type = type;
        children = Children(vector, type, capacity);
        valueWidth = type.IsVariableLength || children.Length > 0 ? 0 : type.ByteWidth;
        Refresh(capacity);
    }

    /// <summary>The column's type.</summary>
    public LogicalType Type { get; }

    /// <summary>LIST and MAP: elements appended so far, over all rows.</summary>
    public int ElementCount => elements;

    /// <summary>
    /// LIST: the writer of the elements. MAP: the writer of the pairs, a STRUCT with the children 0 (key) and 1 (value).
    /// ARRAY: the writer of the elements; row r has the positions r × length to r × length + length − 1.
    /// </summary>
    public VectorWriter Element => Type.Kind is LogicalKind.List or LogicalKind.Map or LogicalKind.Array ? children[0] : throw Not("elements");

    /// <summary>STRUCT: the writer of a field, with the same rows.</summary>
    public VectorWriter Child(int field) => Type.Kind is LogicalKind.Struct ? children[field] : throw Not("fields");

    /// <summary>The values themselves, one per row. The size of <typeparamref name="T"/> is the type's <see cref="LogicalType.ByteWidth"/>.</summary>
    /// <exception cref="InvalidOperationException">The sizes differ, or the type is of variable length or nested.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Values<T>()
        where T : unmanaged
    {
        if (sizeof(T) != valueWidth)
            throw Not($"values of {sizeof(T)} bytes");
        return new(data, capacity);
    }

    /// <summary>Writes one value; like <see cref="Values{T}"/>, for writers that go row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set<T>(int row, T value)
        where T : unmanaged => Values<T>()[row] = value;

    /// <summary>Makes a row NULL, with all its parts.</summary>
    public void SetNull(int row)
    {
        Check(row);
        if (validity == null)
        {
            NativeMethods.EnsureValidityWritable(vector);
            validity = NativeMethods.VectorValidity(vector);
        }
        validity[row >> 6] &= ~(1UL << (row & 63));
        switch (Type.Kind)
        {
            case LogicalKind.Struct:
                foreach (var child in children)
                    child.SetNull(row);
                break;
            case LogicalKind.Array:
                for (var i = 0; i < Type.Length; i++)
                    children[0].SetNull((row * Type.Length) + i);
                break;
            case LogicalKind.List or LogicalKind.Map:
                ((NativeListEntry*)data)[row] = default;
                break;
            default:
                if (Type.IsVariableLength)
                    ((NativeString*)data)[row] = default;
                break;
        }
    }

    /// <summary>Writes a text or bytes; they are copied.</summary>
    /// <exception cref="UserError">A text that is not UTF-8 (<see cref="ExitCode.Failed"/>).</exception>
    public void SetString(int row, ReadOnlySpan<byte> utf8)
    {
        if (Type.Kind == LogicalKind.Varchar && !Utf8.IsValid(utf8))
            throw new UserError("a text is not valid UTF-8") { Hint = "convert the source to UTF-8 first" };
        SetValidString(row, utf8);
    }

    /// <summary>As <see cref="SetString"/>, for a text that is known to be valid UTF-8: anything else ends in undefined behaviour of DuckDB.</summary>
    public void SetValidString(int row, ReadOnlySpan<byte> utf8)
    {
        Check(row);
        if (!Type.IsVariableLength)
            throw Not("text");
        if (utf8.Length <= NativeString.InlineLength)
        {
            var target = (NativeString*)data + row;
            *target = default;
            target->Length = (uint)utf8.Length;
            utf8.CopyTo(new Span<byte>(target->Inlined, NativeString.InlineLength));
            return;
        }
        textBytes += utf8.Length;
        fixed (byte* bytes = utf8)
            NativeMethods.AssignString(vector, (ulong)row, bytes, (ulong)utf8.Length);
    }

    /// <summary>LIST and MAP: starts the list of a row, with no elements yet. Rows are begun in ascending order.</summary>
    public void BeginList(int row)
    {
        Check(row);
        if (Type.Kind is not (LogicalKind.List or LogicalKind.Map))
            throw Not("lists");
        ((NativeListEntry*)data)[row] = new((ulong)elements, 0);
    }

    /// <summary>LIST and MAP: one more element in the list of the row that was begun last; its position in <see cref="Element"/>.</summary>
    public int AppendElement(int row)
    {
        if (elements == children[0].capacity)
            Grow(elements + 1);
        ((NativeListEntry*)data)[row].Length++;
        return elements++;
    }

    /// <summary>LIST and MAP: <paramref name="count"/> more elements at once; the position of the first.</summary>
    public int AppendElements(int row, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (elements + count > children[0].capacity)
            Grow(elements + count);
        ((NativeListEntry*)data)[row].Length += (ulong)count;
        var first = elements;
        elements += count;
        return first;
    }

    /// <summary>Bytes of texts that did not fit into their rows, all parts included.</summary>
    internal long TextBytes => textBytes + children.Sum(c => c.TextBytes);

    internal void Refresh() => Refresh(DataChunk.Capacity);

    internal void Seal()
    {
        if (Type.Kind is LogicalKind.List or LogicalKind.Map)
            _ = NativeMethods.SetListSize(vector, (ulong)elements);
        foreach (var child in children)
            child.Seal();
    }

    private static VectorWriter[] Children(nint vector, LogicalType type, int capacity) => type.Kind switch
    {
        LogicalKind.Struct => [.. type.Fields.Select((field, i) => new VectorWriter(NativeMethods.StructChild(vector, (ulong)i), field.Type, capacity))],
        LogicalKind.List => [new(NativeMethods.ListChild(vector), type.Element, DataChunk.Capacity)],
        LogicalKind.Map => [new(NativeMethods.ListChild(vector), LogicalType.Struct(type.Fields), DataChunk.Capacity)],
        LogicalKind.Array => [new(NativeMethods.ArrayChild(vector), type.Element, capacity * type.Length)],
        LogicalKind.Union => throw new NotSupportedException("UNION columns are not written from rows"),
        _ => [],
    };

    private void Refresh(int newCapacity)
    {
        capacity = newCapacity;
        elements = 0;
        textBytes = 0;
        Locate();
        foreach (var child in children)
            child.Refresh(Type.Kind switch
            {
                LogicalKind.Struct => newCapacity,
                LogicalKind.Array => newCapacity * Type.Length,
                _ => DataChunk.Capacity,
            });
    }

    private void Grow(int needed)
    {
        var wanted = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, children[0].capacity));
        if (NativeMethods.ReserveList(vector, (ulong)wanted) != NativeState.Success)
            throw new DuckDbException($"DuckDB has no room for {wanted} list elements in one chunk", DuckDbError.OutOfMemory);
        children[0].Moved(wanted);
    }

    /// <summary>The list around this vector has grown: its memory is elsewhere, its content is the same.</summary>
    private void Moved(int newCapacity)
    {
        capacity = newCapacity;
        Locate();
        if (Type.Kind is LogicalKind.Struct or LogicalKind.Array)
            foreach (var child in children)
                child.Moved(Type.Kind == LogicalKind.Array ? newCapacity * Type.Length : newCapacity);
    }

    private void Locate()
    {
        data = (byte*)NativeMethods.VectorData(vector);
        validity = NativeMethods.VectorValidity(vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(int row)
    {
        if ((uint)row >= (uint)capacity)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"rows are 0 to {capacity - 1}");
    }

    private InvalidOperationException Not(string what) => new($"A column of type {Type} has no {what}");
}
