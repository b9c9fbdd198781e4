using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary><c>date</c>: days since 2000-01-01, of the years 0001 to 9999; the greatest and the smallest number are the infinities.</summary>
internal sealed class DateDecoder(OutOfRange outOfRange) : ValueDecoder
{
    // 2000-01-01, 0001-01-01 and 9999-12-31 as days since 1970-01-01
    private const int Epoch = 10_957;
    private const int First = -719_162;
    private const int Last = 2_932_896;

    public override LogicalType Type => LogicalType.Date;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        var stored = BinaryPrimitives.ReadInt32BigEndian(value);
        var day = (long)stored + Epoch;
        if (day is >= First and <= Last)
            target.Set(row, (int)day);
        else if (outOfRange == OutOfRange.Max)
            target.Set(row, day < First ? First : Last);
        else if (outOfRange == OutOfRange.Null)
            target.SetNull(row);
        else
            throw TimestampDecoder.Refused(stored switch { int.MaxValue => "is infinity", int.MinValue => "is -infinity", _ => null }, "a date", day / 365.2425);
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(BinaryPrimitives.ReadInt32BigEndian(value) switch
    {
        int.MaxValue => "infinity",
        int.MinValue => "-infinity",
        var days => TimeSpelling.OfDate(days + (long)Epoch),
    });
}

/// <summary><c>timestamp</c> and <c>timestamptz</c>: microseconds since 2000-01-01, of the years 0001 to 9999; the greatest and the smallest number are the infinities.</summary>
internal sealed class TimestampDecoder(LogicalType type, OutOfRange outOfRange) : ValueDecoder
{
    private const long Epoch = 946_684_800_000_000;
    private const long First = -62_135_596_800_000_000;
    private const long Last = 253_402_300_799_999_999;

    public override LogicalType Type => type;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        var stored = BinaryPrimitives.ReadInt64BigEndian(value);
        if (stored is >= First - Epoch and <= Last - Epoch)
            target.Set(row, stored + Epoch);
        else if (outOfRange == OutOfRange.Max)
            target.Set(row, stored < 0 ? First : Last);
        else if (outOfRange == OutOfRange.Null)
            target.SetNull(row);
        else
            throw Refused(stored switch { long.MaxValue => "is infinity", long.MinValue => "is -infinity", _ => null }, "a time", (stored / 31_556_952e6) + 30);
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(BinaryPrimitives.ReadInt64BigEndian(value) switch
    {
        long.MaxValue => "infinity",
        long.MinValue => "-infinity",
        var microseconds => TimeSpelling.OfTimestamp(microseconds, 10_957) + (type.Kind == LogicalKind.TimestampTz ? "+00" : ""),
    });

    internal static ValueRefused Refused(string? infinity, string noun, double yearsSince1970) =>
        new(infinity ?? string.Create(CultureInfo.InvariantCulture, $"is {noun} of about the year {1970 + yearsSince1970:0}, outside 0001 to 9999"))
        {
            Hint = "`out_of_range: null` makes such values NULL, `max` the nearest that a table can hold",
        };
}

/// <summary><c>interval</c>: months, days and microseconds, which do not convert into each other. The infinities (PostgreSQL 17) have no counterpart.</summary>
internal sealed class IntervalDecoder(OutOfRange outOfRange) : ValueDecoder
{
    public override LogicalType Type { get; } = LogicalType.Parse("INTERVAL");

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        var interval = Read(value);
        if (interval is not ({ Microseconds: long.MaxValue, Days: int.MaxValue, Months: int.MaxValue } or { Microseconds: long.MinValue, Days: int.MinValue, Months: int.MinValue }))
            target.Set(row, interval);
        else if (outOfRange == OutOfRange.Error)
            throw new ValueRefused("is infinity") { Hint = "`out_of_range: null` makes such values NULL" };
        else
            target.SetNull(row);
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(Read(value) switch
    {
        { Months: int.MaxValue, Days: int.MaxValue } => "infinity",
        { Months: int.MinValue, Days: int.MinValue } => "-infinity",
        var interval => interval.ToString(),
    });

    private static Interval Read(ReadOnlySpan<byte> value) => new(BinaryPrimitives.ReadInt32BigEndian(value[12..]), BinaryPrimitives.ReadInt32BigEndian(value[8..]), BinaryPrimitives.ReadInt64BigEndian(value));
}
