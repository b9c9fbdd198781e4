using System.Globalization;
using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>Configuration as JSON, by YAML's core schema: plain <c>12</c> is a number, quoted <c>"12"</c> a text.</summary>
internal static class ConfigurationJson
{
    public const string Mask = "***";
    private static readonly string[] Secrets = ["password", "passwd", "secret", "token", "api_key", "apikey", "private_key", "access_key", "credential"];

    public static JsonNode? From(ConfigurationNode node, bool mask) => node switch
    {
        ConfigurationScalar { Variables.Count: > 0 } when mask => Mask,
        ConfigurationScalar scalar => Scalar(scalar),
        ConfigurationSequence sequence => new JsonArray([.. sequence.Items.Select(i => From(i, mask))]),
        ConfigurationMapping mapping => new JsonObject(mapping.Entries.Select(e =>
            KeyValuePair.Create(e.Key, mask && e.Value is ConfigurationScalar { IsNull: false } && NamesSecret(e.Key) ? Mask : From(e.Value, mask)))),
        _ => throw new InvalidOperationException($"a node of type {node.GetType().Name}"),
    };

    // a secret written into the file should not be there; showing it would make it worse
    private static bool NamesSecret(string key) =>
        Secrets.Any(s => key.Contains(s, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? Scalar(ConfigurationScalar scalar)
    {
        if (scalar.IsNull)
            return null;
        if (!scalar.Plain)
            return scalar.Text;
        if (scalar.Text is "true" or "True" or "TRUE")
            return true;
        if (scalar.Text is "false" or "False" or "FALSE")
            return false;
        if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && !HasLeadingZero(scalar.Text))
            return whole;
        return IsNumber(scalar.Text) && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : scalar.Text;
    }

    // '007' is a code, not seven; '1.10' is a number, as in YAML
    private static bool HasLeadingZero(string text) => text.TrimStart('-', '+') is { Length: > 1 } digits && digits[0] == '0';

    private static bool IsNumber(string text) => text.Any(static c => c is '.' or 'e' or 'E') && text.All(static c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+' or '-');
}
