using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Pipe.Ingestion.Masking;

/// <summary>Masks a record that never became a row.</summary>
internal static class MaskedRecord
{
    /// <summary>The record with its columns masked; <c>{}</c> where it cannot be read, because what is in it might be what must not be stored.</summary>
    public static string Of(ReadOnlyMemory<byte> json, TablePlan plan, string? salt)
    {
        if (plan.Masks.Count == 0)
            return Encoding.UTF8.GetString(json.Span);
        try
        {
            if (JsonNode.Parse(json.Span) is not JsonObject record)
                return "{}";
            foreach (var (name, value) in record.ToArray())
                if (plan.Masks.GetValueOrDefault(name) is { } mask)
                    Apply(record, name, value, mask, salt);
            return record.ToJsonString();
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return "{}";
        }
    }

    private static void Apply(JsonObject record, string name, JsonNode? value, Mask mask, string? salt)
    {
        if (mask.Kind == MaskKind.Drop)
            record.Remove(name);
        else if (value is not null)
        {
            var text = value is JsonValue scalar && scalar.TryGetValue<string>(out var own) ? own : value.ToJsonString();
            record[name] = mask.Kind == MaskKind.Hash ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + text))) : text[..Math.Min(text.Length, mask.Length)];
        }
    }
}
