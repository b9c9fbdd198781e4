using Xunit;

namespace Lens.Tests.Sql;

public sealed class SqlCommandTests
{
    [Fact]
    public async Task Sql_QueryOnStandardInput_IsRun()
    {
        using var lens = new LensProcess { Input = "-- a comment\nselect 1 as a;\n" };

        Assert.Equal(new(0, "a\n1\n", ""), await lens.RunAsync("sql", "-"));
    }

    [Fact]
    public async Task Sql_QueryInFile_IsRun()
    {
        using var lens = new LensProcess();
        lens.Write("q.sql", "\uFEFFselect 'ä' as a\n;");

        Assert.Equal(new(0, "a\nä\n", ""), await lens.RunAsync("query", "-f", "q.sql"));
    }

    [Theory]
    [InlineData("sql")]
    [InlineData("sql", "")]
    [InlineData("sql", " ; ")]
    [InlineData("sql", "select 1", "--file", "q.sql")]
    [InlineData("sql", "--file", "missing.sql")]
    [InlineData("sql", "select 1", "--limit", "-1")]
    [InlineData("sql", "select 1", "--timeout", "soon")]
    [InlineData("sql", "select 1", "--export", "result.doc")]
    [InlineData("sql", "select 1", "--export", "missing/result.csv")]
    [InlineData("sql", "select 1", "--bucket", "ftp://x")]
    [InlineData("sql", "select 1", "--bucket", "raw=file:///tmp")]
    [InlineData("sql", "-- nothing")]
    public async Task Sql_WrongUsage_ExitsWith2AndAHint(params string[] args)
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync(args);

        Assert.Equal(2, outcome.Exit);
        Assert.Equal("", outcome.Out);
        Assert.StartsWith("error: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select 1")]
    [InlineData("show all tables")]
    [InlineData("select * from raw.orders")]
    public async Task Sql_BucketThatIsNotThere_Fails(string query)
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", query, "--bucket", "nowhere");

        Assert.Equal((1, ""), (outcome.Exit, outcome.Out));
        Assert.Contains("does not exist", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_TimeIsUp_EndsWithAnErrorThatSaysSo()
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select count(*) from range(1000000) a, range(1000000) b where (a.range * b.range) % 7 = 1", "--timeout", "200ms");

        Assert.Equal(new(1, "", "error: the query took longer than 200 ms and was ended\n  hint: ask for less (a filter on `dt`, fewer columns), or give it more time with `--timeout`\n"), outcome);
    }

    [Fact]
    public async Task Sql_Limit_StopsAfterSoManyRows()
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select range as n from range(1000000000000)", "--limit", "3000", "-o", "csv");

        Assert.Equal(0, outcome.Exit);
        Assert.Equal(3001, outcome.Out.Count(c => c == '\n'));
        Assert.EndsWith("\n2999\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_TableForPeople_ShowsTheFirstRowsAndSaysSo()
    {
        using var lens = new LensProcess { Terminal = true };

        var outcome = await lens.RunAsync("sql", "select range as n from range(100000)");

        Assert.Equal(0, outcome.Exit);
        Assert.EndsWith("999\n… the first 1\u202f000 rows; `-o csv` gives all\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_ExplainForPeople_ShowsThePlanAsItIs()
    {
        using var lens = new LensProcess { Terminal = true };

        var outcome = await lens.RunAsync("sql", "explain select 42 as a");

        Assert.Equal(0, outcome.Exit);
        Assert.StartsWith("┌──", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("PROJECTION", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_DescribeOfATableInTheBucket_NeedsNoData()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id, DATE '2026-01-01' AS dt");

        var outcome = await lens.RunAsync("sql", "describe orders", "--bucket", lake.Uri, "-o", "ndjson");

        Assert.Equal(0, outcome.Exit);
        Assert.Contains("\"column_name\":\"dt\",\"column_type\":\"DATE\"", outcome.Out, StringComparison.Ordinal);
    }
}
