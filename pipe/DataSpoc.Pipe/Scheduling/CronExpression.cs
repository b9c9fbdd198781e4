using System.Globalization;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Scheduling;

/// <summary>
/// When something runs, as crontab(5) has it: minute, hour, day of month, month, day of week, each <c>*</c>, a number, a name, a range, a list or a step;
/// where both days are restricted, either one is enough. Also <c>@hourly</c>, <c>@daily</c>, <c>@weekly</c>, <c>@monthly</c>, <c>@yearly</c>.
/// </summary>
internal sealed class CronExpression
{
    private static readonly string[] MonthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    // February 29th comes again after eight years at most
    private const int DaysToLookAt = 366 * 9;

    private readonly ulong _minutes, _hours, _days, _months, _weekdays;
    private readonly bool _bothDays;

    private CronExpression(string text, IReadOnlyList<string> fields)
    {
        Text = text;
        _minutes = Field(fields[0], "minute", 0, 59, [], 0);
        _hours = Field(fields[1], "hour", 0, 23, [], 0);
        _days = Field(fields[2], "day of month", 1, 31, [], 0);
        _months = Field(fields[3], "month", 1, 12, MonthNames, 1);
        _weekdays = Field(fields[4], "day of week", 0, 7, DayNames, 0);
        _weekdays |= (_weekdays >> 7) & 1;
        _bothDays = !fields[2].StartsWith('*') && !fields[4].StartsWith('*');
    }

    /// <summary>As it was written, blanks between the fields aside.</summary>
    public string Text { get; }

    /// <exception cref="UserError">It is not one, or no day fits it.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields is [var macro] && macro.StartsWith('@'))
            fields = macro switch
            {
                "@hourly" => ["0", "*", "*", "*", "*"],
                "@daily" or "@midnight" => ["0", "0", "*", "*", "*"],
                "@weekly" => ["0", "0", "*", "*", "0"],
                "@monthly" => ["0", "0", "1", "*", "*"],
                "@yearly" or "@annually" => ["0", "0", "1", "1", "*"],
                _ => throw Wrong(text, $"`{macro}` is not known", "there is @hourly, @daily, @weekly, @monthly and @yearly"),
            };
        if (fields.Length != 5)
            throw Wrong(text, $"it has {fields.Length} fields", "write minute, hour, day of month, month, day of week: `15 3 * * *` is every day at 03:15");
        var expression = new CronExpression(string.Join(' ', fields), fields);
        return expression.Next(new(2024, 1, 1, 0, 0, 0)) is null ? throw Wrong(text, "no day fits it", null) : expression;
    }

    /// <summary>The first time after another, both on the clock of a zone; a time that the clock leaves out in spring is the moment it goes on.</summary>
    public DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        for (var local = TimeZoneInfo.ConvertTime(after, zone).DateTime; ;)
        {
            local = Next(local) ?? throw new InvalidOperationException($"`{Text}` never comes");
            var existing = local;
            while (zone.IsInvalidTime(existing))
                existing = existing.AddMinutes(1);
            // where the clock is set back, the first of the two times
            var offset = zone.IsAmbiguousTime(existing) ? zone.GetAmbiguousTimeOffsets(existing).Max() : zone.GetUtcOffset(existing);
            var time = new DateTimeOffset(existing, offset);
            if (time > after)
                return time;
        }
    }

    private DateTime? Next(DateTime after)
    {
        var first = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(1);
        for (var day = first.Date; day < first.Date.AddDays(DaysToLookAt); day = day.AddDays(1))
        {
            if (!IsDay(day))
                continue;
            for (var minute = day == first.Date ? (first.Hour * 60) + first.Minute : 0; minute < 24 * 60; minute++)
                if (Has(_hours, minute / 60) && Has(_minutes, minute % 60))
                    return day.AddMinutes(minute);
        }
        return null;
    }

    private bool IsDay(DateTime day)
    {
        var (ofMonth, ofWeek) = (Has(_days, day.Day), Has(_weekdays, (int)day.DayOfWeek));
        return Has(_months, day.Month) && (_bothDays ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private static bool Has(ulong set, int value) => (set >> value & 1) != 0;

    private static ulong Field(string field, string name, int least, int most, string[] names, int firstName)
    {
        ulong set = 0;
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var all, var text] when Number(text) is > 0 and var every => (all, every),
                _ => throw Refused(part),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (least, name == "day of week" ? 6 : most),
                // 5/10 is from 5 on
                [var one] => (Value(one, part), part.Contains('/', StringComparison.Ordinal) ? most : Value(one, part)),
                [var low, var high] => (Value(low, part), Value(high, part)),
                _ => throw Refused(part),
            };
            if (from > to)
                throw Refused(part);
            for (var value = from; value <= to; value += step)
                set |= 1UL << value;
        }
        return set;

        int Value(string text, string part)
        {
            var named = Array.IndexOf(names, text.ToLowerInvariant());
            return named >= 0 ? named + firstName : Number(text) is { } value && value >= least && value <= most ? value : throw Refused(part);
        }

        UserError Refused(string part) => Wrong(field, $"`{part}` is not a {name}", $"a {name} is {least} to {most}, `*`, a range `{least}-{most}`, a list, or a step `*/{Math.Max(2, most / 4)}`");
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static UserError Wrong(string text, string why, string? hint) => new($"`{text}` is no time of a schedule: {why}") { Hint = hint, ExitCode = ExitCode.Usage };
}
