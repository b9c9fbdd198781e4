namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>Dates and times as .NET values where those hold them exactly, as DuckDB's text where not.</summary>
internal static class TemporalReader
{
    private const long NanosecondsPerTick = 100;
    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    internal static object? Read(VectorReader vector, int row) => vector.Type.Kind switch
    {
        LogicalKind.Date => Date(vector.Values<int>()[row]),
        LogicalKind.Time => Time(vector.Values<long>()[row]),
        LogicalKind.TimeNs => TemporalText.TimeOfNanoseconds(vector.Values<long>()[row]),
        LogicalKind.TimeTz => TemporalText.TimeWithZone(vector.Values<ulong>()[row]),
        LogicalKind.TimestampTz => Instant(vector.Values<long>()[row]),
        LogicalKind.Timestamp => Clock(vector.Values<long>()[row], 1_000_000),
        LogicalKind.TimestampS => Clock(vector.Values<long>()[row], 1),
        LogicalKind.TimestampMs => Clock(vector.Values<long>()[row], 1_000),
        LogicalKind.TimestampNs => Clock(vector.Values<long>()[row], 1_000_000_000),
        LogicalKind.SqlNull => null,
        _ => throw new UserError($"values of the type `{vector.Type}` cannot be shown") { Hint = "cast them in the query: CAST(… AS VARCHAR)", ExitCode = ExitCode.Usage },
    };

    private static object Date(int days) =>
        days > -EpochDay - 1 && days <= DateOnly.MaxValue.DayNumber - EpochDay ? DateOnly.FromDayNumber(EpochDay + days) : TemporalText.Date(days);

    private static object Time(long micros) =>
        micros is >= 0 and < TimeSpan.MicrosecondsPerDay ? new TimeOnly(micros * TimeSpan.TicksPerMicrosecond) : TemporalText.Time(micros);

    private static object Instant(long micros) =>
        Ticks(micros, 1_000_000) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : TemporalText.Timestamp(micros, 1_000_000, utc: true);

    private static object Clock(long value, long perSecond) =>
        Ticks(value, perSecond) is { } ticks ? new DateTime(ticks) : TemporalText.Timestamp(value, perSecond, utc: false);

    private static long? Ticks(long value, long perSecond)
    {
        if (perSecond > TimeSpan.TicksPerSecond && value % NanosecondsPerTick != 0)
            return null;
        var ticks = (Int128)value * TimeSpan.TicksPerSecond / perSecond + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? (long)ticks : null;
    }
}
