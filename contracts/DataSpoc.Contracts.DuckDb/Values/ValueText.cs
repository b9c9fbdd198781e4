using System.Buffers;
using System.Globalization;
using System.Text;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>Values of <see cref="ResultReader.GetValue"/> as the text DuckDB shows for them.</summary>
internal static class ValueText
{
    private static readonly SearchValues<char> Ambiguous = SearchValues.Create("\"'(),:=[]{}");

    internal static string Of(object? value) => value switch
    {
        null => "NULL",
        string text => text,
        bool b => b ? "true" : "false",
        float f => FloatText.Of(f),
        double d => FloatText.Of(d),
        byte[] bytes => Blob(bytes),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly t => TemporalText.Time(t.Ticks / TimeSpan.TicksPerMicrosecond),
        DateTimeOffset t => Timestamp(t.UtcDateTime) + "+00",
        DateTime t => Timestamp(t),
        object?[] list => $"[{string.Join(", ", list.Select(Part))}]",
        StructValue s => $"{{{string.Join(", ", s.Fields.Select(f => $"{Quoted(f.Key)}: {Part(f.Value)}"))}}}",
        MapValue m => $"{{{string.Join(", ", m.Pairs.Select(p => $"{Part(p.Key)}={Part(p.Value)}"))}}}",
        UnionValue u => Of(u.Value),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    internal static string Interval(Interval interval)
    {
        var parts = new List<string>();
        Add(interval.Months / 12, "year");
        Add(interval.Months % 12, "month");
        Add(interval.Days, "day");
        if (interval.Microseconds != 0 || parts.Count == 0)
        {
            var time = interval.Microseconds == long.MinValue ? long.MaxValue : Math.Abs(interval.Microseconds);
            parts.Add((interval.Microseconds < 0 ? "-" : "") + TemporalText.Time(time));
        }
        return string.Join(' ', parts);

        void Add(int count, string unit)
        {
            if (count != 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count is 1 or -1 ? "" : "s")}"));
        }
    }

    private static string Timestamp(DateTime time) =>
        TemporalText.Timestamp(time.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond, utc: false);

    private static string Blob(byte[] bytes)
    {
        var result = new StringBuilder();
        foreach (var b in bytes)
            if (b is >= 32 and < 127 and not ((byte)'\\' or (byte)'\'' or (byte)'"'))
                result.Append((char)b);
            else
                result.Append("\\x").Append(b.ToString("X2", CultureInfo.InvariantCulture));
        return result.ToString();
    }

    /// <summary>A value inside a nested one: texts that would be ambiguous are quoted, by DuckDB's own rule.</summary>
    private static string Part(object? value)
    {
        var text = Of(value);
        return value is null or object?[] or StructValue or MapValue or UnionValue || !IsAmbiguous(text) ? text : Quoted(text);
    }

    private static bool IsAmbiguous(string text) =>
        text.Length == 0 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.Equals("null", StringComparison.OrdinalIgnoreCase) || text.AsSpan().ContainsAny(Ambiguous);

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
