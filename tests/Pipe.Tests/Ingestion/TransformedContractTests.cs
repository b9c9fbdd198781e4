using DataSpoc.Contracts.Layout;
using Pipe.Tests.Commands;

namespace Pipe.Tests.Ingestion;

/// <summary>A table's contract where the pipeline has a transform: it is about what that gives, and before it about what the source cannot give.</summary>
public sealed class TransformedContractTests
{
    private static readonly string Wider = Shop.Schema.Replace("\"email\":", "\"phone\":{\"type\":[\"null\",\"string\"]},\"email\":", StringComparison.Ordinal);

    [Theory]
    [InlineData("evolve", 0, "1|NULL,2|x,3|NULL", 0)]
    [InlineData("freeze", 3, "1", 0)]
    [InlineData("discard", 0, "1,2,3", 0)]
    [InlineData("quarantine", 0, "1,3", 1)]
    public async Task Tap_AColumnThatTheTransformGivesAnew_AsTheContractSays(string reaction, int exitCode, string rows, long rejected)
    {
        using var shop = new Shop($"orders: {{schema: {{columns: {reaction}}}}}");
        shop.Lake.Write("transforms/shop.sql", "select id, amount from batch");
        await shop.DoAsync(Shop.Schema, """{"id":1}""");
        // one that it does not give is nobody's matter
        await shop.DoAsync(Wider);
        shop.Lake.Write("transforms/shop.sql", "select id, amount, phone from batch");
        Assert.Equal(exitCode, (await shop.RunAsync([Wider, """{"id":2,"phone":"x"}""", """{"id":3,"phone":null}"""], "--retry")).ExitCode);
        Assert.Equal(rows.Split(','), shop.Rows($"select {(reaction == "evolve" ? "id, phone" : "id")} from $files order by id"));
        Assert.Equal(rejected, (await shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))?.Rows ?? 0);
        if (rejected > 0)
            Assert.Equal(["""{"id":2,"amount":null,"phone":"x"}|`phone` is not a column of the table|NULL"""], shop.Lake.Rows("select record, reason, before_transform from $files", "quarantine/shop/orders"));
    }

    [Theory]
    [InlineData("evolve", 3, 1, "1|1.00", 0)]
    [InlineData("freeze", 3, 3, "1|1.00", 0)]
    [InlineData("discard", 0, 0, "1|1.00,2|2.00,3|NULL,4|NULL,5|5.00", 0)]
    [InlineData("quarantine", 0, 0, "1|1.00,2|2.00,5|5.00", 2)]
    public async Task Tap_AValueThatIsNotOfItsColumn_BehindTheTransformOrBeforeIt_AsTheContractSays(string reaction, int behind, int before, string rows, long rejected)
    {
        using var shop = new Shop($"orders: {{schema: {{types: {reaction}}}}}");
        shop.Lake.Write("transforms/shop.sql", "select id, amount from batch");
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":1}""");
        shop.Lake.Write("transforms/shop.sql", "select id, case id when 3 then 'many' else amount::varchar end as amount from batch");
        Assert.Equal(behind, (await shop.RunAsync([Shop.Schema, """{"id":2,"amount":2}""", """{"id":3,"amount":3}"""])).ExitCode);
        shop.Lake.Write("transforms/shop.sql", "select id, amount from batch");
        var items = """{"type":"SCHEMA","stream":"items","schema":{"properties":{"id":{"type":"integer"},"amount":{"type":"integer"}}},"key_properties":["id"]}""";
        var run = await shop.RunAsync([Shop.Schema, items, """{"id":4,"amount":"lots"}""", """{"id":5,"amount":5}""", """{"type":"RECORD","stream":"items","record":{"id":1}}""", """{"type":"STATE","value":{"bookmarks":{"orders":5,"items":1}}}"""]);
        Assert.True(before == run.ExitCode, run.Error);
        Assert.Equal(rows.Split(','), shop.Rows("select id, amount from $files order by id"));
        // the other stream goes on, and the bookmark of the one that is refused stays
        Assert.Equal(["1"], shop.Lake.Rows("select id from $files", "raw/shop/items"));
        Assert.Equal(before == 0 ? """{"bookmarks":{"orders":5,"items":1}}""" : """{"bookmarks":{"items":1}}""", await File.ReadAllTextAsync(Path.Combine(shop.Lake.Folder, "lake/.dataspoc/state/shop/state.json"), TestContext.Current.CancellationToken));
        Assert.Equal(rejected, (await shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))?.Rows ?? 0);
        if (rejected > 0)
            Assert.Equal(["""{"id":3,"amount":"many"}|`amount` is not DECIMAL(38,2)|NULL|NULL""", """{"id":4,"amount":"lots"}|`orders.amount` is not a number|3|true"""], shop.Lake.Rows("select record, reason, line, before_transform from $files order by record", "quarantine/shop/orders"));
    }

    [Theory]
    [InlineData("evolve", 0, 3, "1|1|NULL,2|2|x", 0)]
    [InlineData("freeze", 3, 3, "1|1", 0)]
    [InlineData("discard", 0, 0, "1|1,2|2,3|NULL,4|4", 0)]
    [InlineData("quarantine", 0, 0, "1|1,4|4", 2)]
    public async Task Files_WhatTheTransformGives_AsTheContractSays(string reaction, int columns, int types, string rows, long rejected)
    {
        using var lake = new PipeLake();
        lake.Write("pipelines/people.yaml", $"source: {{files: ./in/*, name: shop, table: people}}\ndestination: {{bucket: '{lake.Bucket}'}}\ntables: {{people: {{schema: {{columns: {reaction}, types: {reaction}}}}}}}\n");
        lake.Write("transforms/people.sql", "select * exclude (age), age + 0 as age from batch");
        lake.Write("in/1.csv", "id,age\n1,1\n");
        await lake.DoAsync("ingest people");
        lake.Write("in/2.csv", "id,age,phone\n2,2,x\n");
        Assert.Equal(columns, (await lake.RunAsync("ingest people")).ExitCode);
        File.Delete(Path.Combine(lake.Folder, "in/2.csv"));
        lake.Write("transforms/people.sql", "select id, age from batch");
        lake.Write("in/3.csv", "id,age\n3,old\n4,4\n");
        var run = await lake.RunAsync("ingest people");
        Assert.True(types == run.ExitCode, run.Error);
        Assert.Equal(rows.Split(','), lake.Rows($"select id, age{(reaction == "evolve" ? ", phone" : "")} from $files order by id", "raw/shop/people"));
        Assert.Equal(rejected, (await lake.SnapshotAsync("shop", "people", Layer.Quarantine))?.Rows ?? 0);
    }

    [Fact]
    public async Task Checks_AndMasks_AreAboutWhatTheTransformGives()
    {
        using var shop = new Shop("orders: {mask: {mail: truncate(1)}, schema: {types: quarantine}, checks: ['range(twice, 0, 10)']}");
        shop.Lake.Write("transforms/shop.sql", "select id, amount * 2 as twice, email as mail from batch");
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":5,"email":"ann@x"}""");
        Assert.Equal(3, (await shop.RunAsync([Shop.Schema, """{"id":2,"amount":6,"email":"bob@x"}"""])).ExitCode);
        Assert.Equal(["1|10.00|a"], shop.Rows("select id, twice, mail from $files"));
        // what would have to be stored as it came ends the stream, and says why
        var run = await shop.RunAsync([Shop.Schema, """{"id":3,"amount":"many","email":"cid@x"}"""]);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("hint: correct it at the source: the record is not kept apart, because the masks are about what the transform gives", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cid@x", Directory.EnumerateFiles(Path.Combine(shop.Lake.Folder, "lake"), "*", SearchOption.AllDirectories).Aggregate("", (all, file) => all + File.ReadAllText(file)), StringComparison.Ordinal);
    }
}
