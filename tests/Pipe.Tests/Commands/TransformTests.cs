using DataSpoc.Contracts.Layout;

namespace Pipe.Tests.Commands;

/// <summary><c>pipe transform</c>: SELECTs become tables, each after those it reads.</summary>
public sealed class TransformTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Transform_ReadsAnother_RunsAfterItWhateverItsName()
    {
        await OrdersAsync();
        _lake.Write("pipe.yaml", "");
        _lake.Write("transforms/sales/a_total.sql", "select sum(amount) as total from curated.sales_z_orders");
        _lake.Write("transforms/sales/z_orders.sql", "-- key: id\nselect id, amount * 2 as amount from raw.shop_orders");
        await _lake.DoAsync("transform --to $B");
        Assert.Equal(["6.0"], _lake.Rows("select total from $files", "curated/sales/a_total"));
        var made = await _lake.SnapshotAsync("sales", "a_total", Layer.Curated);
        Assert.Equal("curated/sales/z_orders@0", made!.LastWrite!.Write!.Inputs[0]);
        Assert.StartsWith("transforms/sales/a_total.sql@", made.LastWrite.Write.Inputs[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transform_Again_ReplacesTheRows()
    {
        await OrdersAsync();
        _lake.Write("pipe.yaml", "");
        _lake.Write("transforms/sales/orders.sql", "select id from raw.shop_orders");
        await _lake.DoAsync("transform --to $B");
        await _lake.DoAsync("transform --to $B");
        Assert.Equal(["2|2"], _lake.Rows("select count(*), count(distinct id) from $files", "curated/sales/orders"));
    }

    [Fact]
    public async Task Transform_WithADtColumn_IsPartitionedByIt()
    {
        await OrdersAsync();
        _lake.Write("pipe.yaml", "");
        _lake.Write("transforms/sales/days.sql", "select id, date '2026-01-01' + id::int as dt from raw.shop_orders");
        await _lake.DoAsync("transform --to $B");
        Assert.Equal(["1|2026-01-02", "2|2026-01-03"], _lake.Rows("select id, dt::date from $files order by id", "curated/sales/days"));
        Assert.Equal(["2026-01-02", "2026-01-03"], (await _lake.SnapshotAsync("sales", "days", Layer.Curated))!.Files.Values.Select(file => file.PartitionValues["dt"]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("select * from raw.shop_missing", 1, "raw.shop_missing")]
    [InlineData("select nothing from raw.shop_orders", 1, "fails")]
    [InlineData("select id from nowhere", 1, "which is not in the bucket")]
    [InlineData("select id from other.raw.shop_orders", 1, "which is not in the bucket")]
    [InlineData("-- key: nr\nselect id from raw.shop_orders", 2, "no column `nr`, which its header names")]
    [InlineData("-- mode: upsert\nselect id from raw.shop_orders", 2, "`upsert` is not a mode")]
    [InlineData("-- mode: merge\nselect id from raw.shop_orders", 2, "needs a key")]
    [InlineData("-- keys: id\nselect id from raw.shop_orders", 2, "did you mean `key`?")]
    [InlineData("-- mode: append\nselect a.id from raw.shop_orders a, raw.shop_items b", 2, "it is not said which")]
    [InlineData("-- check: nonsense(id)\nselect id from raw.shop_orders", 2, "is not a check")]
    [InlineData("-- check: range(amount, 0, 1)\nselect id, amount from raw.shop_orders", 3, "range(amount, 0, 1): 1 row")]
    [InlineData("select id from raw.shop_orders; select 2", 2, "cannot be part of a transform")]
    [InlineData("select from where", 2, "is not one SELECT")]
    [InlineData("select id, id from raw.shop_orders", 2, "two columns")]
    [InlineData("select id from curated.sales_orders", 2, "in a circle")]
    public async Task Transform_ThatCannotRun_SaysWhyAndLeavesNothing(string sql, int exitCode, string said)
    {
        await OrdersAsync();
        _lake.Write("pipe.yaml", "");
        _lake.Write("transforms/sales/orders.sql", sql);
        var run = await _lake.RunAsync("transform --to $B");
        Assert.True(run.ExitCode == exitCode && run.Error.Contains(said, StringComparison.Ordinal), $"{run.ExitCode}\n{run.Error}");
        Assert.Null(await _lake.SnapshotAsync("sales", "orders", Layer.Curated));
    }

    private async Task OrdersAsync()
    {
        _lake.Write("orders.csv", "id,amount\n1,1.0\n2,2.0\n");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
    }
}
