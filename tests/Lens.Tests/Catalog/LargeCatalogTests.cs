using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Lens.Tests.Catalog;

public sealed class LargeCatalogTests
{
    [Fact]
    public async Task Sql_BucketOfAThousandTables_TouchesOnlyThoseThatAreNamed()
    {
        const int Count = 1000;
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        // of all but one there is an entry and no folder: looking at them would be an error
        lake.WriteFile("raw/s/t7/dt=2026-01-01/t7_0000.parquet", "SELECT 7 AS id");
        var columns = new object[] { new { name = "id", type = "int64", nullable = true }, new { name = "at", type = "timestamp[us, tz=UTC]", nullable = true }, new { name = "odd", type = "duration[s]", nullable = true } };
        lake.WriteText(".dataspoc/manifest.json", JsonSerializer.Serialize(new
        {
            version = "1.0",
            tables = Enumerable.Range(0, Count).ToDictionary(i => $"s/t{i}", i => new { source = "s", table = string.Create(CultureInfo.InvariantCulture, $"t{i}"), columns, stats = new { total_rows = 1 } }),
        }));

        Assert.Equal("id,dt\n7,2026-01-01\n", (await lens.RunAsync("sql", "select * from raw.s_t7", "--bucket", lake.Uri)).Out);
        Assert.Equal("id,dt\n7,2026-01-01\n", (await lens.RunAsync("sql", "from t7", "--bucket", lake.Uri)).Out);
        Assert.Equal("n\n1000\n", (await lens.RunAsync("sql", "select count(*) as n from (show all tables)", "--bucket", lake.Uri)).Out);
        Assert.Equal("data_type\nBIGINT\nTIMESTAMP WITH TIME ZONE\nVARCHAR\n", (await lens.RunAsync("sql", "select data_type from information_schema.columns where table_name = 's_t8'", "--bucket", lake.Uri)).Out);
    }
}
