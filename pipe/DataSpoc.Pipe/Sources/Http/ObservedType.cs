using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>What the values of one field look like, over all records that were looked at, and the JSON Schema that says so.</summary>
internal sealed class ObservedType
{
    /// <summary>An object with more fields than this is a map: its keys are data, and it is kept as JSON text.</summary>
    private const int MostFields = 200;
    private const int MostScale = 18;

    private readonly Dictionary<string, ObservedType> fields = new(StringComparer.Ordinal);
    private ObservedType? item;
    private bool boolean;
    private bool integer;
    private bool number;
    private bool text;
    private bool instant;
    private bool isObject;
    private bool isArray;
    private bool wide;
    private bool exact;
    private int scale;

    /// <summary>Whether any value but null, and empty objects and arrays, was seen.</summary>
    public bool IsKnown => boolean || integer || number || text || instant || fields.Count > 0 || item?.IsKnown == true;

    /// <summary>Takes in the value the reader stands on, which moves to the value's end.</summary>
    public void Observe(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                boolean = true;
                break;
            case JsonTokenType.Number:
                Observe(reader.ValueSpan);
                break;
            case JsonTokenType.String when !text && !reader.ValueIsEscaped && IsInstant(reader.ValueSpan):
                instant = true;
                break;
            case JsonTokenType.String:
                text = true;
                break;
            case JsonTokenType.StartObject:
                isObject = true;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = NameOf(ref reader);
                    reader.Read();
                    if (!fields.TryGetValue(name, out var field))
                        fields.Add(name, field = new());
                    field.Observe(ref reader);
                }

                break;
            case JsonTokenType.StartArray:
                isArray = true;
                item ??= new();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    item.Observe(ref reader);
                break;
        }
    }

    /// <summary>Takes in what an earlier run found, as <see cref="ToSchema"/> wrote it.</summary>
    public void Observe(JsonObject schema)
    {
        switch ((string?)schema["type"], (string?)schema["format"])
        {
            case ("boolean", _):
                boolean = true;
                break;
            case ("integer", _):
                (integer, wide) = (true, schema.ContainsKey("maximum"));
                break;
            case ("number", _):
                (number, exact) = (true, schema.ContainsKey("multipleOf"));
                scale = exact ? -Exponent(schema["multipleOf"]!.ToJsonString()) : 0;
                break;
            case ("string", "date-time"):
                instant = true;
                break;
            case ("string", _):
                text = true;
                break;
            case ("object", _):
                isObject = true;
                foreach (var (name, field) in schema["properties"] as JsonObject ?? [])
                    (fields[name] = new()).Observe((JsonObject)field!);
                break;
            case ("array", _):
                isArray = true;
                item = new();
                if (schema["items"] is JsonObject items)
                    item.Observe(items);
                break;
        }
    }

    /// <summary>The JSON Schema of the values; fields of which nothing is known are left out.</summary>
    public JsonObject ToSchema()
    {
        var kinds = new List<JsonObject>();
        // what neither a double nor a decimal holds is text
        var isText = text || (number && (exact || wide) && scale > MostScale);
        if (boolean)
            kinds.Add(new() { ["type"] = "boolean" });
        if (number || integer)
            kinds.Add(Number());
        if (isText || instant)
            kinds.Add(isText ? new() { ["type"] = "string" } : new() { ["type"] = "string", ["format"] = "date-time" });
        if (isObject)
            kinds.Add(fields.Count > MostFields ? new() { ["type"] = "object" } : Object());
        if (isArray)
            kinds.Add(item!.IsKnown ? new() { ["type"] = "array", ["items"] = item.ToSchema() } : new() { ["type"] = "array" });
        return kinds.Count == 1 ? kinds[0] : new() { ["type"] = new JsonArray([.. kinds.Select(kind => (JsonNode?)(string)kind["type"]!)]) };
    }

    private JsonObject Object() => new() { ["type"] = "object", ["properties"] = new JsonObject(fields.Where(field => field.Value.IsKnown).Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.ToSchema()))) };

    private JsonObject Number()
    {
        if (!number)
            return wide ? new() { ["type"] = "integer", ["maximum"] = JsonNode.Parse(new string('9', Digits.Most)) } : new() { ["type"] = "integer" };
        return (exact || wide) && scale <= MostScale ? new() { ["type"] = "number", ["multipleOf"] = JsonNode.Parse($"1e-{scale}") } : new() { ["type"] = "number" };
    }

    /// <summary>Whole numbers of 64 bits are integers; what a double does not keep digit by digit is a decimal.</summary>
    private void Observe(ReadOnlySpan<byte> digits)
    {
        if (!digits.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            integer = true;
            wide |= NumberText.ToInt64(digits, out _) != Fit.Fits;
            return;
        }

        number = true;
        exact |= NumberText.ToDouble(digits, out _) != Fit.Fits;
        if (Digits.TryRead(digits, out var read))
            scale = Math.Max(scale, -read.Exponent);
    }

    private static int Exponent(string text) => Digits.TryRead(System.Text.Encoding.UTF8.GetBytes(text), out var digits) ? digits.Exponent : 0;

    /// <summary>With date, time and zone, as machines write it: other texts that look like dates may be names.</summary>
    private static bool IsInstant(ReadOnlySpan<byte> value) =>
        value.Length >= 20 && value[10] is (byte)'T' && (value[^1] is (byte)'Z' || value[^6] is (byte)'+' or (byte)'-') && TimeText.ToMicroseconds(value, out _) == Fit.Fits;

    private static string NameOf(ref Utf8JsonReader reader)
    {
        long replaced = 0;
        if (!reader.ValueIsEscaped)
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        var name = new byte[reader.ValueSpan.Length];
        return System.Text.Encoding.UTF8.GetString(name.AsSpan(0, EscapedText.Unescape(reader.ValueSpan, name, ref replaced)));
    }
}
