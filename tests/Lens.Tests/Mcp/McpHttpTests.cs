using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace Lens.Tests.Mcp;

/// <summary><c>lens mcp --http</c>, asked by the protocol's own client and by strangers.</summary>
public sealed class McpHttpTests
{
    private const string Token = "0123456789abcdef-token";
    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    [Fact]
    public async Task Server_ForAClientWithTheToken_AnswersAndEndsWithCtrlC()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT range AS id FROM range(500)");
        using var lens = Start(lake);
        var url = new Uri((await lens.Out.ReadLineAsync(TestContext.Current.CancellationToken))!);
        Assert.Matches(new Regex("^http://127.0.0.1:[0-9]+/mcp$"), url.ToString());

        await using (var client = await McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = url, TransportMode = HttpTransportMode.StreamableHttp, AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {Token}" } }),
            cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Contains("query", (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name));
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i => await client.CallToolAsync("query", new Dictionary<string, object?> { ["sql"] = $"select max(id) + {i} as m from orders" }, cancellationToken: TestContext.Current.CancellationToken)));
            Assert.Equal(Enumerable.Range(499, 6).Select(max => $"[\n{{\"m\":{max}}}\n]\n"), answers.Select(answer => ((TextContentBlock)answer.Content[0]).Text));
            Assert.True((await client.CallToolAsync("query", new Dictionary<string, object?> { ["sql"] = "copy (select 1) to '/tmp/x'" }, cancellationToken: TestContext.Current.CancellationToken)).IsError);
        }

        lens.PressCtrlC();
        var end = await lens.EndAsync();
        Assert.DoesNotContain(Token, end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("has a bug", end.Error, StringComparison.Ordinal);
        Assert.True(end.Exit is 0 or 130, end.ToString());
    }

    [Fact]
    public async Task Server_ForStrangers_Refuses()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        using var lens = Start(lake);
        var url = new Uri((await lens.Out.ReadLineAsync(TestContext.Current.CancellationToken))!);
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, url, Token));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, url, Token, ("Origin", "http://localhost:3000")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, url, Token, ("Origin", "https://agents.example.com")));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(http, url, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(http, url, Token + "x"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(http, url, Token, ("Origin", "https://evil.example.com")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(http, url, Token, ("Origin", "null")));
        // a name that was rebound to this machine: HttpListener refuses it itself, and often answers the next request of that connection with an empty 200 of its own
        using (var rebound = new HttpClient())
            Assert.NotEqual(HttpStatusCode.OK, await PostAsync(rebound, url, Token, ("Host", "evil.example.com")));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(http, new(url, "/"), Token));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(http, url, Token, body: "{"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(http, url, Token, body: new string(' ', 2 << 20)));
        Assert.Equal(HttpStatusCode.NotAcceptable, await PostAsync(http, url, Token, ("Accept", "application/json")));
        using var get = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Authorization", $"Bearer {Token}" } } };
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.SendAsync(get, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("0.0.0.0:8765", "", "no token is set")]
    [InlineData("0", "short", "can be guessed")]
    [InlineData("example.com:80", "", "is not where a server can listen")]
    [InlineData("99999", "", "is not where a server can listen")]
    public async Task Address_OrTokenThatCannotBe_IsRefused(string address, string token, string said)
    {
        using var lens = new LensProcess();
        lens.Variables["LENS_MCP_TOKEN"] = token;

        var outcome = await lens.RunAsync("mcp", "--http", address);

        Assert.Equal((2, ""), (outcome.Exit, outcome.Out));
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    private static LensExecutable Start(Lake lake) => LensExecutable.Start(
        new Dictionary<string, string?> { ["LENS_MCP_TOKEN"] = Token }, "mcp", "--http", "0", "--allow-origin", "https://agents.example.com", "--bucket", lake.Uri);

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, Uri url, string? token, (string Name, string Value)? header = null, string body = ListTools)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", header is ("Accept", var accept) ? accept : "application/json, text/event-stream");
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (header is ("Host", var host))
            request.Headers.Host = host;
        else if (header is ("Origin", var origin))
            request.Headers.TryAddWithoutValidation("Origin", origin);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
