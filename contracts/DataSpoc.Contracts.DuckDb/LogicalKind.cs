namespace DataSpoc.Contracts.DuckDb;

/// <summary>DuckDB's kinds of types; the numbers are those of its C API.</summary>
public enum LogicalKind
{
    /// <summary>No type.</summary>
    Invalid = 0,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 1,

    /// <summary>8 bits, signed.</summary>
    TinyInt = 2,

    /// <summary>16 bits, signed.</summary>
    SmallInt = 3,

    /// <summary>32 bits, signed.</summary>
    Integer = 4,

    /// <summary>64 bits, signed.</summary>
    BigInt = 5,

    /// <summary>8 bits, unsigned.</summary>
    UTinyInt = 6,

    /// <summary>16 bits, unsigned.</summary>
    USmallInt = 7,

    /// <summary>32 bits, unsigned.</summary>
    UInteger = 8,

    /// <summary>64 bits, unsigned.</summary>
    UBigInt = 9,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float = 10,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 11,

    /// <summary>Microseconds since 1970-01-01 00:00:00 of a clock without zone, 64 bits.</summary>
    Timestamp = 12,

    /// <summary>Days since 1970-01-01, 32 bits.</summary>
    Date = 13,

    /// <summary>Microseconds since midnight, 64 bits.</summary>
    Time = 14,

    /// <summary>Months, days (32 bits each) and microseconds (64 bits).</summary>
    Interval = 15,

    /// <summary>128 bits, signed.</summary>
    HugeInt = 16,

    /// <summary>UTF-8 text.</summary>
    Varchar = 17,

    /// <summary>Bytes.</summary>
    Blob = 18,

    /// <summary>Up to 38 digits; stored in 16, 32, 64 or 128 bits for widths up to 4, 9, 18 and 38.</summary>
    Decimal = 19,

    /// <summary>Seconds since 1970-01-01, 64 bits.</summary>
    TimestampS = 20,

    /// <summary>Milliseconds since 1970-01-01, 64 bits.</summary>
    TimestampMs = 21,

    /// <summary>Nanoseconds since 1970-01-01, 64 bits.</summary>
    TimestampNs = 22,

    /// <summary>One of a fixed list of texts; stored as an index of 8, 16 or 32 bits.</summary>
    Enum = 23,

    /// <summary>Any number of elements.</summary>
    List = 24,

    /// <summary>Named fields.</summary>
    Struct = 25,

    /// <summary>Keys and values: stored as a list of <c>STRUCT(key, value)</c>.</summary>
    Map = 26,

    /// <summary>128 bits; stored as a signed number with the highest bit flipped.</summary>
    Uuid = 27,

    /// <summary>One of several typed members.</summary>
    Union = 28,

    /// <summary>A string of bits.</summary>
    Bit = 29,

    /// <summary>40 bits of microseconds and 24 bits of offset.</summary>
    TimeTz = 30,

    /// <summary>Microseconds since 1970-01-01 00:00:00 UTC, 64 bits.</summary>
    TimestampTz = 31,

    /// <summary>128 bits, unsigned.</summary>
    UHugeInt = 32,

    /// <summary>A fixed number of elements.</summary>
    Array = 33,

    /// <summary>An integer of any size.</summary>
    BigNum = 35,

    /// <summary>The type of a bare NULL.</summary>
    SqlNull = 36,

    /// <summary>Nanoseconds since midnight, 64 bits.</summary>
    TimeNs = 39,

    /// <summary>Well-known binary.</summary>
    Geometry = 40,

    /// <summary>A value that carries its own type.</summary>
    Variant = 41,
}
