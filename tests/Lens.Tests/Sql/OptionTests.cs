using DataSpoc.Contracts.Delta;
using Xunit;

namespace Lens.Tests.Sql;

public sealed class OptionTests
{
    [Fact]
    public async Task Param_Values_AreTextsAndNeverSql()
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select range as n, $name as name, '$name' as text from range(10) where range >= $from limit $n -- $no",
            "--param", "name=x' or 1=1 --", "--param", "from=7", "--param", "n=2");

        Assert.Equal(new(0, "n,name,text\n7,x' or 1=1 --,$name\n8,x' or 1=1 --,$name\n", ""), outcome);
    }

    [Theory]
    [InlineData("select $a", "a")]
    [InlineData("select $a", "b=1")]
    [InlineData("select 1", "a=1")]
    [InlineData("select $a", "=1")]
    public async Task Param_MissingOrUnused_ExitsWith2(string query, string parameter)
    {
        using var lens = new LensProcess();

        Assert.Equal(2, (await lens.RunAsync("sql", query, "--param", parameter)).Exit);
    }

    [Fact]
    public async Task AsOf_VersionOrTime_ReadsTheTableAsItWas()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        var between = DateTimeOffset.UtcNow.ToString("o");
        await lake.WriteAsync("raw/shop/orders", "SELECT 2 AS id");

        Assert.Equal("id\n1\n", (await Ask("0")).Out);
        Assert.Equal("id\n1\n2\n", (await Ask("1")).Out);
        Assert.Equal("id\n1\n", (await Ask(between)).Out);
        Assert.Equal("id\n1\n2\n", (await Ask("2999-01-01")).Out);
        Assert.Equal((1, true), ((await Ask("2")).Exit, (await Ask("2")).Error.Contains("has no version 2", StringComparison.Ordinal)));
        Assert.Contains("was not there at", (await Ask("2001-01-01")).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Ask("yesterday")).Exit);

        Task<Outcome> Ask(string asOf) => lens.RunAsync("sql", "select id from raw.shop_orders order by id", "--bucket", lake.Uri, "--as-of", asOf);
    }

    [Fact]
    public async Task AsOf_VersionWhoseFilesAreGone_SaysSo()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        await lake.WriteAsync("raw/shop/orders", "SELECT 2 AS id", ChangeMode.Overwrite);

        var outcome = await lens.RunAsync("sql", "select id from raw.shop_orders", "--bucket", lake.Uri, "--as-of", "0");

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("is not there", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_Query_ShowsThePlanAndRunsNothing()
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select error('it ran')", "--explain", "-o", "table");

        Assert.Equal(0, outcome.Exit);
        Assert.Contains("PROJECTION", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsafe_AnyStatement_RunsAndIsWarnedOf()
    {
        using var lens = new LensProcess();
        lens.Write("data.csv", "a\n1\n");
        var query = $"create table t as from '{lens.PathOf("data.csv")}'; select sum(a)::int as s from t";

        var outcome = await lens.RunAsync("sql", query, "--unsafe");

        Assert.Equal((0, "s\n1\n"), (outcome.Exit, outcome.Out));
        Assert.StartsWith("warning: the guard is lifted", outcome.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await lens.RunAsync("sql", query)).Exit);
    }
}
