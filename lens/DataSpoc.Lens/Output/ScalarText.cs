using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>How a value's text is to be understood.</summary>
internal enum TextForm
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A number that JSON can hold.</summary>
    Number,

    /// <summary>JSON.</summary>
    Json,
}

/// <summary>Values of types without parts as text, exact.</summary>
internal static class ScalarText
{
    /// <summary>Writes a value that is not null.</summary>
    public static TextForm Append(Utf8Text text, VectorReader vector, int row, bool iso)
    {
        switch (vector.Type.Kind)
        {
            case LogicalKind.Boolean:
                text.Append(vector.Values<byte>()[row] != 0 ? "true"u8 : "false"u8);
                return TextForm.Json;
            case LogicalKind.TinyInt: text.Append((long)vector.Values<sbyte>()[row]); return TextForm.Number;
            case LogicalKind.SmallInt: text.Append((long)vector.Values<short>()[row]); return TextForm.Number;
            case LogicalKind.Integer: text.Append((long)vector.Values<int>()[row]); return TextForm.Number;
            case LogicalKind.BigInt: text.Append(vector.Values<long>()[row]); return TextForm.Number;
            case LogicalKind.UTinyInt: text.Append((long)vector.Values<byte>()[row]); return TextForm.Number;
            case LogicalKind.USmallInt: text.Append((long)vector.Values<ushort>()[row]); return TextForm.Number;
            case LogicalKind.UInteger: text.Append((long)vector.Values<uint>()[row]); return TextForm.Number;
            case LogicalKind.UBigInt: text.Append(vector.Values<ulong>()[row]); return TextForm.Number;
            case LogicalKind.HugeInt: text.Append(vector.Values<Int128>()[row]); return TextForm.Number;
            case LogicalKind.UHugeInt: text.Append(vector.Values<UInt128>()[row]); return TextForm.Number;
            case LogicalKind.Float:
                var single = vector.Values<float>()[row];
                text.Append(single);
                return float.IsFinite(single) ? TextForm.Number : TextForm.Text;
            case LogicalKind.Double:
                var number = vector.Values<double>()[row];
                text.Append(number);
                return double.IsFinite(number) ? TextForm.Number : TextForm.Text;
            case LogicalKind.Decimal:
                DecimalText.Append(text, vector, row);
                return TextForm.Number;
            case LogicalKind.Varchar when vector.Type.Alias == "JSON":
                return StoredJson.Append(text, vector.String(row));
            case LogicalKind.Varchar:
                text.Append(vector.String(row));
                return TextForm.Text;
            case LogicalKind.Blob or LogicalKind.Geometry:
                AppendBlob(text, vector.String(row));
                return TextForm.Text;
            case var kind when TemporalText.IsTemporal(kind):
                TemporalText.Append(text, vector, row, iso);
                return TextForm.Text;
            case var kind:
                text.Append(vector.GetValue(row)?.ToString() ?? "");
                return kind == LogicalKind.BigNum ? TextForm.Number : TextForm.Text;
        }
    }

    // as DuckDB writes it and reads it back: 'a\x00b'::BLOB
    private static void AppendBlob(Utf8Text text, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b is >= 32 and < 127 and not ((byte)'\\' or (byte)'\'' or (byte)'"'))
            {
                text.Append(b);
                continue;
            }
            text.Append("\\x"u8);
            text.Append(Hexadecimal(b >> 4));
            text.Append(Hexadecimal(b & 15));
        }
    }

    private static byte Hexadecimal(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
}
