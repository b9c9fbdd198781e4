using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources;

/// <summary>Casts that lose nothing. One that rounds is none: the text 12.5 is not 13, and 12.5 is not either; and of a structure no part may become NULL.</summary>
internal static class ExactCast
{
    /// <summary>The condition in SQL under which a value is not of a type, exactly. NULL is of every type.</summary>
    /// <param name="input">The value in SQL.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The type.</param>
    public static string Fails(string input, LogicalType from, LogicalType to) => from.Equals(LogicalType.Json) && to.IsNested
        ? $"coalesce({JsonFails(input, to, 0)}, false)"
        : from.Kind == LogicalKind.Varchar && to.Kind is LogicalKind.List or LogicalKind.Struct ? $"({input} IS NOT NULL AND (TRY_CAST({input} AS {to}) IS NULL OR coalesce({PartFails($"TRY_CAST({input} AS {Texts(to)})", to, 0)}, true)))"
        : $"({input} IS NOT NULL AND (TRY_CAST({input} AS {to}) IS NULL{Loses(input, from, to)}))";

    private static string Loses(string input, LogicalType from, LogicalType to)
    {
        if (to.Kind == LogicalKind.Varchar)
            return "";
        if (from.Kind != LogicalKind.Varchar || to.IsNested)
            return $" OR TRY_CAST(TRY_CAST({input} AS {to}) AS {from}) IS DISTINCT FROM {input}";
        if (to.Kind == LogicalKind.Double)
            return $" OR {ExactNumbers.Double($"CAST({input} AS VARCHAR)", "")} IS NULL";
        var text = $"CAST({input} AS VARCHAR)";
        return IsExact(to) ? FormattableString.Invariant($" OR length(rtrim(split_part({text}, '.', 2), '0 ')) > {to.Scale} OR contains(lower({text}), 'e')") : "";
    }

    // a list or a structure as DuckDB spells it in a text: a cast would round its parts without a word, so they are looked at as texts
    private static string PartFails(string part, LogicalType to, int depth)
    {
        var element = FormattableString.Invariant($"p{depth}");
        return to.Kind switch
        {
            LogicalKind.List => $"len(list_filter({part}, lambda {element}: coalesce({PartFails(element, to.Element, depth + 1)}, false))) > 0",
            LogicalKind.Struct => $"({string.Join(" OR ", to.Fields.Select(field => $"coalesce({PartFails($"struct_extract({part}, {Sql.Literal(field.Name)})", field.Type, depth + 1)}, false)"))})",
            _ => Fails(part, LogicalType.Varchar, to),
        };
    }

    private static LogicalType Texts(LogicalType type) => type.Kind switch
    {
        LogicalKind.List => LogicalType.List(Texts(type.Element)),
        LogicalKind.Struct => LogicalType.Struct([.. type.Fields.Select(field => field with { Type = Texts(field.Type) })]),
        _ => LogicalType.Varchar,
    };

    // DuckDB makes NULL of the parts of a JSON value that do not fit, and leaves out fields that the type does not have
    private static string JsonFails(string json, LogicalType to, int depth)
    {
        var part = FormattableString.Invariant($"p{depth}");
        switch (to.Kind)
        {
            case LogicalKind.Struct:
                var known = $"[{string.Join(", ", to.Fields.Select(field => Sql.Literal(field.Name)))}]";
                var fields = to.Fields.Select(field => JsonFails($"json_extract({json}, {Sql.Literal(Pointer(field.Name))})", field.Type, depth + 1));
                return $"(json_type({json}) <> 'NULL' AND (json_type({json}) <> 'OBJECT' OR NOT list_has_all({known}, json_keys({json})) OR {string.Join(" OR ", fields.Select(field => $"coalesce({field}, false)"))}))";
            case LogicalKind.List:
                return $"(json_type({json}) <> 'NULL' AND (json_type({json}) <> 'ARRAY' OR len(list_filter(TRY_CAST({json} AS JSON[]), lambda {part}: coalesce({JsonFails(part, to.Element, depth + 1)}, false))) > 0))";
            case LogicalKind.Varchar:
                return "false";
            default:
                return to.IsNested ? $"(TRY_CAST({json} AS {to}) IS NULL AND json_type({json}) <> 'NULL')" : Fails($"json_extract_string({json}, '$')", LogicalType.Varchar, to);
        }
    }

    // a JSON pointer (RFC 6901)
    internal static string Pointer(string field) => "/" + field.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static bool IsExact(LogicalType type) => type.Kind is LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt or LogicalKind.Decimal;
}
