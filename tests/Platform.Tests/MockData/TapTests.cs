using System.Text.Json;
using Xunit;

namespace Platform.Tests.MockData;

/// <summary><c>platform mock tap</c>: the Singer tap.</summary>
public sealed class TapTests : IDisposable
{
    private static readonly string[] Tables = ["locations", "customers", "parcels", "deliveries", "occupancy"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--config missing.json", null, "the configuration cannot be read")]
    [InlineData("--config file.json", "[]]", "the configuration is no JSON")]
    [InlineData("--config file.json", "[]", "the configuration is no JSON object")]
    [InlineData("--config file.json", """{"rows":5,"rows":6}""", "the configuration is no JSON: Duplicate property")]
    [InlineData("--config file.json", """{"row":5}""", "`row` is no key of the configuration")]
    [InlineData("--config file.json", """{"rows":"many"}""", "`rows` takes a whole number, not \"many\"")]
    [InlineData("--config file.json", """{"rows":1.5}""", "`rows` takes a whole number, not 1.5")]
    [InlineData("--config file.json", """{"rows":[1]}""", "`rows` takes a whole number, not [1]")]
    [InlineData("--config file.json", """{"rows":5,"scale":2}""", "`--rows` and `--scale` both say how many parcels there are")]
    [InlineData("--config file.json", """{"simulate_days":99999999999}""", "`simulate_days` takes a whole number, not 99999999999")]
    [InlineData("--config file.json", """{"simulate_days":-1}""", "`simulate_days` -1 is not from 0 to 3650")]
    [InlineData("--config file.json", """{"dirty":2}""", "`dirty 2` is not a share from 0 to 1")]
    [InlineData("--config file.json", """{"start_date":"soon"}""", "`start_date` soon is not a date")]
    [InlineData("--config file.json", """{"until":7}""", "`until` takes a text, not 7")]
    [InlineData("--catalog file.json", "{}", "the catalog has no `streams`")]
    [InlineData("--catalog file.json", """{"streams":[{"stream":"parcel"}]}""", "the catalog has a stream `parcel`, which is none of this tap")]
    [InlineData("--state file.json", """{"parcels":5}""", "the state is not one that this tap wrote")]
    [InlineData("--state file.json", """{"bookmarks":[]}""", "the state is not one that this tap wrote")]
    [InlineData("--state file.json", """{"bookmarks":{"parcels":{"day":"today"}}}""", "the state is not one that this tap wrote: its bookmark of `parcels`")]
    [InlineData("--state file.json", """{"bookmarks":{"parcels":{"day":"2026-10-31","network":"seed 2, 50000 parcels in 300 days until 2026-11-01"}}}""", "the state is of another network: seed 2")]
    public async Task Tap_GivenAFileThatIsWrong_SaysWhatAndWritesNothing(string option, string? content, string what)
    {
        if (content is not null)
            Write("file.json", content);
        var run = await PlatformRun.OfAsync(_folder.FullName, ["mock", "tap", .. option.Split(' ')]);
        Assert.Equal((2, ""), (run.Exit, run.Out));
        Assert.Contains(what, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tap_WritesTheRecordsOfTheFilesAsSingerMessages()
    {
        await RunAsync("mock", "--rows", "300", "--format", "ndjson", "--out", "a");
        var messages = await TapAsync("--rows", "300");
        foreach (var table in Tables)
        {
            Assert.Equal(File.ReadAllLines(Path.Combine(_folder.FullName, $"a/{table}.ndjson")), Records(messages, table));
            Assert.Single(messages, m => Type(m) == "SCHEMA" && m.GetProperty("stream").GetString() == table);
        }
        Assert.Equal("STATE", Type(messages[^1]));
    }

    [Fact]
    public async Task Tap_WithTheStateOfARun_BringsOnlyWhatIsNewSince_AsTheSimulatedFilesHaveIt()
    {
        Write("config.json", """{"rows":3000,"seed":5,"simulate_days":3}""");
        var first = await TapAsync("--config", "config.json");
        Write("state.json", State(first));
        Assert.DoesNotContain(await TapAsync("--config", "config.json", "--state", "state.json"), m => Type(m) == "RECORD");

        Write("config.json", """{"rows":3000,"seed":5,"simulate_days":5}""");
        var second = await TapAsync("--config", "config.json", "--state", "state.json");
        await RunAsync("mock", "--rows", "3000", "--seed", "5", "--format", "ndjson");
        await RunAsync("mock", "simulate", "--days", "5");
        foreach (var table in Tables)
        {
            string[] Lines(params string[] days) => [.. days.Select(d => Path.Combine(_folder.FullName, "mock", $"{table}{d}.ndjson")).Where(File.Exists).SelectMany(File.ReadAllLines)];
            Assert.Equal(Lines("", "-2026-11-01", "-2026-11-02", "-2026-11-03"), Records(first, table));
            Assert.Equal(Lines("-2026-11-04", "-2026-11-05"), Records(second, table));
        }
        Assert.Equal(["courier", "proof"], Properties(second, "deliveries").Where(p => p is "courier" or "proof" or "attempts"));
    }

    [Fact]
    public async Task Tap_WithAStreamThatStayedBehind_BringsThatOneFromItsBookmark()
    {
        Write("config.json", """{"rows":3000,"simulate_days":2}""");
        var all = await TapAsync("--config", "config.json");
        var state = System.Text.Json.Nodes.JsonNode.Parse(State(all))!;
        state["bookmarks"]!["deliveries"]!["day"] = "2026-10-30";
        state["bookmarks"]!.AsObject().Remove("customers");
        Write("state.json", state.ToJsonString());
        var again = await TapAsync("--config", "config.json", "--state", "state.json");
        Assert.Equal(Records(all, "customers"), Records(again, "customers"));
        var expected = Records(all, "deliveries").SkipWhile(r => string.CompareOrdinal(JsonDocument.Parse(r).RootElement.GetProperty("picked_up_at").GetString(), "2026-10-31") < 0).ToList();
        Assert.Equal(expected, Records(again, "deliveries"));
        Assert.All(new[] { "parcels", "occupancy", "locations" }, t => Assert.Empty(Records(again, t)));
        Assert.Equal(State(all), State(again));
    }

    [Fact]
    public async Task Tap_WithACatalog_BringsTheSelectedStreamsAndColumns()
    {
        var catalog = System.Text.Json.Nodes.JsonNode.Parse(await RunAsync("mock", "tap", "--discover"))!;
        Assert.Equal(Tables, catalog["streams"]!.AsArray().Select(s => (string)s!["tap_stream_id"]!));
        foreach (var stream in catalog["streams"]!.AsArray())
        {
            stream!["metadata"]![0]!["metadata"]!["selected"] = (string)stream["stream"]! is "parcels" or "customers";
            foreach (var entry in stream["metadata"]!.AsArray().Where(m => m!["breadcrumb"]!.AsArray().Count == 2 && (string)m["breadcrumb"]![1]! is "email" or "customer_id"))
                entry!["metadata"]!["selected"] = false;
        }
        Write("catalog.json", catalog.ToJsonString());
        var messages = await TapAsync("--rows", "200", "--catalog", "catalog.json");
        Assert.Equal(["customers", "parcels"], messages.Where(m => Type(m) == "SCHEMA").Select(m => m.GetProperty("stream").GetString()));
        Assert.Equal(200, Records(messages, "parcels").Count);
        // a key is never left out
        Assert.Equal(["customer_id", "name", "segment"], Properties(messages, "customers").Take(3));
        Assert.DoesNotContain("customer_id", Properties(messages, "parcels"));
        Assert.Equal(["customer_id", "name", "segment"], JsonDocument.Parse(Records(messages, "customers")[0]).RootElement.EnumerateObject().Take(3).Select(p => p.Name));
        Assert.Equal(["customers", "parcels"], messages[^1].GetProperty("value").GetProperty("bookmarks").EnumerateObject().Select(b => b.Name));
    }

    [Fact]
    public async Task Tap_WithAStartDate_LeavesOutWhatWasBefore()
    {
        Write("config.json", """{"rows":3000,"start_date":"2026-10-20T00:00:00Z"}""");
        var messages = await TapAsync("--config", "config.json");
        var days = Records(messages, "deliveries").Select(r => JsonDocument.Parse(r).RootElement.GetProperty("picked_up_at").GetString()![..10]).ToList();
        Assert.Equal(("2026-10-20", "2026-10-31"), (days.Min(), days.Max()));
        Assert.NotEmpty(Records(messages, "customers"));
    }

    private static string? Type(JsonElement message) => message.GetProperty("type").GetString();

    private static List<string> Records(IEnumerable<JsonElement> messages, string stream) =>
        [.. messages.Where(m => Type(m) == "RECORD" && m.GetProperty("stream").GetString() == stream).Select(m => m.GetProperty("record").GetRawText())];

    private static IEnumerable<string> Properties(IEnumerable<JsonElement> messages, string stream) =>
        messages.Last(m => Type(m) == "SCHEMA" && m.GetProperty("stream").GetString() == stream).GetProperty("schema").GetProperty("properties").EnumerateObject().Select(p => p.Name);

    private static string State(IEnumerable<JsonElement> messages) => messages.Last(m => Type(m) == "STATE").GetProperty("value").GetRawText();

    private async Task<List<JsonElement>> TapAsync(params string[] args) =>
        [.. (await RunAsync(["mock", "tap", .. args])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private async Task<string> RunAsync(params string[] args)
    {
        var run = await PlatformRun.OfAsync(_folder.FullName, args);
        Assert.True(run.Exit == 0, run.Error);
        return run.Out;
    }
}
