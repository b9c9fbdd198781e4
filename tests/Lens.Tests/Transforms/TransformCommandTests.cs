using Xunit;

namespace Lens.Tests.Transforms;

public sealed class TransformCommandTests
{
    [Fact]
    public async Task Transform_ListPlanRunTest_MakeGold()
    {
        await using var lake = Lake.New();
        await using var other = Lake.New("other");
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT * FROM (VALUES (1, 'A', 10.0), (2, 'B', 5.0), (3, 'A', 1.0)) t(id, customer, total)");
        await other.WriteAsync("curated/sales/customers", "SELECT * FROM (VALUES ('A', 'Ann'), ('B', 'Bob')) t(code, name)");
        lens.Write("lens.yaml", $"buckets:\n  lake: {lake.Uri}\n  other: {other.Uri}\ndefault: lake\n");
        Write(lens, "transforms/sales/best.sql", "-- key: customer\nSELECT * FROM gold.sales_revenue ORDER BY revenue DESC LIMIT 1");
        Write(lens, "transforms/sales/revenue.sql", "-- key: customer\n-- check: sql(revenue > 0)\nSELECT customer, name, sum(total) AS revenue FROM raw.shop_orders JOIN other.curated.sales_customers ON code = customer GROUP BY ALL");
        Write(lens, "transforms/sales/best.test.yaml", "tests:\n  - name: the best one\n    given:\n      gold.sales_revenue: [{customer: A, revenue: 1}, {customer: B, revenue: 2}]\n    expect: [{customer: B, revenue: 2}]\n");

        var list = await lens.RunAsync("transform", "list", "-o", "csv");
        Assert.Equal(["gold.sales_revenue", "gold.sales_best"], list.Out.TrimEnd('\n').Split('\n')[1..].Select(line => line.Split(',')[0]));
        Assert.Equal((0, ""), Of(await lens.RunAsync("transform", "test")));
        var plan = await lens.RunAsync("transform", "plan", "sales/revenue", "-o", "csv");
        Assert.Equal(0, plan.Exit);
        Assert.Contains("gold.sales_revenue", plan.Out, StringComparison.Ordinal);
        var run = await lens.RunAsync("transform", "run");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("name,revenue\nAnn,11.0\nBob,5.0\n", (await lens.RunAsync("sql", "select name, revenue from gold.sales_revenue order by 2 desc")).Out);
        Assert.Equal("customer\nA\n", (await lens.RunAsync("sql", "select customer from gold.sales_best")).Out);
        var catalog = await lens.RunAsync("catalog", "raw.shop_orders", "-o", "json");
        Assert.Contains("gold.sales_revenue", catalog.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(lake.Folder, ".dataspoc", "lens", "manifest.json")));
    }

    [Theory]
    [InlineData("overwrite", "A,3", "B,4")]
    [InlineData("append", "A,1", "A,3", "B,4")]
    [InlineData("merge", "A,3", "B,4")]
    public async Task Gold_WithoutDays_IsFilesInItsFolder_InEveryMode(string mode, params string[] expected)
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        Write(lens, "transforms/sales/newest.sql", $"-- mode: {mode}\n-- key: customer{(mode == "append" ? ", total" : "")}\nSELECT customer, max(total) AS total FROM raw.shop_orders GROUP BY ALL");
        await lake.WriteAsync("raw/shop/orders", "SELECT 'A' AS customer, 1 AS total");
        Assert.Equal((0, ""), Of(await lens.RunAsync("transform", "run", "--bucket", lake.Uri)));
        await lake.WriteAsync("raw/shop/orders", "SELECT * FROM (VALUES ('A', 3), ('B', 4)) t(customer, total)");

        var run = await lens.RunAsync("transform", "run", "--bucket", lake.Uri);

        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains(mode == "overwrite" ? "from everything: it is made anew each time" : "from 1 new file of `raw.shop_orders`", run.Error, StringComparison.Ordinal);
        Assert.Equal($"customer,total\n{string.Join('\n', expected)}\n", (await lens.RunAsync("sql", "from gold.sales_newest order by all", "--bucket", lake.Uri)).Out);
        Assert.All(Directory.EnumerateFiles(Path.Combine(lake.Folder, "gold"), "*.parquet", SearchOption.AllDirectories), file => Assert.Equal(Path.Combine(lake.Folder, "gold", "sales", "newest"), Path.GetDirectoryName(file)));
    }

    [Fact]
    public async Task Gold_WhoseRowsSayTheirDay_IsKeptByDay()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        Write(lens, "transforms/sales/days.sql", "-- partition: placed\nSELECT DATE '2026-03-04' AS placed, 1 AS total FROM raw.shop_orders");
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");

        Assert.Equal((0, ""), Of(await lens.RunAsync("transform", "run", "--bucket", lake.Uri)));
        Assert.Equal("placed,total,dt\n2026-03-04,1,2026-03-04\n", (await lens.RunAsync("sql", "from gold.sales_days", "--bucket", lake.Uri)).Out);
    }

    [Fact]
    public async Task Transform_CheckThatFails_CommitsNothing()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT -1 AS total");
        Write(lens, "transforms/sales/revenue.sql", "-- check: sql(total > 0)\nSELECT total FROM raw.shop_orders");

        Assert.Equal(3, (await lens.RunAsync("transform", "run", "--bucket", lake.Uri)).Exit);
        Assert.Equal(1, (await lens.RunAsync("sql", "select * from gold.sales_revenue", "--bucket", lake.Uri)).Exit);
        Assert.Equal(2, (await lens.RunAsync("transform", "run", "sales/revenu", "--bucket", lake.Uri)).Exit);
        Assert.Equal(2, (await lens.RunAsync("transform", "run")).Exit);
    }

    private static (int, string) Of(Outcome outcome) => (outcome.Exit, outcome.Out);

    private static void Write(LensProcess lens, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(lens.PathOf(path))!);
        lens.Write(path, text);
    }
}
