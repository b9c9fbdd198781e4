using System.Text.Json;
using Xunit;

namespace Lens.Tests.Browsing;

public sealed class CatalogCommandTests
{
    [Fact]
    public async Task Catalog_OfABucket_ListsTablesOfEveryKind()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT * FROM (VALUES (1, DATE '2026-01-01'), (2, DATE '2026-01-02'), (3, DATE '2026-01-02')) t(id, dt)");
        lake.WriteFile("curated/old/things/a.parquet", "SELECT 1 AS id");

        var outcome = await lens.RunAsync("catalog", "--bucket", lake.Uri, "-o", "json");

        Assert.Equal("", outcome.Error);
        var tables = JsonDocument.Parse(outcome.Out).RootElement.EnumerateArray().ToArray();
        Assert.Equal(["raw.shop_orders", "curated.old_things"], tables.Select(table => $"{table.GetProperty("layer")}.{table.GetProperty("table")}"));
        Assert.Equal((3, 2, 2), (tables[0].GetProperty("rows").GetInt32(), tables[0].GetProperty("files").GetInt32(), tables[0].GetProperty("columns").GetInt32()));
        Assert.Equal(1, tables[1].GetProperty("files").GetInt32());
    }

    [Fact]
    public async Task Catalog_OfATable_TellsColumnsBoundsAndLineage()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT * FROM (VALUES (9, 'a', DATE '2026-01-01'), (10, NULL, DATE '2026-01-02')) t(id, note, dt)");

        var json = JsonDocument.Parse((await lens.RunAsync("catalog", "orders", "--bucket", lake.Uri, "-o", "json")).Out).RootElement;
        var detail = await lens.RunAsync("catalog", "raw.shop_orders", "--bucket", lake.Uri, "--detail", "-o", "csv");
        var page = await lens.RunAsync("catalog", "raw.shop_orders", "--bucket", lake.Uri, "-o", "table");

        Assert.Equal((2, "raw/shop/orders"), (json.GetProperty("rows").GetInt32(), json.GetProperty("location").GetString()));
        Assert.Equal("""
            column,type,nullable,key,partition,nulls,min,max
            id,INTEGER,true,false,false,0,9,10
            note,VARCHAR,true,false,false,1,,
            dt,DATE,true,false,true,,2026-01-01,2026-01-02

            """.ReplaceLineEndings("\n"), detail.Out);
        Assert.Contains("snapshot  0\n", page.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Catalog_OfAFolderWithoutLog_ReadsColumnsFromItsFiles()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        lake.WriteFile("raw/old/things/dt=2026-01-01/a.parquet", "SELECT 1 AS id");

        Assert.Equal("column,type,nullable,key,partition\nid,INTEGER,true,false,false\ndt,DATE,true,false,true\n", (await lens.RunAsync("catalog", "things", "--bucket", lake.Uri, "-o", "csv")).Out);
    }

    [Fact]
    public async Task Catalog_UnknownTable_NamesTheNearest()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");

        var outcome = await lens.RunAsync("catalog", "raw.shop_order", "--bucket", lake.Uri);

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("did you mean `raw.shop_orders`?", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await lens.RunAsync("catalog")).Exit);
    }
}
