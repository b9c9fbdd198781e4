using System.Text.Json;
using DataSpoc.Contracts.Layout;

namespace Pipe.Tests.Commands;

/// <summary>Transforms that read only what came since their last run.</summary>
public sealed class IncrementalTransformTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public IncrementalTransformTests() => _lake.Write("pipe.yaml", "");

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Append_ReadsOnlyNewFiles_AndNothingWhereNothingCame()
    {
        Transform("-- mode: append\nselect id, amount * 2 as double_amount from raw.shop_orders");
        await IngestAsync("id,amount\n1,1\n2,2\n");
        Assert.Contains("from everything: there is no such table yet", (await TransformAsync()).Error, StringComparison.Ordinal);
        Assert.Contains("nothing: `raw.shop_orders` is as it was", (await TransformAsync()).Error, StringComparison.Ordinal);
        await IngestAsync("id,amount\n3,3\n");
        Assert.Contains("1 row, 1 file", (await TransformAsync()).Error, StringComparison.Ordinal);
        Assert.Equal(["1|2", "2|4", "3|6"], Rows("select id, double_amount from $files order by id"));
    }

    [Fact]
    public async Task Append_WhereTheInputWasReplaced_MakesTheTableAnew()
    {
        Transform("-- mode: append\nselect id from raw.shop_orders");
        await IngestAsync("id\n1\n2\n");
        await TransformAsync();
        _lake.Write("new.csv", "id\n9\n");
        await _lake.DoAsync("ingest ./new.csv --to $B --table shop/orders --full");
        Assert.Contains("everything: rows of `raw.shop_orders` were replaced", (await TransformAsync()).Error, StringComparison.Ordinal);
        Assert.Equal(["9"], Rows("select id from $files"));
    }

    [Fact]
    public async Task Append_WhoseSelectChanged_MakesTheTableAnew_AndAnotherCommentDoesNot()
    {
        Transform("-- mode: append\nselect id from raw.shop_orders");
        await IngestAsync("id\n1\n");
        await TransformAsync();
        Transform("-- mode: append\n-- every order once\nselect id from raw.shop_orders;");
        Assert.Contains("nothing:", (await TransformAsync()).Error, StringComparison.Ordinal);
        Transform("-- mode: append\nselect id + 100 as id from raw.shop_orders");
        Assert.Contains("everything: the transform has changed", (await TransformAsync()).Error, StringComparison.Ordinal);
        Assert.Equal(["101"], Rows("select id from $files"));
        Assert.Contains("everything: it was asked for", (await _lake.DoAsync("transform --to $B --full")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_ReplacesRowsOfTheSameKey_AndKeepsTheNewest()
    {
        Transform("-- mode: merge\n-- key: id\n-- deduplicate: seen\nselect id, status, seen from raw.shop_orders");
        await IngestAsync("id,status,seen\n1,open,1\n2,open,1\n2,paid,2\n");
        await TransformAsync();
        Assert.Equal(["1|open", "2|paid"], Rows("select id, status from $files order by id"));
        await IngestAsync("id,status,seen\n1,paid,3\n2,late,1\n3,open,4\n");
        await TransformAsync();
        Assert.Equal(["1|paid", "2|paid", "3|open"], Rows("select id, status from $files order by id"));
        Assert.Contains("\"primary_key\": [\n        \"id\"", (await File.ReadAllTextAsync(Path.Combine(_lake.Folder, "lake/.dataspoc/manifest.json"), TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_LeavesFilesOfOtherDaysAlone()
    {
        Transform("-- mode: merge\n-- key: id\n-- partition: day\nselect id, status, day from raw.shop_orders");
        await IngestAsync("id,status,day\n1,open,2026-01-01\n2,open,2026-01-02\n3,open,2026-01-02\n");
        await TransformAsync();
        var before = await FilesAsync();
        await IngestAsync("id,status,day\n2,paid,2026-01-03\n");
        await TransformAsync();
        Assert.Equal(["1|open|2026-01-01", "2|paid|2026-01-03", "3|open|2026-01-02"], Rows("select id, status, dt::date from $files order by id"));
        Assert.Contains(before.Single(file => file.Contains("2026-01-01", StringComparison.Ordinal)), await FilesAsync());
    }

    [Theory]
    [InlineData("id,status\n1,open\n1,paid\n", "unique(\"id\"): 1 row")]
    [InlineData("id,status\n1,open\n,paid\n", "not_null(\"id\"): 1 row")]
    public async Task Merge_WithoutAClearKey_IsRefused(string rows, string said)
    {
        Transform("-- mode: merge\n-- key: id\nselect id, status from raw.shop_orders");
        await IngestAsync(rows);
        var run = await _lake.RunAsync("transform --to $B");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Null(await _lake.SnapshotAsync("sales", "orders", Layer.Curated));
    }

    [Fact]
    public async Task OverwritePartition_MakesChangedDaysAnew_AndLeavesOthers()
    {
        _lake.Write("transforms/sales/a_days.sql", "select id, day as dt, amount from raw.shop_orders");
        Transform("-- mode: overwrite_partition\nselect dt, count(*) as n, sum(amount) as total from curated.sales_a_days group by dt");
        await IngestAsync("id,day,amount\n1,2026-01-01,1\n2,2026-01-02,2\n");
        await TransformAsync();
        // a merge-like change of one day of the input
        _lake.Write("transforms/sales/a_days.sql", "-- mode: append\nselect id, day as dt, amount from raw.shop_orders");
        await TransformAsync();
        await IngestAsync("id,day,amount\n3,2026-01-02,5\n");
        Assert.Contains("1 changed day of `curated.sales_a_days`", (await TransformAsync()).Error, StringComparison.Ordinal);
        Assert.Equal(["2026-01-01|1|1", "2026-01-02|2|7"], Rows("select dt::date, n, total from $files order by dt"));
    }

    [Fact]
    public async Task OverwritePartition_ThatGivesOtherDays_IsRefused()
    {
        _lake.Write("transforms/sales/a_days.sql", "-- mode: append\nselect id, day as dt from raw.shop_orders");
        Transform("-- mode: overwrite_partition\nselect date '2026-05-05' as dt, id from curated.sales_a_days");
        await IngestAsync("id,day\n1,2026-01-01\n");
        await TransformAsync();
        await IngestAsync("id,day\n2,2026-01-02\n");
        var run = await _lake.RunAsync("transform --to $B");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("gives rows of 2026-05-05, a day of its input that did not change", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incremental_ByName_ReadsTheOtherTablesWhole()
    {
        _lake.Write("customers.csv", "id,name\n1,Ann\n2,Bob\n");
        await _lake.DoAsync("ingest ./customers.csv --to $B --table shop/customers");
        Transform("-- mode: append\n-- incremental: raw.shop_orders\nselect o.id, c.name from raw.shop_orders o join raw.shop_customers c on c.id = o.customer");
        await IngestAsync("id,customer\n1,1\n");
        await TransformAsync();
        await IngestAsync("id,customer\n2,2\n");
        await TransformAsync();
        Assert.Equal(["1|Ann", "2|Bob"], Rows("select id, name from $files order by id"));
    }

    [Fact]
    public async Task Plan_SaysWhatWouldChange_AndWritesNothing()
    {
        Transform("-- mode: merge\n-- key: id\nselect id, status from raw.shop_orders");
        _lake.Write("transforms/sales/z_count.sql", "select count(*) as n, count(*) filter (status = 'paid') as paid from curated.sales_orders");
        await IngestAsync("id,status\n1,open\n2,open\n");
        await TransformAsync();
        await IngestAsync("id,status\n2,paid\n3,open\n");
        _lake.Write("transforms/sales/z_count.sql", "-- check: range(n, 0, 2)\nselect count(*)::decimal(9,0) as n from curated.sales_orders");
        var before = (await _lake.SnapshotAsync("sales", "orders", Layer.Curated))!.Version;
        var plan = await _lake.DoAsync("transform --to $B --plan -o json");
        using var json = JsonDocument.Parse(plan.Output);
        var (orders, count) = (json.RootElement[0], json.RootElement[1]);
        Assert.Equal(("1 new file of `raw.shop_orders`", 2, 3, 1, 0, 1), (orders.GetProperty("reads").GetString(), orders.GetProperty("rows_before").GetInt32(), orders.GetProperty("rows_after").GetInt32(),
            orders.GetProperty("added").GetInt32(), orders.GetProperty("removed").GetInt32(), orders.GetProperty("changed").GetInt32()));
        Assert.Equal("- paid, n BIGINT -> DECIMAL(9,0)", count.GetProperty("columns").GetString());
        Assert.Contains("range(n, 0, 2)", count.GetProperty("checks").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, (await _lake.SnapshotAsync("sales", "orders", Layer.Curated))!.Version);
        Assert.Equal(["1|open", "2|open"], Rows("select id, status from $files order by id"));
    }

    [Fact]
    public async Task Test_ComparesRowsWithoutABucket()
    {
        Transform("select id, amount::decimal(9,2) as amount, placed_at::date as day from raw.shop_orders where status <> 'cancelled'");
        _lake.Write("transforms/sales/orders.test.yaml", """
            tests:
            - name: cancelled orders are left out
              given:
                raw.shop_orders:
                - {id: 1, status: paid, amount: 10.5, placed_at: 2026-01-31}
                - {id: 2, status: cancelled, amount: 1, placed_at: 2026-01-31}
              expect:
              - {id: 1, amount: 10.50, day: 2026-01-31}
            - name: no rows give no rows
              given:
                raw.shop_orders: {columns: {id: BIGINT, status: VARCHAR, amount: DOUBLE, placed_at: TIMESTAMP}, rows: []}
              expect: []
            """);
        Assert.Contains("2 tests passed", (await _lake.DoAsync("transform --test")).Error, StringComparison.Ordinal);
        _lake.Write("transforms/sales/orders.test.yaml", """
            tests:
            - name: wrong
              given:
                raw.shop_orders: [{id: 1, status: paid, amount: 10.5, placed_at: 2026-01-31}]
              expect: [{id: 2}]
            - name: without its input
              expect: []
            """);
        var failed = await _lake.RunAsync("transform --test");
        Assert.Equal(1, failed.ExitCode);
        foreach (var said in new[] { "missing", "{\"id\":2}", "unexpected", "{\"id\":1}", "gives no rows of `raw.shop_orders`", "2 of 2 tests failed" })
            Assert.Contains(said, failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transform_OfTwoWhereOneFails_MakesTheOtherAndLeavesWhatReadsIt()
    {
        await IngestAsync("id\n1\n");
        _lake.Write("transforms/sales/a_broken.sql", "select nothing from raw.shop_orders");
        _lake.Write("transforms/sales/b_behind.sql", "select * from curated.sales_a_broken");
        _lake.Write("transforms/sales/c_free.sql", "select id from shop_orders");
        var run = await _lake.RunAsync("transform --to $B -o json");
        Assert.Equal(1, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(["failed", "left", "made"], json.RootElement.EnumerateArray().Select(row => row.GetProperty("status").GetString()));
        Assert.Equal(["put"], Directory.EnumerateFileSystemEntries(Path.Combine(_lake.Folder, "lake/.dataspoc/staging")).Select(Path.GetFileName));
    }

    private void Transform(string sql) => _lake.Write("transforms/sales/orders.sql", sql);

    private Task<PipeRun> TransformAsync() => _lake.DoAsync("transform --to $B");

    private IReadOnlyList<string> Rows(string sql) => _lake.Rows(sql, "curated/sales/orders");

    private async Task<IReadOnlyList<string>> FilesAsync() => [.. (await _lake.SnapshotAsync("sales", "orders", Layer.Curated))!.Files.Keys];

    private async Task IngestAsync(string csv)
    {
        var name = $"in-{Guid.NewGuid():N}.csv";
        _lake.Write(name, csv);
        await _lake.DoAsync($"ingest ./{name} --to $B --table shop/orders");
    }
}
