using System.Globalization;
using System.Text.Json.Nodes;

namespace DataSpoc.Platform.Deployment;

/// <summary>A model as a service of Compose (compose-spec): read-only, without rights, restarted, watched.</summary>
internal static class ComposeService
{
    // what the image checks by itself, said here too: whoever replaces the image keeps it
    private const string Check = "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '";

    public static JsonObject Of(ModelDeployment deployment, string host, int port)
    {
        var settings = deployment.Settings;
        var service = new JsonObject
        {
            ["image"] = settings.Images["ml"],
            ["command"] = Texts(deployment.Arguments("0.0.0.0", ModelDeployment.Port)),
            ["ports"] = Texts([string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}:{ModelDeployment.Port}")]),
            ["healthcheck"] = new JsonObject { ["test"] = Texts(["CMD", "bash", "-c", Check]), ["interval"] = "10s", ["timeout"] = "5s", ["start_period"] = "20s" },
            ["restart"] = "unless-stopped",
            ["stop_grace_period"] = "60s",
            ["user"] = "1654:1654",
            ["read_only"] = true,
            ["tmpfs"] = Texts(["/tmp"]),
            ["cap_drop"] = Texts(["ALL"]),
            ["security_opt"] = Texts(["no-new-privileges:true"]),
            ["deploy"] = new JsonObject { ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpus"] = Cpus(settings.Cpu), ["memory"] = Bytes(settings.Memory) } } },
        };
        if (settings.Environment.Count > 0)
            service["environment"] = new JsonObject(settings.Environment.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)Literal(pair.Value))));
        if (settings.Secret is { } secret)
            service["env_file"] = Texts([$"./{secret}.env"]);
        return new() { ["services"] = new JsonObject { [KubernetesName.Of(deployment.Reference.Model)] = service } };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => JsonValue.Create(Literal(text)))]);

    // Compose replaces $NAME
    private static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private static string Cpus(string cpu) => cpu.EndsWith('m') ? (int.Parse(cpu[..^1], CultureInfo.InvariantCulture) / 1000m).ToString("0.###", CultureInfo.InvariantCulture) : cpu;

    private static string Bytes(string memory)
    {
        var digits = memory.Length - memory.Count(char.IsAsciiLetter);
        var unit = memory[digits..] switch { "Mi" => 1L << 20, "Gi" => 1L << 30, "M" => 1_000_000L, _ => 1_000_000_000L };
        return string.Create(CultureInfo.InvariantCulture, $"{long.Parse(memory.AsSpan(0, digits), CultureInfo.InvariantCulture) * unit}b");
    }
}
