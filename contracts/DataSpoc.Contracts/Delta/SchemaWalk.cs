namespace DataSpoc.Contracts.Delta;

/// <summary>Looks through all fields of a schema, those within structs, lists and maps too.</summary>
internal static class SchemaWalk
{
    /// <summary>The first field that fits, with its path (<c>address.city</c>; <c>element</c>, <c>key</c>, <c>value</c> within lists and maps), or null.</summary>
    public static (string Path, DeltaField Field)? Find(DeltaSchema schema, Func<DeltaField, bool> fits) => Find(schema.Fields, "", fits);

    private static (string Path, DeltaField Field)? Find(IReadOnlyList<DeltaField> fields, string prefix, Func<DeltaField, bool> fits)
    {
        foreach (var field in fields)
            if (fits(field))
                return (prefix + field.Name, field);
            else if (Find(Parts(field.Type), prefix + field.Name + ".", fits) is { } inner)
                return inner;
        return null;
    }

    private static IReadOnlyList<DeltaField> Parts(DeltaType type) => type switch
    {
        StructType part => part.Fields,
        ArrayType list => [new("element", list.Element, list.ContainsNull)],
        MapType map => [new("key", map.Key, Nullable: false), new("value", map.Value, map.ValueContainsNull)],
        _ => [],
    };
}
