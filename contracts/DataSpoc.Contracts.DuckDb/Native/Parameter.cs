using System.Globalization;
using System.Text;

namespace DataSpoc.Contracts.DuckDb.Native;

/// <summary>Parameters of a statement, from .NET values.</summary>
internal static unsafe class Parameter
{
    internal static ValueHandle Create(object? value) => value switch
    {
        null => NativeMethods.CreateNull(),
        bool b => NativeMethods.CreateBool(b),
        sbyte or short or int or byte or ushort => NativeMethods.CreateInt32(Convert.ToInt32(value, CultureInfo.InvariantCulture)),
        uint u => NativeMethods.CreateInt64(u),
        long l => NativeMethods.CreateInt64(l),
        ulong u => NativeMethods.CreateUInt64(u),
        Int128 h => NativeMethods.CreateHugeInt(NativeHugeInt.From(h)),
        UInt128 h => NativeMethods.CreateUHugeInt(NativeHugeInt.From(h)),
        float f => NativeMethods.CreateFloat(f),
        double d => NativeMethods.CreateDouble(d),
        decimal d => Decimal(d),
        string s => Text(s),
        byte[] b => Bytes(b),
        DateOnly d => NativeMethods.CreateDate(d.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber),
        TimeOnly t => NativeMethods.CreateTime(t.Ticks / TimeSpan.TicksPerMicrosecond),
        DateTime t => NativeMethods.CreateTimestamp((t.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond),
        DateTimeOffset t => NativeMethods.CreateTimestampTz((t.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond),
        _ => throw new ArgumentException($"a {value.GetType().Name} cannot be a parameter", nameof(value)),
    };

    private static ValueHandle Decimal(decimal value)
    {
        var scale = value.Scale;
        Span<int> bits = stackalloc int[4];
        _ = decimal.GetBits(value, bits);
        var unscaled = ((Int128)(uint)bits[2] << 64) | ((Int128)(uint)bits[1] << 32) | (uint)bits[0];
        var width = Math.Max(unscaled.ToString(CultureInfo.InvariantCulture).Length, scale + 1);
        return NativeMethods.CreateDecimal(new((byte)width, scale, NativeHugeInt.From(value < 0 ? -unscaled : unscaled)));
    }

    private static ValueHandle Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes)
            return NativeMethods.CreateVarchar(first, (ulong)bytes.Length);
    }

    private static ValueHandle Bytes(byte[] bytes)
    {
        fixed (byte* first = bytes)
            return NativeMethods.CreateBlob(first, (ulong)bytes.Length);
    }
}
