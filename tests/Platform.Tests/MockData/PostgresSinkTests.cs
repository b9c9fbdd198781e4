using Xunit;

namespace Platform.Tests.MockData;

/// <summary><c>platform mock --to postgres://…</c>, into a database of the test's own.</summary>
public sealed class PostgresSinkTests
{
    [Fact]
    public async Task Mock_ToPostgres_MakesTheTablesOnce_AndWithTheSameSeedTheSameRows()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var database = await TestDatabase.MakeAsync(cancel);
        string[] mock = ["mock", "--rows", "3000", "--to", database.Address];
        var run = await PlatformRun.OfAsync(Path.GetTempPath(), mock);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("table,rows\nlocations,10\ncustomers,120\nparcels,3000\ndeliveries,3000\noccupancy,12000\n", run.Out);
        var rows = await database.ContentAsync(cancel);
        Assert.Equal(["boolean", "numeric(6)", "timestamp with time zone"], (await database.ReadAsync("""
            SELECT DISTINCT data_type || CASE WHEN data_type = 'numeric' THEN '(6)' ELSE '' END FROM information_schema.columns
            WHERE (table_name, column_name) IN (('deliveries', 'late'), ('parcels', 'weight_kg'), ('deliveries', 'picked_up_at')) ORDER BY 1
            """, cancel)).Split('\n'));

        var again = await PlatformRun.OfAsync(Path.GetTempPath(), mock);
        Assert.Equal((2, ""), (again.Exit, again.Out));
        Assert.Contains("the tables `locations`, `customers`, `parcels`, `deliveries`, `occupancy` are in the database already", again.Error, StringComparison.Ordinal);
        Assert.Equal(rows, await database.ContentAsync(cancel));

        Assert.Equal(0, (await PlatformRun.OfAsync(Path.GetTempPath(), [.. mock, "--replace"])).Exit);
        Assert.Equal(rows, await database.ContentAsync(cancel));

        // a view that stands in the way: all of it is undone
        await database.ExecuteAsync("CREATE VIEW v AS SELECT * FROM occupancy", cancel);
        var blocked = await PlatformRun.OfAsync(Path.GetTempPath(), ["mock", "--rows", "10", "--to", database.Address, "--replace"]);
        Assert.Equal(1, blocked.Exit);
        Assert.Contains("PostgreSQL does not take the mock data: cannot drop table occupancy", blocked.Error, StringComparison.Ordinal);
        Assert.Equal(rows, await database.ContentAsync(cancel));
    }
}
