using DataSpoc.Contracts.Delta;

namespace Pipe.Tests.Ingestion;

/// <summary>How rows meet those that are there.</summary>
public sealed class WriteModesTests
{
    private const string All = "select id, amount, email from $files order by all";

    [Fact]
    public async Task Merge_LastRowOfAKeyWins_OnlyTouchedFilesAreWrittenAgain()
    {
        using var shop = new Shop("orders: {mode: merge}");
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":1.00,"email":"a"}""", """{"id":2,"amount":2.00,"email":"b"}""", """{"id":2,"amount":2.50,"email":"b"}""");
        await shop.DoAsync(Shop.Schema, """{"id":101,"amount":101.00,"email":"z"}""");
        var untouched = (await shop.Lake.SnapshotAsync("shop", "orders"))!.Files.Keys.Single(path => shop.Lake.Rows($"select min(id) from '{shop.Lake.Folder}/lake/raw/shop/orders/{path}'", "raw")[0] == "101");
        await shop.DoAsync(Shop.Schema, """{"id":2,"amount":9.00,"email":"c"}""", """{"id":3,"amount":3.00,"email":"d"}""", """{"id":3,"amount":3.10,"email":"e"}""");
        Assert.Equal(["1|1.00|a", "2|9.00|c", "3|3.10|e", "101|101.00|z"], shop.Rows(All));
        var table = (await shop.Lake.SnapshotAsync("shop", "orders"))!;
        Assert.Contains(untouched, table.Files.Keys);
        Assert.Equal(4, table.Rows);
        // the same again changes nothing
        await shop.DoAsync(Shop.Schema, """{"id":2,"amount":9.00,"email":"c"}""");
        Assert.Equal(["1|1.00|a", "2|9.00|c", "3|3.10|e", "101|101.00|z"], shop.Rows(All));
    }

    [Fact]
    public async Task Merge_DeletedAt_TakesTheRowOut()
    {
        using var shop = new Shop("orders: {mode: merge, key: [id]}");
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":1.00}""", """{"id":2,"amount":2.00}""", """{"id":3,"amount":3.00}""");
        await shop.DoAsync(Shop.Schema, """{"id":1,"_sdc_deleted_at":"2026-11-20T00:00:00Z"}""", """{"id":2,"_sdc_deleted_at":"2026-11-20T00:00:00Z"}""", """{"id":2,"amount":2.20}""", """{"id":9,"_sdc_deleted_at":"2026-11-20T00:00:00Z"}""");
        Assert.Equal(["2|2.20", "3|3.00"], shop.Rows("select id, amount from $files order by id"));
    }

    [Fact]
    public async Task Merge_ByTwoColumnsAndDays_ARowMovesToItsNewDay()
    {
        using var shop = new Shop("orders: {mode: merge, key: [id, email], partition_by: day}");
        await shop.DoAsync(Shop.Schema, """{"id":1,"email":"a","day":"2026-01-01","amount":1}""", """{"id":1,"email":"b","day":"2026-01-01","amount":2}""", """{"id":2,"email":"a","amount":3}""");
        await shop.DoAsync(Shop.Schema, """{"id":1,"email":"b","day":"2026-01-02","amount":5}""");
        Assert.Equal(["1|a|1.00|2026-01-01", "1|b|5.00|2026-01-02"], shop.Rows("select id, email, amount, dt from $files where id = 1 order by all"));
        Assert.Equal(["true"], shop.Rows("select dt = current_date from $files where id = 2"));
    }

    [Fact]
    public async Task Merge_WithoutKey_IsRefused()
    {
        using var shop = new Shop("orders: {mode: merge}");
        var run = await shop.RunAsync([Shop.Schema.Replace("[\"id\"]", "[]"), """{"id":1}"""]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has no key", run.Error, StringComparison.Ordinal);
        shop.Configure("orders: {mode: merge, key: [email]}");
        var nulls = await shop.RunAsync([Shop.Schema, """{"id":1,"email":null}"""]);
        Assert.Equal(3, nulls.ExitCode);
        Assert.Null(await shop.Lake.SnapshotAsync("shop", "orders"));
    }

    [Fact]
    public async Task OverwritePartition_SameRunAgain_IsTheSameTable()
    {
        using var shop = new Shop("orders: {mode: overwrite_partition, partition_by: day}");
        await shop.DoAsync(Shop.Schema, """{"id":1,"day":"2026-01-01"}""", """{"id":2,"day":"2026-01-02"}""");
        await shop.DoAsync(Shop.Schema, """{"id":3,"day":"2026-01-02"}""", """{"id":4,"day":"2026-01-02"}""");
        await shop.DoAsync(Shop.Schema, """{"id":3,"day":"2026-01-02"}""", """{"id":4,"day":"2026-01-02"}""");
        Assert.Equal(["1|2026-01-01", "3|2026-01-02", "4|2026-01-02"], shop.Rows("select id, dt from $files order by id"));
        shop.Configure("orders: {mode: overwrite_partition}");
        await shop.DoAsync(Shop.Schema, """{"id":7}""");
        await shop.DoAsync(Shop.Schema, """{"id":8}""");
        Assert.Equal(["1", "3", "4", "8"], shop.Rows("select id from $files order by id"));
    }

    [Fact]
    public async Task Overwrite_OneTable_OthersAreAdded()
    {
        using var shop = new Shop("orders: {mode: overwrite}");
        var items = """{"type":"SCHEMA","stream":"items","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}""";
        foreach (var id in (int[])[1, 2])
            await shop.DoAsync(Shop.Schema, items, $$"""{"id":{{id}}}""", $$$"""{"type":"RECORD","stream":"items","record":{"id":{{{id}}}}}""");
        Assert.Equal(["2"], shop.Rows("select id from $files"));
        Assert.Equal(["1", "2"], shop.Lake.Rows("select id from $files order by 1", "raw/shop/items"));
    }

    [Fact]
    public async Task Types_Widen_AllFilesAreWrittenAgain()
    {
        using var shop = new Shop("orders: {mode: append}");
        await shop.DoAsync(Shop.Schema.Replace("\"multipleOf\":0.01", "\"multipleOf\":1,\"maximum\":1000").Replace("\"number\"", "\"integer\""), """{"id":1,"amount":7}""");
        await shop.DoAsync(Shop.Schema, """{"id":2,"amount":2.25}""");
        Assert.Equal(["1|7.00", "2|2.25"], shop.Rows("select id, amount from $files order by id"));
        var text = await shop.RunAsync([Shop.Schema.Replace("\"number\"],\"multipleOf\":0.01", "\"string\"]"), """{"id":3,"amount":"many"}"""]);
        Assert.Equal(3, text.ExitCode);
        Assert.Contains("types: {amount: string}", text.Error, StringComparison.Ordinal);
        shop.Configure("orders: {types: {amount: string}}");
        await shop.DoAsync(Shop.Schema.Replace("\"number\"],\"multipleOf\":0.01", "\"string\"]"), """{"id":3,"amount":"many"}""");
        Assert.Equal(["1|7.00", "2|2.25", "3|many"], shop.Rows("select id, amount from $files order by id"));
        var table = (await shop.Lake.SnapshotAsync("shop", "orders"))!;
        Assert.Equal(PrimitiveType.String, table.Metadata.Schema.Find("amount")!.Type);
    }

    [Fact]
    public async Task History_ReplacedFilesStay_UntilVacuum()
    {
        using var shop = new Shop("orders: {mode: merge, history: 3d}");
        string[] Files() => Directory.GetFiles(Path.Combine(shop.Lake.Folder, "lake", Shop.Orders), "*.parquet", SearchOption.AllDirectories);
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":1}""", """{"id":2,"amount":2}""");
        var first = Files().Single();
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":9}""");
        Assert.Contains(first, Files());
        var table = (await shop.Lake.SnapshotAsync("shop", "orders"))!;
        Assert.Equal(TimeSpan.FromDays(3), TableHistory.Of(table.Metadata));
        Assert.DoesNotContain(table.Files.Keys, path => first.EndsWith(path, StringComparison.Ordinal));
        await shop.Lake.DoAsync("compact --bucket $B");
        shop.Lake.Time = new LaterTime(TimeSpan.FromDays(2));
        await shop.Lake.DoAsync("vacuum --bucket $B");
        Assert.Contains(first, Files());
        shop.Lake.Time = new LaterTime(TimeSpan.FromDays(4));
        await shop.Lake.DoAsync("vacuum --bucket $B");
        Assert.Equal(["1|9.00", "2|2.00"], shop.Rows("select id, amount from $files order by id"));
        // without it files go with the commit that replaces them
        shop.Configure("orders: {mode: merge}");
        await shop.DoAsync(Shop.Schema, """{"id":2,"amount":3}""");
        Assert.Equal(["1|9.00", "2|3.00"], shop.Rows("select id, amount from $files order by id"));
        Assert.Null(TableHistory.Of((await shop.Lake.SnapshotAsync("shop", "orders"))!.Metadata));
    }

    [Theory]
    [InlineData("partition_by: day", "1|2026-01-01", true)]
    [InlineData("partition_by: email", null, false)]
    [InlineData("partition_by: _extraction_date, path: raw", null, false)]
    public async Task PartitionByOf10_IsADayWhereATableHasIt(string destination, string? row, bool hasDay)
    {
        using var shop = new Shop("");
        shop.Lake.Write("pipelines/shop.yaml", $"source: {{tap: {shop.Lake.Folder}/tap.sh, name: shop}}\ndestination: {{{destination}}}\n");
        await shop.DoAsync(Shop.Schema, """{"id":1,"day":"2026-01-01"}""", """{"type":"SCHEMA","stream":"items","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}""", """{"type":"RECORD","stream":"items","record":{"id":1}}""");
        Assert.Equal(hasDay ? [row!] : ["1|today"], shop.Rows($"select id, {(hasDay ? "dt" : "CASE WHEN dt >= current_date - 1 THEN 'today' END")} from $files"));
        Assert.Equal(["true"], shop.Lake.Rows("select dt >= current_date - 1 from $files", "raw/shop/items"));
        shop.Lake.Write("pipelines/shop.yaml", $"source: {{tap: {shop.Lake.Folder}/tap.sh, name: shop}}\ndestination: {{path: bronze}}\n");
        var elsewhere = await shop.RunAsync([Shop.Schema]);
        Assert.Equal(2, elsewhere.ExitCode);
        Assert.Contains("writes to `bronze`", elsewhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_IntoATableOf10_IsRefused_AndWorksAfterFull()
    {
        using var shop = new Shop("orders: {mode: merge}");
        var folder = Directory.CreateDirectory(Path.Combine(shop.Lake.Folder, "lake", Shop.Orders)).FullName;
        shop.Lake.Rows($"copy (select 1::bigint as id, 1.0::double as amount) to '{folder}/orders_0000.parquet' (format parquet)", "raw");
        var refused = await shop.RunAsync([Shop.Schema, """{"id":1,"amount":2.00}"""]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--full", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["1.0"], shop.Rows("select amount from $files"));
        Assert.Equal(0, (await shop.RunAsync([Shop.Schema, """{"id":1,"amount":2.00}"""], "--full")).ExitCode);
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":3.00}""", """{"id":2,"amount":4.00}""");
        Assert.Equal(["1|3.00", "2|4.00"], shop.Rows("select id, amount from $files order by id"));
    }

    private sealed class LaterTime(TimeSpan later) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + later;
    }
}
