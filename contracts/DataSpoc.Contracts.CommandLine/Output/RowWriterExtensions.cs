using System.Buffers;
using System.Globalization;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Cells from .NET values, for commands whose rows are few.</summary>
public static class RowWriterExtensions
{
    /// <summary>A text, or a null.</summary>
    public static void WriteString(this IRowWriter writer, string? value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is null)
        {
            writer.WriteNull();
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        writer.WriteString(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>A row from .NET values: null, bool, whole numbers, double, decimal, text, dates (ISO 8601), anything else by its invariant text.</summary>
    public static void WriteRow(this IRowWriter writer, params ReadOnlySpan<object?> cells)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var cell in cells)
            writer.WriteValue(cell);
        writer.EndRow();
    }

    /// <summary>One cell from a .NET value; see <see cref="WriteRow"/>.</summary>
    public static void WriteValue(this IRowWriter writer, object? value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (value)
        {
            case null: writer.WriteNull(); break;
            case bool b: writer.WriteBoolean(b); break;
            case sbyte or byte or short or ushort or int or uint or long: writer.WriteInt64(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double d: writer.WriteDouble(d); break;
            case float f: writer.WriteNumberOrName(f); break;
            case decimal or ulong or Int128 or UInt128 or System.Numerics.BigInteger: writer.WriteNumber(Encoding.ASCII.GetBytes(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture))); break;
            case DateOnly date: writer.WriteString(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset time: writer.WriteString(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture)); break;
            case DateTime time: writer.WriteString(time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)); break;
            case System.Text.Json.Nodes.JsonNode node: writer.WriteRawJson(Encoding.UTF8.GetBytes(node.ToJsonString())); break;
            case IFormattable formattable: writer.WriteString(formattable.ToString(null, CultureInfo.InvariantCulture)); break;
            default: writer.WriteString(value.ToString()); break;
        }
    }

    private static void WriteNumberOrName(this IRowWriter writer, float value)
    {
        if (float.IsFinite(value))
            writer.WriteNumber(Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));
        else
            writer.WriteDouble(value);
    }
}
