namespace DataSpoc.Ml.Data;

/// <summary>How a column of a table can become numbers.</summary>
internal enum ColumnKind
{
    /// <summary>Integers, decimals and floating point.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Text from a set of values.</summary>
    Category,

    /// <summary>A date or a point in time.</summary>
    Moment,

    /// <summary>A time of day or an interval: a number of seconds.</summary>
    Duration,

    /// <summary>Names its row and nothing else: a UUID.</summary>
    Key,

    /// <summary>Nested or binary: not used.</summary>
    Unusable,
}

/// <summary>Reads a DuckDB type as a <see cref="ColumnKind"/>.</summary>
internal static class ColumnKinds
{
    /// <summary>The kind of a type in DuckDB's SQL spelling, for example <c>DECIMAL(18,2)</c>.</summary>
    public static ColumnKind Of(string type)
    {
        if (type.EndsWith(']'))
            return ColumnKind.Unusable;
        return Base(type) switch
        {
            "FLOAT" or "DOUBLE" or "DECIMAL" => ColumnKind.Number,
            _ when IsInteger(type) => ColumnKind.Number,
            "BOOLEAN" => ColumnKind.Flag,
            "VARCHAR" or "ENUM" => ColumnKind.Category,
            "DATE" or "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" or "TIMESTAMPTZ" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => ColumnKind.Moment,
            "TIME" or "TIME WITH TIME ZONE" or "TIMETZ" or "INTERVAL" => ColumnKind.Duration,
            "UUID" => ColumnKind.Key,
            _ => ColumnKind.Unusable,
        };
    }

    /// <summary>Whether a type in DuckDB's SQL spelling is an integer type.</summary>
    public static bool IsInteger(string type) => type is
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT";

    private static string Base(string type)
    {
        var parenthesis = type.IndexOf('(', StringComparison.Ordinal);
        return parenthesis < 0 ? type : type[..parenthesis];
    }
}
