using Xunit;

namespace Lens.Tests.Sql;

public sealed class BadInputTests
{
    [Fact]
    public async Task Bucket_NotThere_IsNamed()
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select * from raw.shop_orders", "--bucket", "file:///no/such/bucket");

        Assert.Equal(1, outcome.Exit);
        Assert.StartsWith("error: bucket `file:///no/such/bucket` does not exist\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_OfAnotherMajorVersion_IsRefusedWithBothVersions()
    {
        var outcome = await AskAsync(lake => lake.WriteText(".dataspoc/manifest.json", """{"version": "2.0", "tables": {}}"""));

        Assert.Equal(3, outcome.Exit);
        Assert.Contains("2.0", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("1.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_Corrupt_IsNamedAndARebuildIsOffered()
    {
        var outcome = await AskAsync(lake => lake.WriteText(".dataspoc/manifest.json", """{"version": "1.1", "tables": """));

        Assert.Equal(1, outcome.Exit);
        Assert.Contains(".dataspoc/manifest.json", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("`pipe manifest rebuild`", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_Corrupt_IsNamed()
    {
        var outcome = await AskAsync(lake => lake.WriteText("raw/shop/orders/_delta_log/00000000000000000000.json", "{\"add\": nonsense"));

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("raw/shop/orders/_delta_log/00000000000000000000.json", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFile_Truncated_IsNamedWithItsTable()
    {
        var outcome = await AskAsync(lake =>
        {
            var file = Assert.Single(DataFiles(lake));
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..100]);
        });

        Assert.Equal(1, outcome.Exit);
        Assert.StartsWith("error: a file of table `raw.shop_orders` cannot be read\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("  file     raw/shop/orders/orders_", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFile_Gone_IsNamedWithItsTable()
    {
        var outcome = await AskAsync(lake => File.Delete(Assert.Single(DataFiles(lake))));

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("raw.shop_orders", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("raw/shop/orders/orders_", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFile_NotParquetInAFolderWithoutLog_IsNamed()
    {
        var outcome = await AskAsync(lake => lake.WriteText("raw/old/things/a.parquet", "this is not Parquet"), "select * from raw.old_things");

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("raw/old/things/a.parquet", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherTables_OfABucketWithADamagedOne_AreRead()
    {
        var outcome = await AskAsync(lake => lake.WriteText("raw/old/things/a.parquet", "this is not Parquet"));

        Assert.Equal(new(0, "id\n1\n", ""), outcome);
    }

    private static async Task<Outcome> AskAsync(Action<Lake> spoil, string sql = "select * from raw.shop_orders")
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        spoil(lake);
        return await lens.RunAsync("sql", sql, "--bucket", lake.Uri);
    }

    private static string[] DataFiles(Lake lake) => Directory.GetFiles(Path.Combine(lake.Folder, "raw"), "*.parquet", SearchOption.AllDirectories);
}
