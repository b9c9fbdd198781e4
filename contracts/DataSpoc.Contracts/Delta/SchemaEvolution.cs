namespace DataSpoc.Contracts.Delta;

/// <summary>
/// How a table's columns grow (CONTRACT section 2): columns are added and lose NOT NULL; nothing is renamed, and a type never changes,
/// as files of both types would belong to the table (Delta protocol, "Consistency Between Table Metadata and Data Files").
/// </summary>
public static class SchemaEvolution
{
    /// <summary>The columns of a table once files with other columns join it: those that are there in their order, then the new ones, nullable.</summary>
    /// <param name="current">The table's columns.</param>
    /// <param name="incoming">The columns of the files.</param>
    /// <param name="table">The table, for messages.</param>
    /// <returns><paramref name="current"/> itself where nothing changes.</returns>
    /// <exception cref="UserError">A column has another type, or differs only in case (<see cref="ExitCode.Refused"/>).</exception>
    public static DeltaSchema Merge(DeltaSchema current, DeltaSchema incoming, string table) =>
        new Merging(table).Fields(current.Fields, incoming.Fields, "") is var fields && ReferenceEquals(fields, current.Fields) ? current : new(fields);

    /// <summary>Whether a column of these is a timestamp without zone, within a struct, list or map too.</summary>
    public static bool HasTimestampNtz(DeltaSchema schema) => SchemaWalk.Find(schema, field => field.Type == PrimitiveType.TimestampNtz) is not null;

    /// <summary>Refuses columns whose names differ only in case: no reader could tell them apart (Delta protocol, "Schema Serialization Format").</summary>
    /// <exception cref="UserError">There are such columns, or there is a column without a name (<see cref="ExitCode.Refused"/>).</exception>
    public static void RequireDistinctNames(DeltaSchema schema, string table) => Distinct(schema.Fields, "", table);

    private static void Distinct(IReadOnlyList<DeltaField> fields, string prefix, string table)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
        {
            if (field.Name.Length == 0)
                throw new UserError($"a column of `{table}` has no name") { Where = [("table", table), ("columns", new DeltaSchema(fields).ToString())], ExitCode = ExitCode.Refused };
            if (!seen.TryAdd(field.Name, field.Name))
                throw SameName(table, prefix + seen[field.Name], prefix + field.Name);
            Distinct(field.Type, prefix + field.Name + ".", table);
        }
    }

    private static void Distinct(DeltaType type, string prefix, string table)
    {
        if (type is StructType part)
            Distinct(part.Fields, prefix, table);
        else if (type is ArrayType list)
            Distinct(list.Element, prefix, table);
        else if (type is MapType map)
            Distinct(map.Value, prefix, table);
    }

    private static UserError SameName(string table, string one, string other) => new($"the columns `{one}` and `{other}` of `{table}` differ only in case")
    {
        Where = [("table", table), ("column", other)],
        Hint = "rename one of them at the source or in the pipeline",
        ExitCode = ExitCode.Refused,
    };

    private sealed class Merging(string table)
    {
        public IReadOnlyList<DeltaField> Fields(IReadOnlyList<DeltaField> current, IReadOnlyList<DeltaField> incoming, string prefix)
        {
            var merged = new List<DeltaField>(current);
            var changed = false;
            foreach (var field in incoming)
            {
                var at = merged.FindIndex(known => string.Equals(known.Name, field.Name, StringComparison.OrdinalIgnoreCase));
                if (at < 0)
                {
                    merged.Add(field with { Nullable = true });
                    changed = true;
                    continue;
                }
                var known = merged[at];
                if (known.Name != field.Name)
                    throw SameName(table, prefix + known.Name, prefix + field.Name);
                var type = Type(known.Type, field.Type, prefix + field.Name);
                var nullable = known.Nullable || field.Nullable;
                if (ReferenceEquals(type, known.Type) && nullable == known.Nullable)
                    continue;
                merged[at] = known with { Type = type, Nullable = nullable };
                changed = true;
            }
            // rows of files without the column are null in it
            for (var at = 0; at < current.Count; at++)
                if (!merged[at].Nullable && !incoming.Any(field => field.Name == current[at].Name))
                {
                    merged[at] = merged[at] with { Nullable = true };
                    changed = true;
                }
            return changed ? merged : current;
        }

        private DeltaType Type(DeltaType current, DeltaType incoming, string column)
        {
            switch (current, incoming)
            {
                case (StructType known, StructType given):
                    var fields = Fields(known.Fields, given.Fields, column + ".");
                    return ReferenceEquals(fields, known.Fields) ? known : new StructType(fields);
                case (ArrayType known, ArrayType given):
                    var element = Type(known.Element, given.Element, column);
                    var containsNull = known.ContainsNull || given.ContainsNull;
                    return ReferenceEquals(element, known.Element) && containsNull == known.ContainsNull ? known : new ArrayType(element, containsNull);
                case (MapType known, MapType given):
                    if (!known.Key.Equals(given.Key))
                        throw Differs(column, current, incoming);
                    var value = Type(known.Value, given.Value, column);
                    var valueNull = known.ValueContainsNull || given.ValueContainsNull;
                    return ReferenceEquals(value, known.Value) && valueNull == known.ValueContainsNull ? known : new MapType(known.Key, value, valueNull);
                // only nulls so far: no file holds it
                case (PrimitiveType { Name: "void" }, _):
                    return incoming;
                default:
                    return current.Equals(incoming) ? current : throw Differs(column, current, incoming);
            }
        }

        private UserError Differs(string column, DeltaType current, DeltaType incoming) =>
            new($"the column `{column}` of `{table}` is {current}, the new rows have {incoming}")
            {
                Where = [("table", table), ("column", column), ("in the table", current.ToString()), ("in the new rows", incoming.ToString())],
                Hint = $"cast it to {current}, or overwrite the table to give the column another type",
                ExitCode = ExitCode.Refused,
            };
    }
}
