using System.Text.RegularExpressions;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Lens.Tests.Publishing;

/// <summary>The statements of <c>lens publish</c>; ClickHouse runs its own in <c>ClickHouseTests</c>.</summary>
public sealed class PublishCommandTests
{
    [Theory]
    [InlineData("trino", """
        CREATE SCHEMA IF NOT EXISTS delta.my_lake_raw;
        DROP TABLE IF EXISTS delta.my_lake_raw."shop_web_orders";
        CALL delta.system.register_table(schema_name => 'my_lake_raw', table_name => 'shop_web_orders', table_location => '{uri}/raw/shop/web-orders');

        """)]
    [InlineData("spark", """
        CREATE DATABASE IF NOT EXISTS my_lake_raw;
        CREATE TABLE IF NOT EXISTS my_lake_raw.`shop_web_orders` USING DELTA LOCATION '{uri}/raw/shop/web-orders';

        """)]
    public async Task Publish_AsAnEngine_WritesWhatItRuns(string engine, string expected)
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/web-orders", "SELECT 1 AS id");
        lake.WriteFile("raw/old/days/a.parquet", "SELECT 1 AS id");
        // without a manifest folders are looked for
        File.Delete(Path.Combine(lake.Folder, ".dataspoc", "manifest.json"));

        var outcome = await lens.RunAsync("publish", "--as", engine, "--bucket", $"my-lake={lake.Uri}");

        Assert.Equal(new(0, expected.Replace("{uri}", lake.Uri, StringComparison.Ordinal), "warning: \"my-lake\".raw.old_days is left out: it is a folder without a Delta log\n"), outcome);
    }

    [Fact]
    public async Task Publish_NamesThatBeginWithADigit_AreNamesEverywhere()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/3d/parts", "SELECT 1 AS id");

        var outcome = await lens.RunAsync("publish", "--as", "trino", "--bucket", $"2026-lake={lake.Uri}");

        Assert.Contains("DROP TABLE IF EXISTS delta._2026_lake_raw.\"_3d_parts\";\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_AsDuckDb_IsAScriptWithTheNamesOfLens()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 42 AS id");
        await lake.WriteAsync("gold/sales/totals", "SELECT 1 AS id");

        var outcome = await lens.RunAsync("publish", "raw.shop_orders", "--as", "duckdb", "--bucket", $"my={lake.Uri}");

        // the delta extension comes from a registry of its own: Parquet's reader stands for it here
        var script = Regex.Replace(outcome.Out, @"^(INSTALL|LOAD) delta;\n", "", RegexOptions.Multiline).Replace("delta_scan('file://", "read_parquet('", StringComparison.Ordinal).Replace("orders')", "orders/*.parquet')", StringComparison.Ordinal);
        using var database = Database.Open(new());
        using var connection = database.Connect();
        connection.Execute(script, TestContext.Current.CancellationToken);
        using var answer = connection.Query("SELECT id FROM my.raw.shop_orders", TestContext.Current.CancellationToken);
        Assert.True(answer.NextChunk());
        Assert.Equal(42, answer.GetValue(0, 0));
        Assert.DoesNotContain("totals", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("athena reads S3 alone", "--as", "athena")]
    [InlineData("nobody said for which engine")]
    [InlineData("do not go together", "--as", "trino", "--to", "clickhouse://host")]
    [InlineData("is not the address of a ClickHouse", "--to", "postgres://host")]
    public async Task Publish_ThatCannotBe_IsRefused(string said, params string[] options)
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");

        var outcome = await lens.RunAsync(["publish", "--bucket", lake.Uri, .. options]);

        Assert.Equal(2, outcome.Exit);
        Assert.Contains(said, outcome.Error, StringComparison.OrdinalIgnoreCase);
    }
}
