using System.Globalization;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>Single values: texts, numbers, choices, durations (<c>7d</c>), sizes (<c>1GiB</c>), dates.</summary>
internal static class ScalarValue
{
    public static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || type == typeof(TimeSpan) || type == typeof(DateOnly) || type == typeof(ByteSize)
            || Type.GetTypeCode(type) is TypeCode.String or TypeCode.Boolean or TypeCode.Int32 or TypeCode.Int64 or TypeCode.Double or TypeCode.Decimal;
    }

    public static object Parse(ConfigurationNode node, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is not ConfigurationScalar scalar)
            throw ConfigurationError.WrongShape(node, path, Expected(type));
        if (type == typeof(string))
            return scalar.Text;
        return type.IsEnum
            ? Choice(scalar, type, path)
            : Of(scalar.Text.Trim(), type) ?? throw ConfigurationError.WrongValue(scalar, path, Expected(type), Hint(type));
    }

    private static object? Of(string text, Type type)
    {
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(bool))
            return text.ToLowerInvariant() switch { "true" => true, "false" => false, _ => null };
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var i) ? i : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var l) ? l : null;
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, culture, out var d) && double.IsFinite(d) ? d : null;
        if (type == typeof(decimal))
            return decimal.TryParse(text, NumberStyles.Float, culture, out var m) ? m : null;
        if (type == typeof(DateOnly))
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var date) ? date : null;
        return type == typeof(ByteSize) ? ByteSize.TryParse(text) : Duration(text);
    }

    private static TimeSpan? Duration(string text)
    {
        var digits = text.TakeWhile(static c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > 1e9)
            return null;
        return text[digits..].Trim() switch
        {
            "ms" => TimeSpan.FromMilliseconds(value),
            "s" => TimeSpan.FromSeconds(value),
            "m" or "min" => TimeSpan.FromMinutes(value),
            "h" => TimeSpan.FromHours(value),
            "d" when value < 1e7 => TimeSpan.FromDays(value),
            _ => null,
        };
    }

    private static object Choice(ConfigurationScalar scalar, Type type, string path)
    {
        var names = Enum.GetNames(type);
        var wanted = Written(scalar.Text);
        var name = names.FirstOrDefault(n => Written(n) == wanted);
        if (name is not null)
            return Enum.Parse(type, name);
        var known = names.Select(RecordShape.SnakeCase).ToArray();
        throw ConfigurationError.WrongValue(scalar, path, known.Length == 1 ? $"`{known[0]}`" : $"{string.Join(", ", known.SkipLast(1))} or {known[^1]}",
            NearestName.Of(scalar.Text, known) is { } near && scalar.Variables.Count == 0 ? $"did you mean `{near}`?" : null);
    }

    private static string Written(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Expected(Type type)
    {
        if (type == typeof(string))
            return "a text";
        if (type == typeof(TimeSpan))
            return "a duration";
        if (type == typeof(ByteSize))
            return "a size";
        if (type == typeof(DateOnly))
            return "a date";
        if (type == typeof(bool))
            return "true or false";
        return type == typeof(int) || type == typeof(long) ? "a whole number" : type.IsEnum ? "a word" : "a number";
    }

    private static string? Hint(Type type)
    {
        if (type == typeof(TimeSpan))
            return "write 500ms, 30s, 5m, 2h or 7d";
        if (type == typeof(ByteSize))
            return "write 500MB, 1GiB or a number of bytes";
        return type == typeof(DateOnly) ? "write 2026-11-20" : null;
    }
}
