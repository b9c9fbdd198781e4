using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.DuckDb.Native;

/// <summary>Types from DuckDB and back.</summary>
internal static unsafe class TypeConversion
{
    /// <summary>Reads a native type completely.</summary>
    internal static LogicalType Read(LogicalTypeHandle type)
    {
        var kind = (LogicalKind)NativeMethods.TypeId(type);
        var alias = NativeText.Owned(NativeMethods.TypeAlias(type));
        return kind switch
        {
            LogicalKind.Varchar or LogicalKind.Blob when alias.Length > 0 => LogicalType.Aliased(kind, alias),
            LogicalKind.Decimal => LogicalType.Decimal(NativeMethods.DecimalWidth(type), NativeMethods.DecimalScale(type)),
            LogicalKind.List => LogicalType.List(ReadAndRelease(NativeMethods.ListElement(type))),
            LogicalKind.Array => LogicalType.Array(ReadAndRelease(NativeMethods.ArrayElement(type)), (int)NativeMethods.ArraySize(type)),
            LogicalKind.Map => LogicalType.Map(ReadAndRelease(NativeMethods.MapKey(type)), ReadAndRelease(NativeMethods.MapValue(type))),
            LogicalKind.Struct => LogicalType.Struct(Fields(NativeMethods.StructCount(type),
                i => new(NativeText.Owned(NativeMethods.StructName(type, i)), ReadAndRelease(NativeMethods.StructType(type, i))))),
            LogicalKind.Union => LogicalType.Union(Fields(NativeMethods.UnionCount(type),
                i => new(NativeText.Owned(NativeMethods.UnionName(type, i)), ReadAndRelease(NativeMethods.UnionType(type, i))))),
            LogicalKind.Enum => LogicalType.Enum(Members(type)),
            _ => LogicalType.Of(kind),
        };
    }

    /// <summary>Reads a native type and gives it back.</summary>
    internal static LogicalType ReadAndRelease(LogicalTypeHandle type)
    {
        using (type)
            return Read(type);
    }

    /// <summary>Makes the native form.</summary>
    internal static LogicalTypeHandle Create(LogicalType type)
    {
        var result = type.Kind switch
        {
            LogicalKind.Decimal => NativeMethods.CreateDecimalType(type.Width, type.Scale),
            LogicalKind.List => With(type.Element, NativeMethods.CreateListType),
            LogicalKind.Array => With(type.Element, e => NativeMethods.CreateArrayType(e, (ulong)type.Length)),
            LogicalKind.Map => With(type.Fields[0].Type, key => With(type.Fields[1].Type, value => NativeMethods.CreateMapType(key, value))),
            LogicalKind.Struct or LogicalKind.Union => CreateFields(type),
            LogicalKind.Enum => WithNames(type.Members, names => NativeMethods.CreateEnumType((nint*)names, (ulong)type.Members.Count)),
            _ => NativeMethods.CreateLogicalType((int)type.Kind),
        };
        if (result.IsInvalid)
            throw new DuckDbException($"DuckDB cannot make the type {type}", DuckDbError.InvalidInput);
        if (type.Alias is not null)
            NativeMethods.SetTypeAlias(result, type.Alias);
        return result;
    }

    private static LogicalTypeHandle With(LogicalType part, Func<LogicalTypeHandle, LogicalTypeHandle> make)
    {
        using var native = Create(part);
        return make(native);
    }

    private static LogicalTypeHandle CreateFields(LogicalType type)
    {
        var parts = type.Fields.Select(f => Create(f.Type)).ToArray();
        try
        {
            var types = parts.Select(p => p.DangerousGetHandle()).ToArray();
            return WithNames([.. type.Fields.Select(f => f.Name)], names =>
            {
                fixed (nint* first = types)
                    return type.Kind == LogicalKind.Struct
                        ? NativeMethods.CreateStructType(first, (nint*)names, (ulong)types.Length)
                        : NativeMethods.CreateUnionType(first, (nint*)names, (ulong)types.Length);
            });
        }
        finally
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }

    private static LogicalTypeHandle WithNames(IReadOnlyList<string> names, Func<nint, LogicalTypeHandle> make)
    {
        var texts = names.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        try
        {
            fixed (nint* first = texts)
                return make((nint)first);
        }
        finally
        {
            foreach (var text in texts)
                Marshal.FreeCoTaskMem(text);
        }
    }

    private static List<LogicalField> Fields(ulong count, Func<ulong, LogicalField> read)
    {
        var result = new List<LogicalField>((int)count);
        for (ulong i = 0; i < count; i++)
            result.Add(read(i));
        return result;
    }

    private static List<string> Members(LogicalTypeHandle type)
    {
        var count = NativeMethods.EnumSize(type);
        var result = new List<string>((int)count);
        for (ulong i = 0; i < count; i++)
            result.Add(NativeText.Owned(NativeMethods.EnumMember(type, i)));
        return result;
    }
}
