using System.Buffers;
using System.Text.Json;

namespace DataSpoc.Lens.Output;

/// <summary>Values of DuckDB's type JSON, which may be spread over lines and may hold what RFC 8259 does not know (NaN, Infinity).</summary>
internal static class StoredJson
{
    private static readonly SearchValues<byte> s_lineEnds = SearchValues.Create("\r\n"u8);

    public static TextForm Append(Utf8Text text, ReadOnlySpan<byte> json)
    {
        if (MayBeOther(json) && !IsJson(json))
        {
            text.Append(json);
            return TextForm.Text;
        }
        // a line end can only stand between tokens: one row stays one line
        for (int at; (at = json.IndexOfAny(s_lineEnds)) >= 0; json = json[(at + 1)..])
        {
            text.Append(json[..at]);
            text.Append((byte)' ');
        }
        text.Append(json);
        return TextForm.Json;
    }

    private static bool MayBeOther(ReadOnlySpan<byte> json) => json.IndexOf("NaN"u8) >= 0 || json.IndexOf("nan"u8) >= 0 || json.IndexOf("Inf"u8) >= 0 || json.IndexOf("inf"u8) >= 0;

    private static bool IsJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
