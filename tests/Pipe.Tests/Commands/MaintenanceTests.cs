using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using Pipe.Tests.Ingestion;

namespace Pipe.Tests.Commands;

/// <summary><c>pipe compact</c>, <c>pipe vacuum</c>, <c>pipe replay</c>.</summary>
public sealed class MaintenanceTests : IDisposable
{
    private static readonly string Texts = Shop.Schema.Replace("\"number\"],\"multipleOf\":0.01", "\"string\"]", StringComparison.Ordinal);
    private readonly Shop _shop = new("orders: {partition_by: day}");

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Compact_SmallFiles_BecomeOnePerDay_NoRowChanges()
    {
        for (var i = 0; i < 3; i++)
            await _shop.DoAsync(Shop.Schema, $$"""{"id":{{i}},"day":"2026-01-01"}""", $$"""{"id":{{i + 10}},"day":"2026-01-02"}""");
        await _shop.DoAsync(Shop.Schema.Replace("\"email\":", "\"phone\":{\"type\":\"string\"},\"email\":"), """{"id":30,"day":"2026-01-03","phone":"x"}""");
        const string All = "select id, day, dt from $files order by id";
        var before = _shop.Rows(All);
        var dry = await _shop.Lake.DoAsync("compact --bucket $B --dry-run");
        Assert.Contains("6 small files would be put together", dry.Error, StringComparison.Ordinal);
        await _shop.Lake.DoAsync("compact shop/orders --bucket $B");
        Assert.Equal(before, _shop.Rows(All));
        var table = (await _shop.Lake.SnapshotAsync("shop", "orders"))!;
        Assert.Equal(3, table.Files.Count);
        Assert.Equal(["id"], ManifestKey(table));
        Assert.Equal(2, table.Files.Values.Count(file => !file.DataChange));
        await _shop.Lake.DoAsync("manifest verify --bucket $B");
        Assert.Contains("no table has small files", (await _shop.Lake.DoAsync("compact --bucket $B")).Error, StringComparison.Ordinal);
        await _shop.DoAsync(Shop.Schema, """{"id":40,"day":"2026-01-01"}""");
        Assert.Equal(8, (await _shop.Lake.SnapshotAsync("shop", "orders"))!.Rows);
    }

    [Fact]
    public async Task Compact_WhileAReaderReads_TheReaderGetsItsRows()
    {
        _shop.Configure("orders: {partition_by: day, history: 1d}");
        for (var i = 0; i < 6; i++)
            await _shop.DoAsync([Shop.Schema, .. Enumerable.Range(0, 3000).Select(row => $$"""{"id":{{(i * 3000) + row}},"day":"2026-01-0{{(i % 2) + 1}}"}""")]);
        var before = (await _shop.Lake.SnapshotAsync("shop", "orders"))!;
        using var database = DataSpoc.Contracts.DuckDb.Database.Open(new() { Threads = 1 });
        using var connection = database.Connect();
        using var reading = connection.Query($"SELECT id FROM read_parquet([{string.Join(", ", before.Files.Keys.Select(path => $"'{_shop.Lake.Folder}/lake/{Shop.Orders}/{path}'"))}])");
        Assert.True(reading.NextChunk());
        var ids = new List<string?>();
        Take();
        await _shop.Lake.DoAsync("compact shop/orders --bucket $B");
        while (reading.NextChunk())
            Take();
        Assert.Equal(Enumerable.Range(0, 18_000), ids.Select(id => int.Parse(id!, System.Globalization.CultureInfo.InvariantCulture)).Order());
        var after = (await _shop.Lake.SnapshotAsync("shop", "orders"))!;
        Assert.Equal((18_000, 2), (after.Rows, after.Files.Count));

        void Take() => ids.AddRange(Enumerable.Range(0, reading.Chunk.Count).Select(row => reading.GetText(0, row)));
    }

    [Fact]
    public async Task Compact_UnknownTable_IsNamed()
    {
        await _shop.DoAsync(Shop.Schema, """{"id":1}""");
        var run = await _shop.Lake.RunAsync("compact shop/ordres --bucket $B");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("shop/orders", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vacuum_DeletesWhatNoSnapshotNeeds_AndNothingOfARunInFlight()
    {
        await _shop.DoAsync(Shop.Schema, """{"id":1,"day":"2026-01-01"}""");
        var folder = Path.Combine(_shop.Lake.Folder, "lake/raw/shop/orders/dt=2026-01-01");
        var data = Directory.GetFiles(folder).Single();
        var orphan = Path.Combine(folder, "orders_0123456789abcdef0123456789abcdef_0001.parquet");
        var young = Path.Combine(folder, "orders_0123456789abcdef0123456789abcdef_0002.parquet");
        var inFlight = Path.Combine(folder, "orders_0123456789abcdef0123456789abcdef_0003.parquet");
        foreach (var file in (string[])[orphan, young, inFlight])
            File.Copy(data, file);
        foreach (var file in (string[])[orphan, inFlight, data])
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-30));
        await using (var store = ObjectStores.Open(BucketUri.Parse(_shop.Lake.Bucket)))
        {
            var location = new TableLocation(Layer.Raw, "shop", "orders");
            var change = new TableChange(location, ChangeMode.Append, new([new("id", PrimitiveType.Long)]), "pipe/other", 1, "0123456789abcdef0123456789abcdef")
            {
                PartitionColumns = ["dt"],
                Files = [new(new(location.KeyOf("dt=2026-01-01/" + Path.GetFileName(inFlight)), 1, null, [], "x"), "2026-01-01", 1, null)],
            };
            var record = new DataSpoc.Contracts.Documents.RunRecord(change.RunId, 1, DataSpoc.Contracts.Documents.RunStatus.Committing) { ExpiresAt = DateTimeOffset.UtcNow.AddHours(1), Tables = [change] };
            await store.PutAsync(DocumentKeys.RunRecord("other"), record.Serialize(), WriteCondition.None, TestContext.Current.CancellationToken);
        }
        var dry = await _shop.Lake.DoAsync("vacuum --bucket $B --dry-run -o csv");
        Assert.Contains(Path.GetFileName(orphan), dry.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(orphan));
        await _shop.Lake.DoAsync("vacuum --bucket $B");
        Assert.Equal([.. ((string[])[data, young, inFlight]).Order()], Directory.GetFiles(folder).Order());
        Assert.Equal(2, (await _shop.Lake.RunAsync("vacuum --bucket $B --retention soon")).ExitCode);
    }

    [Fact]
    public async Task Vacuum_Quarantine_RemovesRecordsThatAreOldEnough_ByOneCommit()
    {
        _shop.Configure("orders: {schema: {types: quarantine}}");
        await _shop.DoAsync(Shop.Schema, """{"id":1,"amount":1}""");
        await RejectAsync(2);
        _shop.Lake.Time = new Later(TimeSpan.FromMinutes(10));
        await RejectAsync(3);
        // one file of both, unless a day has begun
        await _shop.Lake.DoAsync("compact quarantine/shop/orders --bucket $B");
        _shop.Lake.Time = new Later(TimeSpan.FromDays(20));
        await RejectAsync(4);

        Assert.Equal(2, (await _shop.Lake.RunAsync("vacuum --bucket $B --quarantine soon")).ExitCode);
        Assert.Contains("nothing to delete", (await _shop.Lake.DoAsync("vacuum --bucket $B --quarantine 30d")).Error, StringComparison.Ordinal);
        _shop.Lake.Time = new Later(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(5));
        Assert.Contains("nothing to delete", (await _shop.Lake.DoAsync("vacuum --bucket $B")).Error, StringComparison.Ordinal);
        var dry = await _shop.Lake.DoAsync("vacuum --bucket $B --quarantine 30d --dry-run -o csv");
        Assert.Contains("1 rejected record would be deleted", dry.Error, StringComparison.Ordinal);
        Assert.Contains("quarantine/shop/orders/dt=", dry.Output, StringComparison.Ordinal);
        Assert.Equal(["2", "3", "4"], Waiting());

        Assert.Contains("1 rejected record deleted", (await _shop.Lake.DoAsync("vacuum --bucket $B --quarantine 30d")).Error, StringComparison.Ordinal);
        Assert.Equal(["3", "4"], Waiting());
        Assert.Equal(2, (await _shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))!.Rows);
        await _shop.Lake.DoAsync("manifest verify --bucket $B");
        await RejectAsync(5);

        _shop.Lake.Time = new Later(TimeSpan.FromDays(100));
        Assert.Contains("3 rejected records deleted", (await _shop.Lake.DoAsync("vacuum quarantine/shop/orders --bucket $B --quarantine 12h")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))!.Rows);
        Assert.Equal(["1"], _shop.Rows("select id from $files"));
        await RejectAsync(6);
        Assert.Equal(["6"], Waiting());

        Task<PipeRun> RejectAsync(int id) => _shop.DoAsync(Texts, $"{{\"id\":{id},\"amount\":\"many\"}}");
        IReadOnlyList<string> Waiting() => _shop.Lake.Rows("select record->>'id' from $files order by 1", "quarantine/shop/orders");
    }

    [Fact]
    public async Task Vacuum_Quarantine_OfATableThatARunIsCommittingTo_LeavesItAsItIs()
    {
        _shop.Configure("orders: {schema: {types: quarantine}}");
        await _shop.DoAsync(Shop.Schema, """{"id":1,"amount":1}""");
        await _shop.DoAsync(Texts, """{"id":2,"amount":"many"}""");
        await using (var store = ObjectStores.Open(BucketUri.Parse(_shop.Lake.Bucket)))
        {
            var change = new TableChange(new(Layer.Quarantine, "shop", "orders"), ChangeMode.Append, new([new("record", PrimitiveType.String)]), "pipe/other", 1, "0123456789abcdef0123456789abcdef");
            var record = new DataSpoc.Contracts.Documents.RunRecord(change.RunId, 1, DataSpoc.Contracts.Documents.RunStatus.Committing) { ExpiresAt = DateTimeOffset.UtcNow.AddDays(1000), Tables = [change] };
            await store.PutAsync(DocumentKeys.RunRecord("other"), record.Serialize(), WriteCondition.None, TestContext.Current.CancellationToken);
        }
        _shop.Lake.Time = new Later(TimeSpan.FromDays(31));
        Assert.Contains("a run is committing to it", (await _shop.Lake.DoAsync("vacuum --bucket $B --quarantine 30d")).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await _shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))!.Rows);
    }

    [Fact]
    public async Task Replay_AfterTheFix_RecordsEnterTheTableOnce_OthersStay()
    {
        _shop.Configure("orders: {schema: {types: quarantine, columns: quarantine}}");
        await _shop.DoAsync(Shop.Schema, """{"id":1,"amount":1}""");
        await _shop.DoAsync(Texts, """{"id":2,"amount":"many"}""", """{"id":3,"amount":"3.999"}""", """{"id":4,"amount":"4.00"}""");
        var wider = Shop.Schema.Replace("\"email\":", "\"phone\":{\"type\":[\"null\",\"integer\"]},\"email\":", StringComparison.Ordinal);
        await _shop.DoAsync(wider, """{"id":5,"amount":5,"phone":55}""");
        var same = await _shop.Lake.DoAsync($"replay shop/orders --project {_shop.Lake.Folder}");
        Assert.Contains("3 records stay rejected", same.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await _shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))!.Rows);

        _shop.Configure("orders: {schema: {types: quarantine}, types: {amount: 'decimal(20,3)'}}");
        var some = await _shop.Lake.DoAsync($"replay shop/orders --project {_shop.Lake.Folder}");
        Assert.Contains("1 record stay", some.Error, StringComparison.Ordinal);
        Assert.Equal(["1|1.000|NULL", "3|3.999|NULL", "4|4.000|NULL", "5|5.000|55"], _shop.Rows("select id, amount, phone from $files order by id"));
        Assert.Equal(["many"], _shop.Lake.Rows("select record::json->>'amount' from $files", "quarantine/shop/orders"));

        _shop.Configure("orders: {types: {amount: string}}");
        await _shop.Lake.DoAsync($"replay shop/orders --project {_shop.Lake.Folder}");
        Assert.Equal(["1|1.000", "2|many", "3|3.999", "4|4.000", "5|5.000"], _shop.Rows("select id, amount from $files order by id"));
        Assert.Equal(0, (await _shop.Lake.SnapshotAsync("shop", "orders", Layer.Quarantine))!.Rows);
        Assert.Contains("no rejected record", (await _shop.Lake.DoAsync($"replay shop/orders --project {_shop.Lake.Folder}")).Error, StringComparison.Ordinal);
        await _shop.Lake.DoAsync("manifest verify --bucket $B");
    }

    [Fact]
    public async Task Replay_AFieldCalledDt_EntersTheColumnItHas()
    {
        const string Dated = """{"type":"SCHEMA","stream":"orders","schema":{"properties":{"id":{"type":"integer"},"dt":{"type":"string","format":"date"}}},"key_properties":["id"]}""";
        _shop.Configure("orders: {schema: {types: quarantine}}");
        await _shop.DoAsync(Dated, """{"id":1,"dt":"2026-01-01"}""", """{"id":"two","dt":"2026-01-02"}""");
        _shop.Configure("orders: {schema: {types: quarantine}, types: {id: string}}");
        await _shop.Lake.DoAsync($"replay shop/orders --project {_shop.Lake.Folder}");
        Assert.Equal(["1|2026-01-01", "two|2026-01-02"], _shop.Rows("select id, columns('dt_.*') from $files order by id"));
    }

    private sealed class Later(TimeSpan later) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + later;
    }

    private static IReadOnlyList<string> ManifestKey(TableSnapshot table) => DataSpoc.Contracts.Documents.ManifestEntry.From(new(Layer.Raw, "shop", "orders"), table, null).PrimaryKey;
}
