using Lens.Tests.Distant;
using Xunit;

namespace Lens.Tests.Clusters;

/// <summary>Queries and views on ClickHouse's own engine, over the buckets that the code under test wrote.</summary>
public sealed class ClickHouseTests
{
    private const string Rows = """
        SELECT id::BIGINT AS id, 'ä''\' || id AS name, (id * 1.25)::DECIMAL(9,2) AS total, ('2026-01-0' || id || ' 10:11:12.345678+00')::TIMESTAMPTZ AS at, [id, NULL] AS list, CASE id WHEN 2 THEN NULL ELSE id % 2 = 0 END AS even,
            ('2026-01-0' || id)::DATE AS dt
        FROM range(1, 4) r(id)
        """;

    [Fact]
    public async Task Query_OnClickHouse_AnswersWhatItAnswersHere()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", Rows);
        await lake.WriteAsync("curated/shop/orders", "SELECT 1 AS id, 'new' AS status");
        await using var server = await ClickHouseServer.StartAsync(lake.Folder);
        string[] there = ["--engine", server.Address, "--bucket", lake.Uri];

        foreach (var sql in new[]
        {
            "select * from raw.shop_orders order by id",
            "-- ä\nwith o as (select raw.shop_orders.id, status from raw . \"shop_orders\" left join curated.shop_orders c using (id)) select count(*) as n, max(status) as status from o;",
            "select sum(shop_orders.total) as t from lake.raw.shop_orders where dt >= date '2026-01-02' and name <> 'from raw.shop_orders'",
            "select 1 as one",
        })
        {
            var (ours, theirs) = (await lens.RunAsync("sql", sql, "--bucket", lake.Uri), await lens.RunAsync(["sql", sql, .. there]));
            Assert.True(ours == theirs && ours.Exit == 0, $"{sql}\n{ours}\n{theirs}");
        }

        Assert.Equal("id\n1\n2\n", (await lens.RunAsync(["sql", "select id from raw.shop_orders order by id", "--limit", "2", .. there])).Out);
        await lens.RunAsync(["sql", "select * from raw.shop_orders", "--export", "there.parquet", .. there]);
        Assert.Equal("3\n", (await lens.RunAsync("sql", "--unsafe", $"select count(*) as n from '{lens.PathOf("there.parquet")}'")).Out[2..]);
    }

    [Fact]
    public async Task Query_ThatReadsMoreThanTheBuckets_IsRefusedHere()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        await using var asked = new LoopbackServer(_ => (500, ""));
        foreach (var sql in new[]
        {
            "select * from url('http://example.com', CSV)", "select * from file('/etc/passwd')", "select file('/etc/passwd')", "select * from system.tables", "select * from orderz", "drop table raw.shop_orders",
            "select 1; select 2", "show tables", "select * from raw.shop_orders where id in (select id from remote('127.0.0.1', system.one))", "insert into raw.shop_orders values (1)", "select nonsense from", "explain select 1",
        })
        {
            var outcome = await lens.RunAsync("sql", sql, "--engine", asked.Url.Replace("http", "clickhouse", StringComparison.Ordinal), "--bucket", lake.Uri);
            Assert.True(outcome.Exit is 1 or 2 && outcome.Error.StartsWith("error: ", StringComparison.Ordinal), $"{sql}\n{outcome}");
        }
        Assert.Empty(asked.Requests);
    }

    [Fact]
    public async Task Publish_ToClickHouse_MakesViewsOfWhatIsThere()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", Rows);
        await lake.WriteAsync("gold/sales/by-day", "SELECT 7 AS n");
        lens.Variables["CLICKHOUSE_PASSWORD"] = "secret-of-clickhouse";
        await using var server = await ClickHouseServer.StartAsync(lake.Folder, ("CLICKHOUSE_PASSWORD", "secret-of-clickhouse"));

        var twice = (await lens.RunAsync("publish", "--to", server.Address, "--bucket", lake.Uri), await lens.RunAsync("publish", "--to", server.Address, "--bucket", lake.Uri));

        Assert.Equal((new Outcome(0, "", "done: 2 views on 127.0.0.1\n"), twice.Item1), twice);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-ClickHouse-Key", "secret-of-clickhouse");
        using var query = new StringContent("select (select n from lake_gold.sales_by_day), sum(id) from lake_raw.shop_orders");
        Assert.Equal("7\t6\n", await (await http.PostAsync(new Uri($"http://127.0.0.1:{server.Port}/"), query, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        lens.Variables["CLICKHOUSE_PASSWORD"] = "another-secret";
        var refused = await lens.RunAsync("publish", "--to", server.Address, "--bucket", lake.Uri, "-v");
        Assert.Equal(4, refused.Exit);
        Assert.Contains("password is incorrect", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("another-secret", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_OverS3_ReadsTheBucketThere()
    {
        await using var lake = await S3Lake.NewAsync();
        await lake.Lake.WriteAsync("raw/shop/orders", Rows);
        var (folder, server) = (Directory.CreateTempSubdirectory("lens-clickhouse-"), (ClickHouseServer?)null);
        try
        {
            server = await ClickHouseServer.StartAsync(folder.FullName);
            var outcome = await lake.AskAsync("select count(*) as n, sum(total) as t from raw.shop_orders where dt < date '2026-01-03'", "--engine", server.Address);
            Assert.Equal((0, "n,t\n2,3.75\n"), (outcome.Exit, outcome.Out));
            // the engine knows the function, but no cluster: it says so
            var cluster = await lake.AskAsync("select count(*) as n from raw.shop_orders", "--engine", server.Address + "?cluster=main");
            Assert.Equal((1, ""), (cluster.Exit, cluster.Out));
            Assert.Contains("'main' not found", cluster.Error, StringComparison.Ordinal);
        }
        finally
        {
            if (server is not null)
                await server.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("clickhouse://u:p@host", "holds a password")]
    [InlineData("clickhouse://", "is not the address")]
    [InlineData("clickhouse://host/a/b", "is not the address")]
    [InlineData("clickhouse://host?cluter=a", "is not an option")]
    [InlineData("spark", "there is no engine")]
    public async Task Engine_ThatIsNone_IsRefused(string engine, string said)
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select 1", "--engine", engine);

        Assert.Equal(2, outcome.Exit);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_ThatIsNotThere_IsNamed()
    {
        using var lens = new LensProcess();
        lens.Write("lens.yaml", "engine: clickhouse://127.0.0.1:9\n");

        var outcome = await lens.RunAsync("sql", "select 1 as a");

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("ClickHouse cannot be reached", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await lens.RunAsync("sql", "select 1 as a", "--engine", "duckdb")).Exit);
    }
}
