using System.Text.Json.Nodes;
using Lens.Tests.Guard;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace Lens.Tests.Mcp;

/// <summary><c>lens mcp</c>, asked by the protocol's own client.</summary>
public sealed class McpTests
{
    [Fact]
    public async Task Server_ForAnAgent_ListsDescribesAndAnswers()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT range AS id FROM range(500)");
        await using var client = await ConnectAsync(lake);

        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations?.ReadOnlyHint));
        Assert.Equal("shop_orders", (string?)Json(await CallAsync(client, "list_tables", []))[0]!["table"]);
        Assert.Equal(500, (int)Json(await CallAsync(client, "describe_table", new() { ["table"] = "orders" }))["rows"]!);
        Assert.Equal(100, Json(await CallAsync(client, "query", new() { ["sql"] = "-- all\nselect id from orders" })).AsArray().Count);
        Assert.Equal(3, Json(await CallAsync(client, "query", new() { ["sql"] = "select id from orders", ["limit"] = 3 })).AsArray().Count);
        Assert.Equal("id", (string?)Json(await CallAsync(client, "profile", new() { ["table"] = "orders" }))[0]!["column"]);
        var resource = await client.ReadResourceAsync("lens://catalog", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("shop_orders", Assert.IsType<TextResourceContents>(resource.Contents[0]).Text, StringComparison.Ordinal);
        var large = await CallAsync(client, "query", new() { ["sql"] = "select repeat('x', 2000000) as x" });
        Assert.True(large.IsError);
        Assert.Contains("larger than 1024 KiB", Text(large), StringComparison.Ordinal);
        Assert.True((await CallAsync(client, "describe_table", new() { ["table"] = "--help" })).IsError);
    }

    [Fact]
    public async Task Ask_AnswersTheQueryAndItsRows()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT range AS id FROM range(500)");
        await using var model = new LoopbackServer(_ => (200, "{\"message\":{\"content\":\"```sql\\nselect max(id) as id from orders\\n```\"}}"));
        await using var client = await ConnectAsync(lake, new() { ["DATASPOC_LLM_URL"] = model.Url });

        var answer = await CallAsync(client, "ask", new() { ["question"] = "--help" });

        Assert.Equal(["select max(id) as id from orders", "[\n{\"id\":499}\n]\n"], answer.Content.OfType<TextContentBlock>().Select(block => block.Text));
        Assert.Contains("Question: --help", model.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_EveryAttack_IsRefusedWithAReason()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        using var attacks = new Attacks(lake);
        await using var client = await ConnectAsync(lake);

        foreach (var attack in attacks.Statements)
        {
            var answer = await CallAsync(client, "query", new() { ["sql"] = attack });
            Assert.True(answer.IsError, $"{attack}\n{Text(answer)}");
            Assert.Contains("error: ", Text(answer), StringComparison.Ordinal);
            Assert.Null(attacks.Harm(Text(answer)));
        }
        Assert.Equal(1, (int)Json(await CallAsync(client, "query", new() { ["sql"] = "select id from raw.shop_orders" }))[0]!["id"]!);
        var endless = await CallAsync(client, "query", new() { ["sql"] = Attacks.Endless[0] });
        Assert.Contains("took longer than 2 s", Text(endless), StringComparison.Ordinal);
    }

    private static async Task<McpClient> ConnectAsync(Lake lake, Dictionary<string, string?>? variables = null) => await McpClient.CreateAsync(
        new StdioClientTransport(new() { Command = Path.Combine(AppContext.BaseDirectory, "lens"), Arguments = ["mcp", "--bucket", $"lake={lake.Uri}", "--timeout", "2s"], EnvironmentVariables = variables }),
        cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments) =>
        await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private static JsonNode Json(CallToolResult result)
    {
        Assert.False(result.IsError, Text(result));
        return JsonNode.Parse(Text(result))!;
    }
}
