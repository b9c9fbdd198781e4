using System.Text.Json.Nodes;
using Xunit;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Lens.Tests.Ask;

/// <summary><c>lens ask</c> against an endpoint on this machine that answers what a test says a model answered.</summary>
public sealed class AskTests : IAsyncLifetime
{
    private const string Key = "sk-secret-0123456789";
    private readonly Lake _lake = Lake.New();
    private readonly LensProcess _lens = new();
    private readonly Queue<string> _answers = new();
    private readonly LoopbackServer _model;

    public AskTests()
    {
        _model = new(request => (200, Answer(request.Path, _answers.Dequeue())));
        _lens.Variables["DATASPOC_LLM_URL"] = _model.Url;
    }

    public async ValueTask InitializeAsync()
    {
        await _lake.WriteAsync("raw/shop/orders", """
            SELECT id::BIGINT AS id, customer, status, total::DECIMAL(9,2) AS total, dt::DATE AS dt
            FROM (VALUES (1, 'A', 'paid', 19.99, '2026-01-01'), (2, 'B', 'shipped', 5, '2026-01-01'), (3, 'A', 'new', 70, '2026-01-02'), (4, 'A', 'new', 4.90, '2026-01-03')) t(id, customer, status, total, dt)
            """);
        await _lake.WriteAsync("curated/sales/customers", "SELECT * FROM (VALUES ('A', 'Ann', 'ann@example.com'), ('B', 'Bob', 'bob@example.com')) t(code, name, email)");
    }

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        _lens.Dispose();
        await _lake.DisposeAsync();
    }

    [Fact]
    public async Task Questions_OfTheSet_HaveTheirRows()
    {
        var questions = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
            .Deserialize<List<EvaluatedQuestion>>(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Ask", "questions.yaml"), TestContext.Current.CancellationToken));
        foreach (var question in questions)
        {
            question.Answers.ForEach(_answers.Enqueue);

            var outcome = await _lens.RunAsync("ask", question.Question, "--bucket", _lake.Uri);

            Assert.True(_answers.Count == 0, $"{question.Question}: asked {question.Answers.Count - _answers.Count} times\n{outcome.Error}");
            if (question.Error is { } error)
                Assert.True(outcome.Exit != 0 && outcome.Error.Contains(error, StringComparison.Ordinal), $"{question.Question}\n{outcome}");
            else
                Assert.True((outcome.Exit, outcome.Out) == (0, question.Rows), $"{question.Question}\n{outcome}");
        }
    }

    [Fact]
    public async Task Query_IsShownBeforeItsRows_AndAloneOnRequest()
    {
        _answers.Enqueue("```sql\nselect 1 as a\n```");
        Assert.Equal(new(0, "a\n1\n", "select 1 as a\n\n"), await _lens.RunAsync("ask", "one", "--bucket", _lake.Uri));
        _answers.Enqueue("select 2 as a -- \e[2J");
        Assert.Equal(new(0, "select 2 as a -- [2J\n", ""), await _lens.RunAsync("ask", "two", "--sql", "--bucket", _lake.Uri));
    }

    [Fact]
    public async Task Prompt_HoldsWhatIsKnown_ButNothingPrivate()
    {
        _lens.Write("lens.yaml", "ask: {model: tiny, samples: 2}\n");
        _lens.Write("semantics.yaml", """
            metrics:
              revenue: {sql: sum(total), from: raw.shop_orders, means: what customers paid}
              orders: count(*)
            synonyms: {client: curated.sales_customers}
            comments:
              raw.shop_orders: one row per order
              raw.shop_orders.total: in euros
            private: [email, curated.sales_customers.name]
            """);
        _answers.Enqueue("select 1 as a");

        var outcome = await _lens.RunAsync("ask", "revenue of each client", "--bucket", _lake.Uri, "--debug");

        var body = JsonNode.Parse(_model.Requests.Single().Body)!;
        Assert.Equal(("/api/chat", "tiny", false), (_model.Requests[0].Path, (string?)body["model"], (bool)body["stream"]!));
        var told = (string)body["messages"]![1]!["content"]!;
        Assert.All(
            ["Table raw.shop_orders (4 rows) -- one row per order", "  total DECIMAL(9,2) -- in euros", "  dt DATE -- partition", "  email VARCHAR -- private", "\"customer\":\"A\"", "{\"code\":\"A\"}",
             "Metric revenue: sum(total) from raw.shop_orders -- what customers paid", "Metric orders: count(*)", "\"client\" means curated.sales_customers", "Question: revenue of each client"],
            part => Assert.Contains(part, told, StringComparison.Ordinal));
        Assert.DoesNotContain("example.com", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Ann", told, StringComparison.Ordinal);
        Assert.Contains(told.TrimEnd(), outcome.Error, StringComparison.Ordinal);

        _answers.Enqueue("select 1 as a");
        await _lens.RunAsync("ask", "anything", "--bucket", _lake.Uri, "--no-samples");
        Assert.DoesNotContain("Some rows", _model.Requests[1].Body, StringComparison.Ordinal);

        _lens.Write("semantics.yaml", "private: [raw.shop_orders.custommer]");
        var misspelled = await _lens.RunAsync("ask", "anything", "--bucket", _lake.Uri);
        Assert.Equal(2, misspelled.Exit);
        Assert.Contains("names no column of raw.shop_orders", misspelled.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repair_IsAskedWithTheBindersError_AndWithNoValues()
    {
        _answers.Enqueue("select sum(amount) as a from raw.shop_orders");
        _answers.Enqueue("select 1 as a");

        await _lens.RunAsync("ask", "what was paid", "--bucket", _lake.Uri, "--no-samples");

        var turns = JsonNode.Parse(_model.Requests[1].Body)!["messages"]!.AsArray();
        Assert.Equal(["system", "user", "assistant", "user"], turns.Select(turn => (string?)turn!["role"]));
        Assert.Contains("`amount` not found", (string?)turns[3]!["content"], StringComparison.Ordinal);
        // fails only on rows: those are no model's business
        _answers.Enqueue("select status::INTEGER as a from raw.shop_orders");
        var outcome = await _lens.RunAsync("ask", "what was paid", "--bucket", _lake.Uri);
        Assert.Equal((1, 3), (outcome.Exit, _model.Requests.Count));
    }

    [Theory]
    [InlineData("openai", "/chat/completions", "Authorization", "Bearer " + Key)]
    [InlineData("anthropic", "/messages", "x-api-key", Key)]
    public async Task Provider_WithAKey_GetsItInItsHeaderAndNoLogDoes(string provider, string path, string header, string value)
    {
        _lens.Variables["DATASPOC_LLM_PROVIDER"] = provider;
        _lens.Variables["DATASPOC_LLM_MODEL"] = "large";
        _lens.Variables["DATASPOC_LLM_API_KEY"] = Key;
        _answers.Enqueue("```sql\nselect 1 as a\n```");

        var outcome = await _lens.RunAsync("ask", "one", "--bucket", _lake.Uri, "--debug", "-v");

        Assert.Equal((0, "a\n1\n"), (outcome.Exit, outcome.Out));
        var request = _model.Requests.Single();
        Assert.Equal((path, value), (request.Path, request.Headers[header]));
        Assert.DoesNotContain(Key, outcome.Error + request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_ThatRefuses_IsToldOfWithoutTheKey()
    {
        await using var refusing = new LoopbackServer(_ => (401, $$$"""{"error":{"message":"wrong key {{{Key}}}"}}"""));
        (_lens.Variables["DATASPOC_LLM_URL"], _lens.Variables["DATASPOC_LLM_API_KEY"], _lens.Variables["DATASPOC_LLM_PROVIDER"]) = (refusing.Url, Key, "openai");

        var refused = await _lens.RunAsync("ask", "one", "--model", "m", "--bucket", _lake.Uri);

        Assert.Equal(1, refused.Exit);
        Assert.Contains("the model answered 401", refused.Error, StringComparison.Ordinal);
        Assert.Contains("wrong key ***", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", null, "http://models.example.com/v1", "without encryption")]
    [InlineData("openai", null, "ftp://models.example.com", "is not the address of a model")]
    [InlineData("wizard", null, null, "is no provider")]
    [InlineData("anthropic", "", "", "there is no key for anthropic")]
    public async Task Address_ThatCannotBe_IsRefusedFirst(string provider, string? key, string? url, string said)
    {
        (_lens.Variables["DATASPOC_LLM_URL"], _lens.Variables["DATASPOC_LLM_API_KEY"], _lens.Variables["DATASPOC_LLM_PROVIDER"]) = (url ?? _model.Url, key ?? Key, provider);

        var outcome = await _lens.RunAsync("ask", "one", "--model", "m", "--bucket", _lake.Uri);

        Assert.Equal(2, outcome.Exit);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(_model.Requests);
    }

    [Fact]
    public async Task Key_OfAProvider_IsNotSentToAnAddressOfTheProject()
    {
        (_lens.Variables["OPENAI_API_KEY"], _lens.Variables["DATASPOC_LLM_PROVIDER"]) = (Key, "openai");
        _answers.Enqueue("select 1 as a");

        var outcome = await _lens.RunAsync("ask", "one", "--model", "m", "--bucket", _lake.Uri);

        Assert.Equal(0, outcome.Exit);
        Assert.DoesNotContain("Authorization", _model.Requests.Single().Headers.Keys);
    }

    [Fact]
    public async Task Shell_TakesQuestionsBetweenQueries()
    {
        _answers.Enqueue("```sql\nselect count(*) as n\nfrom orders\n```");
        _lens.Input = "select 1 as a;\nask how many; of them?\n.mode json\nselect 2 as b;\n";

        var outcome = await _lens.RunAsync("shell", "--bucket", _lake.Uri);

        Assert.Equal((0, "a\n1\nn\n4\n[\n{\"b\":2}\n]\n"), (outcome.Exit, outcome.Out));
        Assert.Contains("Question: how many; of them?", (string?)JsonNode.Parse(_model.Requests.Single().Body)!["messages"]![1]!["content"], StringComparison.Ordinal);
    }

    private static string Answer(string path, string text) => (path switch
    {
        "/api/chat" => new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text } },
        "/messages" => new JsonObject { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) },
        _ => new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["content"] = text } }) },
    }).ToJsonString();
}

/// <summary>A question of the set.</summary>
public sealed class EvaluatedQuestion
{
    public string Question { get; set; } = "";

    public List<string> Answers { get; set; } = [];

    public string? Rows { get; set; }

    public string? Error { get; set; }
}
