using Xunit;

namespace Lens.Tests.Sql;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task Buckets_OfTheProject_AreDatabasesAndTheDefaultGoesFirst()
    {
        await using var bronze = Lake.New();
        await using var silver = Lake.New();
        using var lens = new LensProcess();
        await bronze.WriteAsync("raw/shop/orders", "SELECT 'bronze' AS name");
        await silver.WriteAsync("raw/shop/orders", "SELECT 'silver' AS name");
        lens.Write("lens.yaml", $"buckets:\n  bronze: {bronze.Uri}\n  silver: {silver.Uri}\ndefault: silver\n");

        Assert.Equal("name\nsilver\n", (await lens.RunAsync("sql", "select * from raw.shop_orders")).Out);
        Assert.Equal("name\nbronze\n", (await lens.RunAsync("sql", "select * from bronze.raw.shop_orders")).Out);
        Assert.Equal("name\nbronze\n", (await lens.RunAsync("sql", "select * from raw.shop_orders", "--bucket", "bronze")).Out);
        Assert.Equal("name\nbronze\n", (await lens.RunAsync("sql", "select * from raw.shop_orders", "--set", "default=bronze")).Out);
    }

    [Fact]
    public async Task Engine_Settings_ReachDuckDb()
    {
        using var lens = new LensProcess();
        lens.Write("lens.yaml", "memory_limit: 256MiB\nthreads: 1\n");

        var outcome = await lens.RunAsync("sql", "select current_setting('memory_limit') as m, current_setting('threads') as t");

        Assert.Equal(new(0, "m,t\n256.0 MiB,1\n", ""), outcome);
    }

    [Fact]
    public async Task Query_ThatCannotSpill_SaysWhatToRaise()
    {
        using var lens = new LensProcess();
        lens.Write("lens.yaml", "memory_limit: 60MB\nthreads: 1\n");

        var outcome = await lens.RunAsync("sql", "select len(list(range)) as n from range(100000000)");

        Assert.Equal(new(1, "", "error: the query needs more memory than it may have\n  hint: raise `memory_limit` in lens.yaml, or ask for fewer columns or rows\n"), outcome);
    }

    [Theory]
    [InlineData("buckets:\n  raw: file:///x\n", "`raw` cannot be the name of a bucket")]
    [InlineData("buckets:\n  a: ftp://x\n", "`ftp://x` has a scheme that is not supported")]
    [InlineData("buckets:\n  bronze: file:///x\ndefault: bronce\n", "`default` names no bucket of `buckets`: `bronce`")]
    [InlineData("bucket:\n  a: file:///x\n", "`bucket` is not a known key")]
    [InlineData("threads: many\n", "`threads` must be a whole number, not `many`")]
    public async Task Configuration_Wrong_ExitsWith2AndNamesTheLine(string yaml, string what)
    {
        using var lens = new LensProcess();
        lens.Write("lens.yaml", yaml);

        var outcome = await lens.RunAsync("sql", "select 1");

        Assert.Equal(2, outcome.Exit);
        Assert.StartsWith($"error: {what}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("lens.yaml, line ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_BeyondItsMemory_SpillsAndLeavesNothing()
    {
        using var lens = new LensProcess();
        var spill = lens.PathOf("spill");
        lens.Write("lens.yaml", $"memory_limit: 60MB\nthreads: 1\ntemp_directory: {spill}\n");

        var outcome = await lens.RunAsync("sql", "select count(*) as n, max(length(t)) as m from (select distinct md5(range::varchar) || md5((range * 3)::varchar) || md5((range * 5)::varchar) as t from range(1000000))");

        Assert.Equal(new(0, "n,m\n1000000,96\n", ""), outcome);
        Assert.False(Directory.Exists(spill) && Directory.EnumerateFileSystemEntries(spill).Any());
    }

    [Fact]
    public async Task Httpfs_WhereItIsNotInstalled_IsNamedWithTheWayOut()
    {
        using var lens = new LensProcess();
        lens.Write("lens.yaml", "engine: httpfs\n");

        var outcome = await lens.RunAsync("sql", "select 1 as a");

        // a machine that has the extension has nothing to be told
        Assert.SkipWhen(outcome.Exit == 0 || outcome.Error.Contains("`aws`", StringComparison.Ordinal), "httpfs is installed here");
        Assert.Equal((2, ""), (outcome.Exit, outcome.Out));
        Assert.StartsWith("error: DuckDB's extension `httpfs` is not installed\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("install httpfs", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("a\n1\n", (await lens.RunAsync("sql", "select 1 as a", "--engine", "duckdb")).Out);
    }
}
