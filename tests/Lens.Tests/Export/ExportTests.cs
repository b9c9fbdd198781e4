using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Lens.Tests.Export;

public sealed class ExportTests
{
    [Theory]
    [InlineData("r.csv", "id,name\n1,Ann\n")]
    [InlineData("r.json", "[\n{\"id\":1,\"name\":\"Ann\"}\n]\n")]
    [InlineData("r.ndjson", "{\"id\":1,\"name\":\"Ann\"}\n")]
    public async Task Export_Text_HoldsWhatStdoutWouldHave(string name, string expected)
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select 1 as id, 'Ann' as name", "--export", name);

        Assert.Equal(0, outcome.Exit);
        Assert.Equal("", outcome.Out);
        Assert.StartsWith($"done: 1 row to `{name}`, ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(expected, await File.ReadAllTextAsync(lens.PathOf(name), TestContext.Current.CancellationToken));
        Assert.Equal([lens.PathOf(name)], Directory.EnumerateFileSystemEntries(lens.WorkingFolder));
    }

    [Fact]
    public async Task Export_Parquet_KeepsTypesAndRows()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT range AS id, range * 1.5::DECIMAL(9,2) AS price, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS at, [range] AS list FROM range(5000)");

        var outcome = await lens.RunAsync("sql", "select *, sum(id) over () as total from raw.shop_orders order by id -- the end", "--bucket", lake.Uri, "--export", "r.parquet", "--limit", "4000");

        Assert.True(outcome.Exit == 0, outcome.Error);
        using var database = Database.Open(new());
        using var connection = database.Connect();
        var file = ParquetFooter.Read(connection, lens.PathOf("r.parquet"));
        Assert.Equal(4000, file.Rows);
        Assert.Equal("id BIGINT, price DECIMAL(28,2), at TIMESTAMP WITH TIME ZONE, list BIGINT[], total DECIMAL(38,0)", string.Join(", ", file.Columns.Select(c => $"{c.Name} {c.Type}")));
        using var rows = connection.Query($"select any_value(total), max(id) from '{lens.PathOf("r.parquet")}'");
        Assert.True(rows.NextChunk());
        Assert.Equal("12497500", rows.GetValue(0, 0)?.ToString());
        Assert.Equal(3999L, rows.GetValue(1, 0));
    }

    [Theory]
    [InlineData("r.csv")]
    [InlineData("r.parquet")]
    public async Task Export_FailedQuery_LeavesWhatWasThere(string name)
    {
        using var lens = new LensProcess();
        lens.Write(name, "before");

        var outcome = await lens.RunAsync("sql", "select error('no') as a", "--export", name);

        Assert.Equal(1, outcome.Exit);
        Assert.Equal("before", await File.ReadAllTextAsync(lens.PathOf(name), TestContext.Current.CancellationToken));
        Assert.Equal([lens.PathOf(name)], Directory.EnumerateFileSystemEntries(lens.WorkingFolder));
    }

    [Theory]
    [InlineData("copy (select 1) to 'x.csv'")]
    [InlineData("select 1) to 'x.csv' (format csv); --")]
    [InlineData("select * from read_text('/etc/passwd')")]
    public async Task Export_QueryThatWantsMore_IsRefused(string sql)
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", sql, "--export", "r.parquet");

        Assert.NotEqual(0, outcome.Exit);
        Assert.Empty(Directory.EnumerateFileSystemEntries(lens.WorkingFolder));
    }

    [Theory]
    [InlineData("csv", "s\n", "\n")]
    [InlineData("ndjson", "{\"s\":\"", "\"}\n")]
    [InlineData("json", "[\n{\"s\":\"", "\"}\n]\n")]
    [InlineData("markdown", "| s |\n| --- |\n| ", " |\n")]
    public async Task Text_OfThreeMegabytes_IsWholeInEveryFormat(string format, string before, string after)
    {
        using var lens = new LensProcess();

        var outcome = await lens.RunAsync("sql", "select repeat('aä😀', 500000) as s", "-o", format);

        Assert.Equal("", outcome.Error);
        Assert.True(outcome.Out == before + string.Concat(Enumerable.Repeat("aä😀", 500_000)) + after, $"{outcome.Out.Length} characters: {outcome.Out[..40]}");
    }
}
