using DataSpoc.Contracts.Layout;

namespace Pipe.Tests.Ingestion;

/// <summary>What a table has no room for, checks, masks.</summary>
public sealed class SchemaContractTests
{
    private static readonly string Texts = Shop.Schema.Replace("\"number\"],\"multipleOf\":0.01", "\"string\"]", StringComparison.Ordinal);
    private static readonly string Wider = Shop.Schema.Replace("\"email\":", "\"phone\":{\"type\":[\"null\",\"string\"]},\"email\":", StringComparison.Ordinal);

    [Fact]
    public async Task Types_Quarantine_TheRecordIsKeptApart_TheOthersGoOn()
    {
        using var shop = new Shop("orders: {schema: {types: quarantine}}");
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":1.00}""");
        var run = await shop.DoAsync(Texts, """{"id":2,"amount":"2.50"}""", """{"id":3,"amount":"many"}""", """{"id":4,"amount":"3.999"}""", """{"id":5,"amount":null}""");
        Assert.Equal(["1|1.00", "2|2.50", "5|NULL"], shop.Rows("select id, amount from $files order by id"));
        Assert.Contains("2 records rejected", run.Error, StringComparison.Ordinal);
        Assert.Equal(["3|many|`amount` is not DECIMAL(38,2)|orders|2", "4|3.999|`amount` is not DECIMAL(38,2)|orders|3"],
            shop.Lake.Rows("select record::json->>'id', record::json->>'amount', reason, stream, record_number from $files order by 1", "quarantine/shop/orders"));
        Assert.Equal(2, (await shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))!.Rows);
    }

    [Fact]
    public async Task Types_Quarantine_WhatTheTapsSchemaDoesNotAllow_HasItsLine()
    {
        using var shop = new Shop("orders: {schema: {types: quarantine}, mask: {email: truncate(1)}}");
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":1.00}""", """{"id":2,"amount":"many","email":"a@x"}""", """{"id":"x","amount":3}""", """{"amount":4}""", """{"id":5,"amount":5}""");
        Assert.Equal(["1|1.00", "5|5.00"], shop.Rows("select id, amount from $files order by id"));
        Assert.Equal(["3|{\"id\":2,\"amount\":\"many\",\"email\":\"a\"}|`orders.amount` is not a number", "4|{\"id\":\"x\",\"amount\":3}|`orders.id` is not a whole number", "5|{\"amount\":4}|`orders.id` is missing, but a key property"],
            shop.Lake.Rows("select line, record, reason from $files order by line", "quarantine/shop/orders"));
    }

    [Fact]
    public async Task Types_Discard_WhatTheTapsSchemaDoesNotAllow_IsLeftOut_ButNoKey()
    {
        var nested = Shop.Schema.Replace("\"email\":", "\"part\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"},\"list\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}}},\"email\":", StringComparison.Ordinal);
        using var shop = new Shop("orders: {schema: {types: discard}}");
        await shop.DoAsync(nested, """{"id":1,"amount":"many","day":"2026-01-01"}""", """{"id":2,"part":{"n":{"x":[1]},"list":[1,"two"]},"amount":2,"email":"a@x"}""", """{"id":3,"part":[],"amount":3,"email":{"x":1}}""");
        Assert.Equal(["1|NULL|2026-01-01|NULL|NULL", "2|2.00|NULL|{'n': NULL, 'list': NULL}|a@x", "3|3.00|NULL|NULL|NULL"], shop.Rows("select id, amount, day, part, email from $files order by id"));
        Assert.Equal(1, (await shop.RunAsync([nested, """{"id":"x","amount":1}"""])).ExitCode);
    }

    [Fact]
    public async Task Types_Discard_TheValueIsLeftOut()
    {
        using var shop = new Shop("orders: {schema: {types: discard}}");
        await shop.DoAsync(Shop.Schema, """{"id":1,"amount":1.00}""");
        await shop.DoAsync(Texts, """{"id":2,"amount":"2.50"}""", """{"id":3,"amount":"many"}""");
        Assert.Equal(["1|1.00", "2|2.50", "3|NULL"], shop.Rows("select id, amount from $files order by id"));
    }

    [Theory]
    [InlineData("evolve", 0, "1|NULL,2|x,3|NULL", 0)]
    [InlineData("freeze", 3, "1", 0)]
    [InlineData("discard", 0, "1,2,3", 0)]
    [InlineData("quarantine", 0, "1,3", 1)]
    public async Task Columns_New_AsTheContractSays(string reaction, int exitCode, string rows, long rejected)
    {
        using var shop = new Shop($"orders: {{schema: {{columns: {reaction}}}}}");
        await shop.DoAsync(Shop.Schema, """{"id":1}""");
        var run = await shop.RunAsync([Wider, """{"id":2,"phone":"x"}""", """{"id":3,"phone":null}"""]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(rows.Split(','), shop.Rows($"select {(reaction == "evolve" ? "id, phone" : "id")} from $files order by id"));
        Assert.Equal(rejected, (await shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))?.Rows ?? 0);
    }

    [Fact]
    public async Task Types_OfCsv_BadLinesAreKeptApart()
    {
        using var shop = new Shop("");
        shop.Lake.Write("pipelines/prices.yaml", "source: {files: ['./*.csv'], name: shop, table: prices}\ntables: {prices: {types: {price: 'decimal(8,2)', n: bigint}, schema: {types: quarantine}}}\n");
        shop.Lake.Write("a.csv", "n,price\n1,1.50\ntwo,2.00\n3,3.999\n4,\n");
        var run = await shop.Lake.DoAsync($"ingest prices --project {shop.Lake.Folder}");
        Assert.Contains("2 records rejected", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1|1.50", "4|NULL"], shop.Lake.Rows("select n, price from $files order by n", "raw/shop/prices"));
        Assert.Equal(["2|`n` is not BIGINT", "3|`price` is not DECIMAL(8,2)"], shop.Lake.Rows("select record_number, reason from $files order by 1", "quarantine/shop/prices"));
    }

    [Fact]
    public async Task Checks_Error_BlocksTheTableAlone_SaysWhichRows_KeepsThem()
    {
        using var shop = new Shop("orders: {checks: ['warn not_null(email)', 'range(amount, 0, 100)', 'unique(id)']}");
        var warned = await shop.DoAsync(Shop.Schema, """{"id":1,"amount":5}""");
        Assert.Contains("not_null(email): 1 row", warned.Error, StringComparison.Ordinal);
        var items = """{"type":"SCHEMA","stream":"items","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}""";
        var run = await shop.RunAsync([Shop.Schema, items, """{"id":1,"amount":500,"email":"a@x"}""", """{"type":"RECORD","stream":"items","record":{"id":1}}""", """{"type":"STATE","value":{"bookmarks":{"orders":1,"items":1}}}"""], "--inspect");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("range(amount, 0, 100): 1 row", run.Error, StringComparison.Ordinal);
        Assert.Contains("unique(id): 1 row", run.Error, StringComparison.Ordinal);
        Assert.Contains("a@x", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1|5.00"], shop.Rows("select id, amount from $files"));
        Assert.Equal(["1"], shop.Lake.Rows("select id from $files", "raw/shop/items"));
        Assert.Equal("""{"bookmarks":{"items":1}}""", await File.ReadAllTextAsync(Path.Combine(shop.Lake.Folder, "lake/.dataspoc/state/shop/state.json"), TestContext.Current.CancellationToken));
        var kept = run.Error.Split("from '")[1].Split('\'')[0];
        Assert.Equal(["1|500.00"], shop.Lake.Rows($"select id, amount from '{kept}'", "raw"));
        Directory.Delete(Path.GetDirectoryName(kept)!, recursive: true);
    }

    [Fact]
    public async Task Checks_Relationship_LooksIntoAnotherTable()
    {
        using var shop = new Shop("orders: {checks: ['relationship(id, raw.files_known.id)']}");
        shop.Lake.Write("known.csv", "id\n1\n2\n");
        await shop.Lake.DoAsync($"ingest {shop.Lake.Folder}/known.csv --to $B");
        await shop.DoAsync(Shop.Schema, """{"id":1}""");
        Assert.Equal(3, (await shop.RunAsync([Shop.Schema, """{"id":2}""", """{"id":3}"""])).ExitCode);
    }

    [Theory]
    [InlineData("row_count(3, 3)", 0, 3)]
    [InlineData("row_count(4)", 3, 0)]
    [InlineData("freshness(day, 1d)", 0, 3)]
    [InlineData("warn row_count(1, 2)", 0, 3)]
    public async Task Checks_OfAllRows_JudgeTheRun_NotTheCommitsOnItsWay(string check, int exitCode, long rows)
    {
        using var shop = new Shop($"orders: {{checks: ['{check}']}}");
        shop.Lake.Time = new HurriedTime();
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        string State(int n) => $$$"""{"type":"STATE","value":{"n":{{{n}}}}}""";
        var run = await shop.RunAsync([Shop.Schema, """{"id":1,"day":"2020-01-01"}""", State(1), """{"id":2,"day":"2020-01-02"}""", State(2), $$"""{"id":3,"day":"{{today}}"}""", State(3)]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(rows, (await shop.Lake.SnapshotAsync("shop", "orders"))?.Rows ?? 0);
        Assert.Equal(check.StartsWith("warn", StringComparison.Ordinal), run.Error.Contains("row_count(1, 2): 3 rows", StringComparison.Ordinal) && run.ExitCode == 0);
    }

    [Theory]
    [InlineData("row_count(1)", "row_count(1): 0 rows")]
    [InlineData("freshness(day, 1d)", "the newest is 2020-01-01")]
    public async Task Checks_OfAllRows_AreAlsoJudgedWhereNoneComes(string check, string found)
    {
        using var shop = new Shop("");
        await shop.DoAsync(Shop.Schema, """{"id":1,"day":"2020-01-01"}""");
        shop.Configure($"orders: {{checks: ['{check}']}}");
        var run = await shop.RunAsync([Shop.Schema, """{"type":"STATE","value":{"n":1}}"""]);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(found, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Masks_NothingOfThemIsStored_NotEvenInQuarantine()
    {
        Environment.SetEnvironmentVariable("DATASPOC_MASK_SALT", "pepper");
        using var shop = new Shop("orders: {mask: {email: hash, day: drop, note: truncate(3)}, schema: {types: quarantine}}");
        var schema = Shop.Schema.Replace("\"email\":", "\"note\":{\"type\":\"string\"},\"email\":", StringComparison.Ordinal);
        await shop.DoAsync(schema, """{"id":1,"amount":1,"email":"a@x","day":"2026-01-01","note":"secret"}""");
        await shop.DoAsync(schema.Replace("\"number\"],\"multipleOf\":0.01", "\"string\"]", StringComparison.Ordinal), """{"id":2,"amount":"bad","email":"a@x","day":"2026-01-01","note":"secret"}""");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("peppera@x"u8));
        Assert.Equal([$"1|{hash}|sec"], shop.Rows("select id, email, note from $files"));
        Assert.Equal([$$"""{"id":2,"amount":"bad","note":"sec","email":"{{hash}}"}"""], shop.Lake.Rows("select record from $files", "quarantine/shop/orders"));
        Assert.Null((await shop.Lake.SnapshotAsync("shop", "orders"))!.Metadata.Schema.Find("day"));
        Assert.DoesNotContain("a@x", Directory.EnumerateFiles(Path.Combine(shop.Lake.Folder, "lake"), "*", SearchOption.AllDirectories).Aggregate("", (all, file) => all + File.ReadAllText(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Masks_OfNoColumn_AreRefusedWhereTheTableIsNew_ElseSaid()
    {
        using (var misspelt = new Shop("orders: {mask: {emial: drop}}"))
        {
            var refused = await misspelt.RunAsync([Shop.Schema, """{"id":1,"email":"a@x"}"""]);
            Assert.True(refused.ExitCode == 3 && refused.Error.Contains("`emial`", StringComparison.Ordinal), refused.Error);
            Assert.Null(await misspelt.Lake.SnapshotAsync("shop", "orders"));
            misspelt.Configure("orders: {}");
            await misspelt.DoAsync(Shop.Schema, """{"id":1,"email":"a@x"}""");
            misspelt.Configure("orders: {mask: {emial: drop}}");
            Assert.Contains("`emial`", (await misspelt.DoAsync(Shop.Schema, """{"id":2,"email":"b@x"}""")).Error, StringComparison.Ordinal);
        }
        using var promised = new Shop("orders: {mask: {phone: truncate(3)}, types: {phone: string}}");
        await promised.DoAsync(Shop.Schema, """{"id":1}""");
        using var all = new Shop("'*': {mask: {phone: drop, EMAIL: truncate(1)}}");
        await all.DoAsync(Shop.Schema, """{"id":1,"email":"a@x"}""");
        Assert.Equal(["1|a"], all.Rows("select id, email from $files"));
    }

    [Theory]
    [InlineData("orders: {mode: upsert}", "upsert")]
    [InlineData("orders: {mask: {email: blur}}", "blur")]
    [InlineData("orders: {checks: ['positive(amount)']}", "positive(amount)")]
    [InlineData("orders: {types: {amount: money}}", "money")]
    [InlineData("orders: {partition: day}", "partition_by")]
    public async Task Settings_ThatAreNone_AreNamed(string tables, string named)
    {
        using var shop = new Shop(tables);
        var run = await shop.RunAsync([Shop.Schema]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Ten minutes go by between two looks at the clock, so that every bookmark is one to commit at.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * 600 * TimestampFrequency;
    }
}
