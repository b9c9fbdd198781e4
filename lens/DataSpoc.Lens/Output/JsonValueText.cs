using System.Buffers;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>Any value as JSON (RFC 8259): lists as arrays, structs and maps as objects, numbers exact, what JSON has no form for as text.</summary>
internal static class JsonValueText
{
    private static readonly SearchValues<byte> s_needsEscape = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    public static void Append(Utf8Text text, VectorReader vector, int row, Utf8Text scratch)
    {
        if (vector.IsNull(row))
        {
            text.Append("null"u8);
            return;
        }
        switch (vector.Type.Kind)
        {
            case LogicalKind.List or LogicalKind.Array:
                AppendList(text, vector, row, scratch);
                break;
            case LogicalKind.Struct:
                AppendStruct(text, vector, row, scratch);
                break;
            case LogicalKind.Map:
                AppendMap(text, vector, row, scratch);
                break;
            case LogicalKind.Union:
                var member = vector.Tag(row);
                Append(text, vector.Child(member), row, scratch);
                break;
            default:
                AppendScalar(text, vector, row, scratch);
                break;
        }
    }

    private static void AppendScalar(Utf8Text text, VectorReader vector, int row, Utf8Text scratch)
    {
        scratch.Clear();
        if (ScalarText.Append(scratch, vector, row, iso: true) == TextForm.Text)
            AppendString(text, scratch.All);
        else
            text.Append(scratch.All);
    }

    private static void AppendList(Utf8Text text, VectorReader vector, int row, Utf8Text scratch)
    {
        var (offset, length) = vector.List(row);
        var elements = vector.Element();
        text.Append((byte)'[');
        for (var i = 0; i < length; i++)
        {
            if (i > 0)
                text.Append((byte)',');
            Append(text, elements, offset + i, scratch);
        }
        text.Append((byte)']');
    }

    private static void AppendStruct(Utf8Text text, VectorReader vector, int row, Utf8Text scratch)
    {
        text.Append((byte)'{');
        for (var i = 0; i < vector.Type.Fields.Count; i++)
        {
            if (i > 0)
                text.Append((byte)',');
            scratch.Clear();
            scratch.Append(vector.Type.Fields[i].Name);
            AppendString(text, scratch.All);
            text.Append((byte)':');
            Append(text, vector.Child(i), row, scratch);
        }
        text.Append((byte)'}');
    }

    private static void AppendMap(Utf8Text text, VectorReader vector, int row, Utf8Text scratch)
    {
        var (offset, length) = vector.List(row);
        var pairs = vector.Element();
        var keys = pairs.Child(0);
        var values = pairs.Child(1);
        text.Append((byte)'{');
        for (var i = 0; i < length; i++)
        {
            if (i > 0)
                text.Append((byte)',');
            AppendKey(text, keys, offset + i, scratch);
            text.Append((byte)':');
            Append(text, values, offset + i, scratch);
        }
        text.Append((byte)'}');
    }

    // a key of an object is text; one with parts is the text of its JSON
    private static void AppendKey(Utf8Text text, VectorReader keys, int row, Utf8Text scratch)
    {
        if (keys.Type.IsNested)
        {
            var key = new Utf8Text();
            Append(key, keys, row, scratch);
            AppendString(text, key.All);
            return;
        }
        scratch.Clear();
        ScalarText.Append(scratch, keys, row, iso: true);
        AppendString(text, scratch.All);
    }

    private static void AppendString(Utf8Text text, ReadOnlySpan<byte> value)
    {
        text.Append((byte)'"');
        for (int at; (at = value.IndexOfAny(s_needsEscape)) >= 0; value = value[(at + 1)..])
        {
            text.Append(value[..at]);
            switch (value[at])
            {
                case (byte)'"': text.Append("\\\""u8); break;
                case (byte)'\\': text.Append("\\\\"u8); break;
                case (byte)'\n': text.Append("\\n"u8); break;
                case (byte)'\r': text.Append("\\r"u8); break;
                case (byte)'\t': text.Append("\\t"u8); break;
                case var control:
                    text.Append("\\u00"u8);
                    text.Append((byte)('0' + (control >> 4)));
                    text.Append((byte)((control & 15) < 10 ? '0' + (control & 15) : 'a' + (control & 15) - 10));
                    break;
            }
        }
        text.Append(value);
        text.Append((byte)'"');
    }
}
