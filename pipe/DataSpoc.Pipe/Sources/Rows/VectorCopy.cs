using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>Copies columns from one chunk to another, values as they are.</summary>
internal static class VectorCopy
{
    /// <param name="source">The first rows of it are copied.</param>
    /// <param name="target">Empty, of the same type.</param>
    /// <param name="count">Rows.</param>
    public static void Rows(VectorReader source, VectorWriter target, int count)
    {
        for (var row = 0; row < count; row++)
            Value(source, row, target, row);
    }

    private static void Value(VectorReader source, int from, VectorWriter target, int to)
    {
        if (source.IsNull(from))
        {
            target.SetNull(to);
            return;
        }

        switch (source.Type.Kind)
        {
            case LogicalKind.Struct:
                for (var field = 0; field < source.Type.Fields.Count; field++)
                    Value(source.Child(field), from, target.Child(field), to);
                break;
            case LogicalKind.List or LogicalKind.Map:
                var (offset, length) = source.List(from);
                var elements = source.Element();
                target.BeginList(to);
                var first = target.AppendElements(to, length);
                for (var i = 0; i < length; i++)
                    Value(elements, offset + i, target.Element, first + i);
                break;
            case var _ when source.Type.IsVariableLength:
                target.SetValidString(to, source.String(from));
                break;
            default:
                Fixed(source, from, target, to);
                break;
        }
    }

    private static void Fixed(VectorReader source, int from, VectorWriter target, int to)
    {
        switch (source.Type.ByteWidth)
        {
            case 1:
                target.Set(to, source.Values<byte>()[from]);
                break;
            case 2:
                target.Set(to, source.Values<short>()[from]);
                break;
            case 4:
                target.Set(to, source.Values<int>()[from]);
                break;
            case 8:
                target.Set(to, source.Values<long>()[from]);
                break;
            default:
                target.Set(to, source.Values<Int128>()[from]);
                break;
        }
    }
}
