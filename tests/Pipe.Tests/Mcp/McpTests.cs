using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipe.Tests.Commands;

namespace Pipe.Tests.Mcp;

/// <summary><c>pipe mcp</c>, asked by the protocol's own client.</summary>
public sealed class McpTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public McpTests()
    {
        _lake.Write("orders.csv", "id,amount\n1,2.5\n2,3.5\n");
        _lake.Write("pipelines/orders.yaml", $"source: {{files: [./orders.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\n");
        _lake.Write("pipelines/secret.yaml", $"source: {{tap: tap-x, config: {{token: \"${{MCP_TEST_TOKEN}}\"}}}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\n");
    }

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Server_ForAnAgent_ListsRunsAndExplains()
    {
        await using var client = await ConnectAsync();
        var run = await CallAsync(client, "run_pipeline", new() { ["pipeline"] = "orders" });
        Assert.False(run.IsError, Text(run));
        Assert.Equal(2, (int)Rows(run)[0]!["rows"]!);

        var listed = Rows(await CallAsync(client, "list_pipelines", []));
        Assert.Equal("success", (string?)listed.Single(row => (string?)row!["pipeline"] == "orders")!["status"]);
        Assert.Equal(2, (int)Rows(await CallAsync(client, "pipeline_logs", new() { ["pipeline"] = "orders" }))[0]!["rows"]!);
        Assert.Equal("orders", (string?)Rows(await CallAsync(client, "pipeline_logs", new() { ["pipeline"] = "orders", ["run"] = "last" }))[0]!["stream"]);
        Assert.Equal("raw.shop_orders", (string?)Rows(await CallAsync(client, "show_manifest", new() { ["bucket"] = _lake.Bucket }))[0]!["table"]);
        Assert.Equal("orders", (string?)Rows(await CallAsync(client, "pipeline_status", new() { ["bucket"] = _lake.Bucket }))[0]!["pipeline"]);
    }

    [Fact]
    public async Task Server_AskedForAConfiguration_MasksWhatComesFromTheEnvironment()
    {
        await using var client = await ConnectAsync();
        var config = Text(await CallAsync(client, "pipeline_config", new() { ["pipeline"] = "secret" }));
        Assert.Contains("tap-x", config, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", config, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run_pipeline", "pipeline", "nowhere", "there is no `pipelines/nowhere.yaml`")]
    [InlineData("run_pipeline", "pipeline", "--full", "is an option, not a name")]
    [InlineData("pipeline_logs", "pipeline", "../../etc", "../../etc")]
    [InlineData("pipeline_config", "pipeline", "../../etc/passwd", "there is no `pipelines/")]
    [InlineData("show_manifest", "bucket", "file:///nowhere/at/all", "nowhere")]
    public async Task Server_AskedForWhatIsNotThere_AnswersWithTheError(string tool, string parameter, string value, string expected)
    {
        await using var client = await ConnectAsync();
        var answer = await CallAsync(client, tool, new() { [parameter] = value });
        Assert.True(answer.IsError, Text(answer));
        Assert.Contains(expected, Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ForReadingOnly_OffersNoToolThatWrites()
    {
        await using var client = await ConnectAsync("--read-only");
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations?.ReadOnlyHint));
        Assert.Contains(tools, tool => tool.Name == "list_pipelines");
    }

    private async Task<McpClient> ConnectAsync(params string[] options) => await McpClient.CreateAsync(
        new StdioClientTransport(new()
        {
            Command = Path.Combine(AppContext.BaseDirectory, "pipe"),
            Arguments = ["mcp", "--project", _lake.Folder, .. options],
            EnvironmentVariables = new Dictionary<string, string?> { ["MCP_TEST_TOKEN"] = "s3cr3t" },
        }),
        cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments) =>
        await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private static JsonArray Rows(CallToolResult result)
    {
        Assert.False(result.IsError, Text(result));
        return JsonNode.Parse(Text(result))!.AsArray();
    }
}
