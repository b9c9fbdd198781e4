namespace DataSpoc.Contracts.DuckDb;

/// <content>The types themselves.</content>
public sealed partial class LogicalType
{
    /// <summary>Spellings of the kinds without parameters; the first of a kind is the one that is printed.</summary>
    internal static readonly (string Name, LogicalKind Kind)[] Names =
    [
        ("BOOLEAN", LogicalKind.Boolean), ("BOOL", LogicalKind.Boolean), ("LOGICAL", LogicalKind.Boolean),
        ("TINYINT", LogicalKind.TinyInt), ("INT1", LogicalKind.TinyInt),
        ("SMALLINT", LogicalKind.SmallInt), ("INT2", LogicalKind.SmallInt), ("SHORT", LogicalKind.SmallInt),
        ("INTEGER", LogicalKind.Integer), ("INT", LogicalKind.Integer), ("INT4", LogicalKind.Integer), ("SIGNED", LogicalKind.Integer),
        ("BIGINT", LogicalKind.BigInt), ("INT8", LogicalKind.BigInt), ("LONG", LogicalKind.BigInt),
        ("UTINYINT", LogicalKind.UTinyInt), ("UINT8", LogicalKind.UTinyInt),
        ("USMALLINT", LogicalKind.USmallInt), ("UINT16", LogicalKind.USmallInt),
        ("UINTEGER", LogicalKind.UInteger), ("UINT32", LogicalKind.UInteger),
        ("UBIGINT", LogicalKind.UBigInt), ("UINT64", LogicalKind.UBigInt),
        ("HUGEINT", LogicalKind.HugeInt), ("INT128", LogicalKind.HugeInt),
        ("UHUGEINT", LogicalKind.UHugeInt), ("UINT128", LogicalKind.UHugeInt),
        ("FLOAT", LogicalKind.Float), ("REAL", LogicalKind.Float), ("FLOAT4", LogicalKind.Float),
        ("DOUBLE", LogicalKind.Double), ("FLOAT8", LogicalKind.Double),
        ("TIMESTAMP", LogicalKind.Timestamp), ("DATETIME", LogicalKind.Timestamp), ("TIMESTAMP_US", LogicalKind.Timestamp),
        ("TIMESTAMP_S", LogicalKind.TimestampS), ("TIMESTAMP_MS", LogicalKind.TimestampMs), ("TIMESTAMP_NS", LogicalKind.TimestampNs),
        ("TIMESTAMP WITH TIME ZONE", LogicalKind.TimestampTz), ("TIMESTAMPTZ", LogicalKind.TimestampTz),
        ("DATE", LogicalKind.Date), ("TIME", LogicalKind.Time), ("TIME_NS", LogicalKind.TimeNs),
        ("TIME WITH TIME ZONE", LogicalKind.TimeTz), ("TIMETZ", LogicalKind.TimeTz),
        ("INTERVAL", LogicalKind.Interval),
        ("VARCHAR", LogicalKind.Varchar), ("TEXT", LogicalKind.Varchar), ("STRING", LogicalKind.Varchar), ("CHAR", LogicalKind.Varchar), ("BPCHAR", LogicalKind.Varchar),
        ("BLOB", LogicalKind.Blob), ("BYTEA", LogicalKind.Blob), ("BINARY", LogicalKind.Blob), ("VARBINARY", LogicalKind.Blob),
        ("UUID", LogicalKind.Uuid), ("GUID", LogicalKind.Uuid),
        ("BIT", LogicalKind.Bit), ("BITSTRING", LogicalKind.Bit),
        ("BIGNUM", LogicalKind.BigNum), ("GEOMETRY", LogicalKind.Geometry), ("VARIANT", LogicalKind.Variant), ("\"NULL\"", LogicalKind.SqlNull), ("NULL", LogicalKind.SqlNull),
    ];

    /// <summary>True or false.</summary>
    public static LogicalType Boolean { get; } = new(LogicalKind.Boolean);

    /// <summary>8 bits, signed.</summary>
    public static LogicalType TinyInt { get; } = new(LogicalKind.TinyInt);

    /// <summary>16 bits, signed.</summary>
    public static LogicalType SmallInt { get; } = new(LogicalKind.SmallInt);

    /// <summary>32 bits, signed.</summary>
    public static LogicalType Integer { get; } = new(LogicalKind.Integer);

    /// <summary>64 bits, signed.</summary>
    public static LogicalType BigInt { get; } = new(LogicalKind.BigInt);

    /// <summary>128 bits, signed.</summary>
    public static LogicalType HugeInt { get; } = new(LogicalKind.HugeInt);

    /// <summary>32 bits of floating point.</summary>
    public static LogicalType Float { get; } = new(LogicalKind.Float);

    /// <summary>64 bits of floating point.</summary>
    public static LogicalType Double { get; } = new(LogicalKind.Double);

    /// <summary>UTF-8 text.</summary>
    public static LogicalType Varchar { get; } = new(LogicalKind.Varchar);

    /// <summary>Bytes.</summary>
    public static LogicalType Blob { get; } = new(LogicalKind.Blob);

    /// <summary>A day.</summary>
    public static LogicalType Date { get; } = new(LogicalKind.Date);

    /// <summary>A time of day, microseconds.</summary>
    public static LogicalType Time { get; } = new(LogicalKind.Time);

    /// <summary>A time of a clock without zone, microseconds.</summary>
    public static LogicalType Timestamp { get; } = new(LogicalKind.Timestamp);

    /// <summary>An instant, microseconds UTC.</summary>
    public static LogicalType TimestampTz { get; } = new(LogicalKind.TimestampTz);

    /// <summary>128 bits, shown as hexadecimal groups.</summary>
    public static LogicalType Uuid { get; } = new(LogicalKind.Uuid);

    /// <summary>UTF-8 text that holds a JSON document.</summary>
    public static LogicalType Json { get; } = new(LogicalKind.Varchar) { Alias = "JSON" };

    /// <summary>A type without parameters.</summary>
    /// <exception cref="ArgumentException">The kind needs parameters.</exception>
    public static LogicalType Of(LogicalKind kind) =>
        Names.Any(n => n.Kind == kind) ? new(kind) : throw new ArgumentException($"{kind} needs parameters", nameof(kind));

    /// <summary>An exact number.</summary>
    /// <param name="width">All digits, 1 to 38.</param>
    /// <param name="scale">Digits after the point, 0 to <paramref name="width"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside these ranges.</exception>
    public static LogicalType Decimal(int width, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 38);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, width);
        return new(LogicalKind.Decimal) { Width = (byte)width, Scale = (byte)scale };
    }

    /// <summary>Any number of elements.</summary>
    public static LogicalType List(LogicalType element) => new(LogicalKind.List) { Fields = [new("element", element)] };

    /// <summary>A fixed number of elements, at least one.</summary>
    public static LogicalType Array(LogicalType element, int length) =>
        new(LogicalKind.Array) { Fields = [new("element", element)], Length = length > 0 ? length : throw new ArgumentOutOfRangeException(nameof(length)) };

    /// <summary>Keys, unique and never null, and values.</summary>
    public static LogicalType Map(LogicalType key, LogicalType value) => new(LogicalKind.Map) { Fields = [new("key", key), new("value", value)] };

    /// <summary>Named fields, at least one.</summary>
    public static LogicalType Struct(params IReadOnlyList<LogicalField> fields) =>
        fields.Count > 0 ? new(LogicalKind.Struct) { Fields = [.. fields] } : throw new ArgumentException("a STRUCT has at least one field", nameof(fields));

    /// <summary>One of several typed members, at least one.</summary>
    public static LogicalType Union(params IReadOnlyList<LogicalField> members) =>
        members.Count > 0 ? new(LogicalKind.Union) { Fields = [.. members] } : throw new ArgumentException("a UNION has at least one member", nameof(members));

    /// <summary>One of a fixed list of texts.</summary>
    public static LogicalType Enum(params IReadOnlyList<string> members) => new(LogicalKind.Enum) { Members = [.. members] };

    internal static LogicalType Aliased(LogicalKind kind, string alias) => alias == "JSON" ? Json : new(kind) { Alias = alias };
}
