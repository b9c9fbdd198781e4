using DataSpoc.Contracts.Delta;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// What a table of the contract can hold, and how every DuckDB type gets there (Delta protocol, "Primitive Types"; CONTRACT section 1).
/// <list type="bullet">
/// <item>BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE, DECIMAL, VARCHAR, BLOB, DATE, TIMESTAMP (µs), TIMESTAMPTZ (µs): as they are.</item>
/// <item>UTINYINT → SMALLINT, USMALLINT → INTEGER, UINTEGER → BIGINT, UBIGINT → DECIMAL(20,0), HUGEINT and UHUGEINT → DECIMAL(38,0).</item>
/// <item>TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS → TIMESTAMP; nanoseconds are cut.</item>
/// <item>TIME, TIMETZ, TIME_NS, INTERVAL, UUID, ENUM, BIT, BIGNUM, JSON, UNION, VARIANT, GEOMETRY and a bare NULL → VARCHAR, in DuckDB's spelling.</item>
/// <item>LIST and ARRAY → LIST, STRUCT → STRUCT, MAP → MAP, each of stored parts.</item>
/// </list>
/// </summary>
public static class StorageTypes
{
    /// <summary>The type that is written for values of a type.</summary>
    public static LogicalType Stored(LogicalType type) => type.Kind switch
    {
        LogicalKind.Varchar => LogicalType.Varchar,
        LogicalKind.Blob => LogicalType.Blob,
        LogicalKind.UTinyInt => LogicalType.SmallInt,
        LogicalKind.USmallInt => LogicalType.Integer,
        LogicalKind.UInteger => LogicalType.BigInt,
        LogicalKind.UBigInt => LogicalType.Decimal(20, 0),
        LogicalKind.HugeInt or LogicalKind.UHugeInt => LogicalType.Decimal(38, 0),
        LogicalKind.TimestampS or LogicalKind.TimestampMs or LogicalKind.TimestampNs => LogicalType.Timestamp,
        LogicalKind.List or LogicalKind.Array => LogicalType.List(Stored(type.Element)),
        LogicalKind.Map => LogicalType.Map(Stored(type.Fields[0].Type), Stored(type.Fields[1].Type)),
        LogicalKind.Struct => LogicalType.Struct([.. type.Fields.Select(f => f with { Type = Stored(f.Type) })]),
        LogicalKind.Boolean or LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt or LogicalKind.Float or LogicalKind.Double
            or LogicalKind.Decimal or LogicalKind.Date or LogicalKind.Timestamp or LogicalKind.TimestampTz => type,
        _ => LogicalType.Varchar,
    };

    /// <summary>The Delta type under which values of a type are stored.</summary>
    public static DeltaType ToDelta(LogicalType type)
    {
        var stored = Stored(type);
        return stored.Kind switch
        {
            LogicalKind.Boolean => PrimitiveType.Boolean,
            LogicalKind.TinyInt => PrimitiveType.Byte,
            LogicalKind.SmallInt => PrimitiveType.Short,
            LogicalKind.Integer => PrimitiveType.Integer,
            LogicalKind.BigInt => PrimitiveType.Long,
            LogicalKind.Float => PrimitiveType.Float,
            LogicalKind.Double => PrimitiveType.Double,
            LogicalKind.Decimal => new DecimalType(stored.Width, stored.Scale),
            LogicalKind.Blob => PrimitiveType.Binary,
            LogicalKind.Date => PrimitiveType.Date,
            LogicalKind.Timestamp => PrimitiveType.TimestampNtz,
            LogicalKind.TimestampTz => PrimitiveType.Timestamp,
            LogicalKind.List => new ArrayType(ToDelta(stored.Element)),
            LogicalKind.Map => new MapType(ToDelta(stored.Fields[0].Type), ToDelta(stored.Fields[1].Type)),
            LogicalKind.Struct => new StructType([.. stored.Fields.Select(f => new DeltaField(f.Name, ToDelta(f.Type)))]),
            _ => PrimitiveType.String,
        };
    }

    /// <summary>The columns as a table's schema; all of them may be null.</summary>
    public static DeltaSchema ToDelta(IEnumerable<(string Name, LogicalType Type)> columns) =>
        new([.. columns.Select(c => new DeltaField(c.Name, ToDelta(c.Type)))]);

    /// <summary>The DuckDB type that reads a Delta type.</summary>
    /// <exception cref="UserError">A struct without fields, which DuckDB does not have (<see cref="ExitCode.Refused"/>).</exception>
    public static LogicalType FromDelta(DeltaType type) => type switch
    {
        DecimalType d => LogicalType.Decimal(d.Precision, d.Scale),
        ArrayType a => LogicalType.List(FromDelta(a.Element)),
        MapType m => LogicalType.Map(FromDelta(m.Key), FromDelta(m.Value)),
        StructType { Fields.Count: 0 } => throw new UserError("a column is a struct without fields, which cannot be read") { ExitCode = ExitCode.Refused },
        StructType s => LogicalType.Struct([.. s.Fields.Select(f => new LogicalField(f.Name, FromDelta(f.Type)))]),
        PrimitiveType p => Primitive(p),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a Delta type"),
    };

    /// <summary>A SQL expression as exactly the type that is stored for it.</summary>
    /// <param name="expression">SQL, for example a quoted column.</param>
    /// <param name="type">Its type.</param>
    public static string Cast(string expression, LogicalType type)
    {
        var stored = Stored(type);
        return stored.Equals(type) ? expression : $"CAST({expression} AS {stored})";
    }

    /// <summary>The select list that writes columns as exactly the types that are stored: <c>"a", CAST("b" AS BIGINT) AS "b"</c>.</summary>
    public static string SelectList(IEnumerable<(string Name, LogicalType Type)> columns) => string.Join(", ", columns.Select(c =>
    {
        var name = Sql.Identifier(c.Name);
        var cast = Cast(name, c.Type);
        return cast == name ? name : $"{cast} AS {name}";
    }));

    private static LogicalType Primitive(PrimitiveType type) => type.Name switch
    {
        "string" => LogicalType.Varchar,
        "long" => LogicalType.BigInt,
        "integer" => LogicalType.Integer,
        "short" => LogicalType.SmallInt,
        "byte" => LogicalType.TinyInt,
        "float" => LogicalType.Float,
        "double" => LogicalType.Double,
        "boolean" => LogicalType.Boolean,
        "binary" => LogicalType.Blob,
        "date" => LogicalType.Date,
        "timestamp" => LogicalType.TimestampTz,
        "timestamp_ntz" => LogicalType.Timestamp,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a Delta type"),
    };
}
