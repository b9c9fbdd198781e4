using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Xunit;

namespace Lens.Tests.Profiling;

public sealed class ProfileCommandTests
{
    private const string Rows = """
        SELECT range AS id, CASE WHEN range % 10 = 0 THEN NULL ELSE 'k' || range % 3 END AS kind, (range / 4)::DECIMAL(9,2) AS amount, DATE '2026-01-01' + range::INT AS day,
            [range] AS list, CASE range WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN 'Infinity'::DOUBLE ELSE range END AS wild, TIMESTAMP '2026-01-01' + range * INTERVAL 1 HOUR AS at, NULL::INTEGER AS nothing,
            '<b>' || (range % 2) AS html
        FROM range(100)
        """;

    [Fact]
    public async Task Profile_EveryKindOfColumn_IsTold()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", Rows);

        var outcome = await lens.RunAsync("profile", "orders", "--bucket", lake.Uri, "-o", "json");

        Assert.Equal("", outcome.Error);
        var columns = JsonDocument.Parse(outcome.Out).RootElement.EnumerateArray().ToDictionary(column => column.GetProperty("column").GetString()!);
        Assert.Equal(("0", "99", 49.5), (columns["id"].GetProperty("min").GetString(), columns["id"].GetProperty("max").GetString(), columns["id"].GetProperty("mean").GetDouble()));
        Assert.Equal(Enumerable.Repeat(5, 20), columns["id"].GetProperty("values").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal(10, columns["kind"].GetProperty("nulls").GetInt32());
        Assert.Equal(90, columns["kind"].GetProperty("values").EnumerateArray().Sum(top => top.GetProperty("count").GetInt32()));
        Assert.Equal(98, columns["wild"].GetProperty("values").EnumerateArray().Sum(count => count.GetInt32()));
        Assert.Equal(("2026-01-01", "2026-04-10"), (columns["day"].GetProperty("min").GetString(), columns["day"].GetProperty("max").GetString()));
        Assert.Equal(100, columns["nothing"].GetProperty("nulls").GetInt32());
        Assert.Equal(JsonValueKind.Null, columns["list"].GetProperty("distinct").ValueKind);
    }

    [Fact]
    public async Task Profile_AsAPage_NeedsNothingElseAndEscapes()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", Rows);

        var outcome = await lens.RunAsync("profile", "orders", "--bucket", lake.Uri, "--html", "page.html");

        Assert.Equal((0, ""), (outcome.Exit, outcome.Out));
        var page = await File.ReadAllTextAsync(lens.PathOf("page.html"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        using var reader = XmlReader.Create(new StringReader(page), new() { DtdProcessing = DtdProcessing.Ignore });
        var sections = XDocument.Load(reader).Root!.Element("body")!.Elements("section").ToDictionary(section => section.Descendants("h2").Single().Value);
        Assert.Equal(["id", "kind", "amount", "day", "list", "wild", "at", "nothing", "html"], sections.Keys);
        Assert.Equal(20, sections["id"].Descendants("rect").Count());
        Assert.Equal(["0", "99"], sections["id"].Descendants("text").Select(text => text.Value));
        Assert.Equal("10 (10 %)", sections["kind"].Descendants("dd").First().Value);
        Assert.Equal(["50", "50", "<b>0", "<b>1"], sections["html"].Descendants("text").Select(text => text.Value).Order(StringComparer.Ordinal));
        Assert.Empty(sections["list"].Descendants("svg"));
    }

    [Fact]
    public async Task Profile_EmptyTable_HasNoFigures()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id, 'a' AS name WHERE false");

        var outcome = await lens.RunAsync("profile", "orders", "--bucket", lake.Uri, "-o", "csv");

        Assert.Equal(new(0, "column,type,nulls,distinct,min,q25,median,q75,max,mean,values\nid,INTEGER,0,0,,,,,,,\nname,VARCHAR,0,0,,,,,,,\n", ""), outcome);
    }
}
