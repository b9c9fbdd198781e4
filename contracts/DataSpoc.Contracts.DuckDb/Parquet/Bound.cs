using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;

namespace DataSpoc.Contracts.DuckDb.Parquet;

/// <summary>
/// A bound that a footer tells as text, comparable within its type. Types whose order in Parquet is not that of the stored value in Delta
/// (bytes, booleans, times kept as text) have none; neither have NaN, infinities and years beyond 9999.
/// </summary>
internal readonly record struct Bound
{
    private static readonly string[] TimestampFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"];

    private Bound(LogicalType type, object value) => (Type, Value) = (type, value);

    private LogicalType Type { get; }

    private object Value { get; }

    internal static Bound? Parse(LogicalType type, string? text)
    {
        if (text is null)
            return null;
        object? value = type.Kind switch
        {
            LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt
                or LogicalKind.UTinyInt or LogicalKind.USmallInt or LogicalKind.UInteger or LogicalKind.UBigInt =>
                BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            LogicalKind.Decimal =>
                BigInteger.TryParse(text.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            LogicalKind.Float or LogicalKind.Double =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
            LogicalKind.Varchar => text,
            LogicalKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            LogicalKind.Timestamp or LogicalKind.TimestampTz => Time(text),
            _ => null,
        };
        return value is null ? null : new Bound(type, value);
    }

    internal static Bound Lesser(Bound a, Bound b) => Compare(a, b) <= 0 ? a : b;

    internal static Bound Greater(Bound a, Bound b) => Compare(a, b) >= 0 ? a : b;

    internal JsonNode? AsMinimum() => Value switch
    {
        string text => StatisticsBounds.LowerText(text),
        DateTime time => StatisticsBounds.LowerTimestamp(time, Type.Kind == LogicalKind.TimestampTz),
        _ => Exact(),
    };

    internal JsonNode? AsMaximum() => Value switch
    {
        string text => StatisticsBounds.UpperText(text),
        DateTime time => StatisticsBounds.UpperTimestamp(time, Type.Kind == LogicalKind.TimestampTz),
        _ => Exact(),
    };

    private static DateTime? Time(string text) =>
        DateTime.TryParseExact(text.EndsWith("+00", StringComparison.Ordinal) ? text[..^3] : text, TimestampFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static int Compare(Bound a, Bound b) => a.Value is string text
        ? Encoding.UTF8.GetBytes(text).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)b.Value))
        : ((IComparable)a.Value).CompareTo(b.Value);

    private JsonNode? Exact() => Value switch
    {
        BigInteger number when Type.Kind == LogicalKind.Decimal => JsonNode.Parse(new FixedDecimal((Int128)number, Type.Scale).ToString()),
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        double number when Type.Kind == LogicalKind.Float => JsonNode.Parse(((float)number).ToString("R", CultureInfo.InvariantCulture)),
        double number => JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture)),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => null,
    };
}
