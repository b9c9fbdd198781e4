using System.Net;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.Http;
using DataSpoc.Pipe.Sources.Shapes;

namespace Pipe.Tests.Sources.Http;

/// <summary>APIs as they are: pages, credentials, bookmarks, pauses, and answers that are not what they should be.</summary>
public sealed class HttpSourceTests : IAsyncDisposable
{
    private readonly RecordingSink sink = new();
    private readonly Database database = Database.Open(new());
    private ApiServer server = new(_ => new("[]"));

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        database.Dispose();
    }

    [Theory]
    [InlineData("Link")]
    [InlineData("Next")]
    [InlineData("Cursor")]
    [InlineData("Page")]
    [InlineData("Offset")]
    public async Task Read_Pages_GivesEveryRecordOnce(string name)
    {
        var kind = Enum.Parse<PaginationKind>(name);
        await ServeAsync(request => kind switch
        {
            PaginationKind.Link => Linked(request),
            PaginationKind.Next => new(Wrapped(request, next => $"{{\"next\": {Json(next is null ? null : $"/v1/orders?p={next}")}}}")),
            PaginationKind.Cursor => new(Wrapped(request, next => $"{{\"next\": {Json(next?.ToString())}}}")),
            PaginationKind.Page => new(Three(int.Parse(request.QueryString["p"]!, null))),
            _ => new(Three(1 + (int.Parse(request.QueryString["p"]!, null) / 2))),
        });
        await ReadAsync(Settings() with
        {
            Records = kind is PaginationKind.Next or PaginationKind.Cursor ? "$.data.items" : null,
            Pagination = new() { Type = kind, Param = "p", Path = "meta.next", Size = 2, SizeParam = kind == PaginationKind.Offset ? "limit" : null },
        });
        Assert.Equal(["id=1", "id=2", "id=3", "id=4", "id=5"], sink.Rows["orders"]);
    }

    [Fact]
    public async Task Read_Types_AreFoundInAllRecords()
    {
        await ServeAsync(_ => new("""
            {"total": 2, "orders": [
              {"id": 1, "amount": 10, "big": 12345678901234567890, "exact": 0.123456789012345678, "longest": 0.1234567890123456789, "at": "2026-01-02T03:04:05Z", "note": "2026-01-02", "tags": [], "gone": null, "address": {"city": "Lisbon", "none": null}, "lines": [{"n": 1}], "mixed": 1},
              {"id": 2, "amount": 10.5, "big": 1, "exact": 1, "longest": 1, "at": "2026-01-02T03:04:05.5+01:00", "note": "x", "tags": ["a"], "gone": null, "address": {"city": null}, "lines": [], "mixed": "one"}]}
            """));
        await ReadAsync(Settings());
        Assert.Equal("schema orders: id BIGINT, amount DOUBLE, big DECIMAL(38,0), exact DECIMAL(38,18), longest VARCHAR, at TIMESTAMP WITH TIME ZONE, note VARCHAR, tags VARCHAR[], address STRUCT(\"city\" VARCHAR), lines STRUCT(\"n\" BIGINT)[], mixed VARCHAR", sink.Events[0]);
        Assert.Equal(2, sink.Rows["orders"].Count);
    }

    [Fact]
    public async Task Read_Incremental_AsksForWhatIsNewAndKnowsWhatCameBefore()
    {
        var records = new List<string> { """{"id": 1, "at": "2026-01-01T00:00:00Z"}""", """{"id": 2, "at": "2026-01-02T00:00:00Z"}""" };
        await ServeAsync(_ => new($"[{string.Join(",", records)}]"));
        var settings = Settings(stream => stream with { Incremental = new("at") { Param = "since", Start = "2025-01-01" } });
        await ReadAsync(settings, incremental: true);
        records.Add("""{"id": 3, "at": "2026-01-02T00:00:00Z"}""");
        records.Add("""{"id": 4, "at": "2026-01-01T12:00:00Z"}""");
        await ReadAsync(settings, incremental: true, state: sink.States[^1]);
        await ReadAsync(settings, incremental: true, state: sink.States[^1]);
        Assert.Equal(["/v1/orders?since=2025-01-01", "/v1/orders?since=2026-01-02T00%3A00%3A00Z", "/v1/orders?since=2026-01-02T00%3A00%3A00Z"], server.Requests);
        Assert.Equal(["1", "2", "3"], sink.Rows["orders"].Select(row => row.Split('=', ',')[1]));
        Assert.Equal("2026-01-02T00:00:00Z", JsonDocument.Parse(sink.States[^1]).RootElement.GetProperty("bookmarks").GetProperty("orders").GetProperty("value").GetString());
    }

    [Fact]
    public async Task Read_AuthOfEveryKind_IsSent()
    {
        await ServeAsync(_ => new("""[{"id": 1}]"""));
        HttpAuth[] ways = [new() { Bearer = "t0ken" }, new() { Basic = new("ann", "pässword") }, new() { Header = new("X-Api-Key", "k3y") }, new() { Query = new("api_key", "k3y") }];
        foreach (var auth in ways)
            await ReadAsync(Settings() with { Auth = auth, Headers = new Dictionary<string, string> { ["X-Tenant"] = "acme" } });
        Assert.Equal("Bearer t0ken", server.Headers[0]["Authorization"]);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:pässword")), server.Headers[1]["Authorization"]);
        Assert.Equal("k3y", server.Headers[2]["X-Api-Key"]);
        Assert.Equal("/v1/orders?api_key=k3y", server.Requests[3]);
        Assert.All(server.Headers, headers => Assert.Equal("acme", headers["X-Tenant"]));
    }

    [Fact]
    public async Task Read_RedirectToAnotherHost_DoesNotTakeCredentialsAlong()
    {
        await using var other = new ApiServer(_ => new("""[{"id": 1}]"""));
        await ServeAsync(_ => new("", 302) { Headers = { ["Location"] = other.Url + "/elsewhere" } });
        foreach (var auth in (HttpAuth[])[new() { Bearer = "t0ken" }, new() { Basic = new("a", "b") }, new() { Header = new("X-Api-Key", "k3y") }, new() { Query = new("api_key", "k3y") }])
            await ReadAsync(Settings() with { Auth = auth, Headers = new Dictionary<string, string> { ["X-Secret"] = "s3cret" } });
        Assert.Equal(4, other.Requests.Count);
        Assert.All(other.Requests, request => Assert.Equal("/elsewhere", request));
        Assert.All(other.Headers, headers => Assert.Empty(headers.Keys.Intersect(["Authorization", "X-Api-Key", "X-Secret"], StringComparer.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Read_RedirectOnTheSameHost_KeepsThem()
    {
        await ServeAsync(request => request.RawUrl!.StartsWith("/v1", StringComparison.Ordinal) ? new("", 307) { Headers = { ["Location"] = "/v2/orders" } } : new("""[{"id": 1}]"""));
        await ReadAsync(Settings() with { Auth = new() { Bearer = "t0ken" } });
        Assert.Equal("Bearer t0ken", server.Headers[1]["Authorization"]);
        Assert.Equal(["id=1"], sink.Rows["orders"]);
    }

    [Theory]
    [InlineData(429, "0")]
    [InlineData(503, "Thu, 01 Jan 2026 00:00:00 GMT")]
    public async Task Read_ApiThatAsksForAPause_IsAskedAgain(int status, string pause)
    {
        var calls = 0;
        await ServeAsync(_ => ++calls < 3 ? new("slow down", status) { Headers = { ["Retry-After"] = pause } } : new("""[{"id": 1}]"""));
        await ReadAsync(Settings());
        Assert.Equal(3, calls);
        Assert.Equal(["id=1"], sink.Rows["orders"]);
    }

    public static TheoryData<string, int, string, string, string> Bad { get; } = new()
    {
        { "<html>log in</html>", 200, "text/html", "`orders` is not JSON: the API answered text/html", "check the path" },
        { "{\"id\": 1", 200, "application/json", "an answer of `orders` is not JSON", "" },
        { "{\"a\": [], \"b\": []}", 200, "application/json", "where the records of `orders` are is not clear", "records: data.items" },
        { "[1, 2]", 200, "application/json", "where the records of `orders` are is not clear", "records: data.items" },
        { "no: t0ken is not valid", 401, "text/plain", "`orders` cannot be read: the API answered 401 Unauthorized", "check `auth`" },
        { "", 404, "application/json", "`orders` cannot be read: the API answered 404 Not Found", "check `url`" },
        { "later", 429, "text/plain", "`orders` cannot be read: the API answered 429 Too Many Requests", "pause of 3600 s" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Read_AnswerThatIsNotRecords_FailsTheStreamOnly(string body, int status, string type, string what, string hint)
    {
        await ServeAsync(request => request.RawUrl!.Contains("users", StringComparison.Ordinal) ? new("""[{"id": 7}]""") : new(body, status) { Type = type, Headers = { ["Retry-After"] = "3600" } });
        var settings = Settings() with { Auth = new() { Bearer = "t0ken" }, Retries = 1 };
        await ReadAsync(settings with { Streams = [.. settings.Streams, new() { Name = "users" }] });
        Assert.Equal(what, sink.Failures["orders"].What);
        Assert.Contains(hint, sink.Failures["orders"].Hint ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(sink.Failures["orders"].Where, where => where.Value.Contains("t0ken", StringComparison.Ordinal));
        Assert.Equal(["id=7"], sink.Rows["users"]);
    }

    [Fact]
    public async Task Read_PagesWithoutEnd_AreAnError()
    {
        var calls = 0;
        await ServeAsync(_ => new($"[{{\"id\": {++calls}}}]"));
        await ReadAsync(Settings() with { MaxPages = 5, Pagination = new() { Type = PaginationKind.Page, Param = "page" } });
        Assert.Equal("`orders` has more than 5 pages", sink.Failures["orders"].What);
        Assert.Equal(5, calls);
    }

    [Theory]
    [InlineData("Page", "[{\"id\": 1}]")]
    [InlineData("Cursor", "{\"items\": [{\"id\": 1}], \"next\": \"abc\"}")]
    [InlineData("Next", "{\"items\": [{\"id\": 1}], \"next\": \"/v1/orders\"}")]
    public async Task Read_PagesThatRepeatThemselves_AreAnError(string name, string body)
    {
        var kind = Enum.Parse<PaginationKind>(name);
        await ServeAsync(_ => new(body));
        await ReadAsync(Settings() with { Pagination = new() { Type = kind, Param = "p", Path = "next" } });
        Assert.Equal("the pages of `orders` do not go on", sink.Failures["orders"].What);
        Assert.InRange(server.Requests.Count, 1, 3);
        Assert.Empty(sink.Rows);
    }

    [Fact]
    public async Task Read_NextPageOnAnotherHost_IsRefused()
    {
        await ServeAsync(_ => new("""{"items": [{"id": 1}], "next": "http://198.51.100.1/steal"}"""));
        await ReadAsync(Settings() with { Pagination = new() { Type = PaginationKind.Next, Path = "next" } });
        Assert.Equal("the next page of `orders` is on another host: `198.51.100.1`", sink.Failures["orders"].What);
    }

    [Fact]
    public async Task Read_HugeAnswer_IsRefusedBeforeItIsHeld()
    {
        await ServeAsync(_ => new(new string(' ', 1 << 16)) { Times = 64 });
        await ReadAsync(Settings() with { MaxBody = new(1 << 20) });
        Assert.Equal("an answer of `orders` is larger than 1,048,576 bytes", sink.Failures["orders"].What);
    }

    [Fact]
    public async Task Discover_Endpoints_TellsColumnsOrWhyNot()
    {
        await ServeAsync(request => request.RawUrl!.Contains("users", StringComparison.Ordinal) ? new("", 404) : new("""[{"id": 1, "name": "ann"}]"""));
        var settings = Settings(stream => stream with { Key = ["id"] });
        var streams = await Open(settings with { Streams = [.. settings.Streams, new() { Name = "users" }] }).DiscoverAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["id BIGINT", "name VARCHAR"], streams[0].Schema.Columns.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(["id"], streams[0].Schema.KeyProperties);
        Assert.NotNull(streams[1].Unreadable);
    }

    [Fact]
    public async Task First_Endpoint_StopsAtSoManyRecords()
    {
        var calls = 0;
        await ServeAsync(_ => new($"[{{\"id\": {++calls}}}, {{\"id\": {++calls}}}]"));
        await Open(Settings() with { Pagination = new() { Type = PaginationKind.Page, Param = "page" } }).First(3).ReadAsync(sink, TestContext.Current.CancellationToken);
        Assert.Equal(["id=1", "id=2", "id=3"], sink.Rows["orders"]);
        Assert.Equal(2, server.Requests.Count);
    }

    private static Answer Linked(HttpListenerRequest request)
    {
        var page = int.Parse(request.QueryString["page"] ?? "1", null);
        return new(Three(page)) { Headers = page == 3 ? [] : new() { ["Link"] = $"<{request.Url!.GetLeftPart(UriPartial.Path)}?page=1>; rel=\"first\", </v1/orders?page={page + 1}>; rel=\"next\"" } };
    }

    /// <summary>Pages 1 to 3 have two, two and one records; later ones none.</summary>
    private static string Three(int page) => page switch { 1 => """[{"id": 1}, {"id": 2}]""", 2 => """[{"id": 3}, {"id": 4}]""", 3 => """[{"id": 5}]""", _ => "[]" };

    private static string Wrapped(HttpListenerRequest request, Func<int?, string> meta)
    {
        var page = int.Parse(request.QueryString["p"] ?? "1", null);
        return $"{{\"data\": {{\"items\": {Three(page)}}}, \"meta\": {meta(page == 3 ? null : page + 1)}}}";
    }

    private static string Json(string? text) => JsonSerializer.Serialize(text);

    private HttpSettings Settings(Func<HttpStream, HttpStream>? change = null)
    {
        var stream = new HttpStream { Name = "orders" };
        return new() { Url = server.Url + "/v1", Streams = [change?.Invoke(stream) ?? stream] };
    }

    private async Task ServeAsync(Func<HttpListenerRequest, Answer> answer)
    {
        await server.DisposeAsync();
        server = new(answer);
    }

    private IDiscoverableSource Open(HttpSettings settings, bool incremental = false, string state = "") => new HttpPlan(settings, ShapeRules.Usual).Open(new()
    {
        Database = database,
        Cache = new ObjectCache(Path.GetTempPath()),
        OpenStore = _ => throw new InvalidOperationException("an API has no bucket"),
        Folder = Path.GetTempPath(),
        Incremental = incremental,
        State = Encoding.UTF8.GetBytes(state),
    });

    private Task<SourceSummary> ReadAsync(HttpSettings settings, bool incremental = false, string state = "") =>
        Open(settings, incremental, state).ReadAsync(sink, TestContext.Current.CancellationToken);
}
