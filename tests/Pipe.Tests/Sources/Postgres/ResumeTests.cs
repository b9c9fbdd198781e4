using System.Text.Json;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Postgres;

namespace Pipe.Tests.Sources.Postgres;

/// <summary>A first reading that is stopped after some ranges of pages goes on after them.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task Read_StoppedAtABookmark_GoesOnBehindItAndGivesEachRowOnce()
    {
        // 4 to 5 ranges of 1,024 pages, updated rows move into the pages at the end
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, at int, pad text); INSERT INTO t SELECT i, i, repeat('x', 1000) FROM generate_series(1, 30000) i;");
        var first = new RecordingSink();
        await Source(database, default).ReadAsync(first, TestContext.Current.CancellationToken);
        Assert.True(first.States.Count > 2, "the reading has no bookmark in the middle");
        Assert.Equal(Ids(1, 30000), Read(first));
        for (var stop = 0; stop < first.States.Count - 1; stop++)
        {
            var before = first.Events.Take(first.Events.IndexOf($"state {first.States[stop]}")).Where(line => line.StartsWith("row ", StringComparison.Ordinal)).Select(IdOf).ToList();
            // what changes meanwhile comes with the run after, by its new value
            await database.ExecuteAsync($"UPDATE t SET at = at + 100000 WHERE id % 3000 = {stop}; INSERT INTO t VALUES ({40000 + stop}, {300000 + stop}, 'new')");
            var rest = new RecordingSink();
            await Source(database, System.Text.Encoding.UTF8.GetBytes(first.States[stop])).ReadAsync(rest, TestContext.Current.CancellationToken);
            var changed = (await database.RowsAsync("SELECT id FROM t WHERE at > 30000")).Select(int.Parse).ToHashSet();
            Assert.Equal(Ids(1, 30000).Where(id => !changed.Contains(id)), before.Concat(rest.Rows["t"].Select(IdOf)).Where(id => !changed.Contains(id)).Order());
            var last = new RecordingSink();
            await Source(database, System.Text.Encoding.UTF8.GetBytes(rest.States[^1])).ReadAsync(last, TestContext.Current.CancellationToken);
            Assert.Equal(changed.Order(), Read(last));
        }
    }

    [Fact]
    public async Task Read_ATableThatWasRewrittenMeanwhile_BeginsAnew()
    {
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, at int, pad text); INSERT INTO t SELECT i, i, repeat('x', 1000) FROM generate_series(1, 20000) i;");
        var first = new RecordingSink();
        await Source(database, default).ReadAsync(first, TestContext.Current.CancellationToken);
        await database.ExecuteAsync("DELETE FROM t WHERE id < 100");
        await database.ExecuteAsync("VACUUM FULL t");

        var rest = new RecordingSink();
        await Source(database, System.Text.Encoding.UTF8.GetBytes(first.States[0])).ReadAsync(rest, TestContext.Current.CancellationToken);

        Assert.NotNull(JsonDocument.Parse(first.States[0]).RootElement.GetProperty("bookmarks").GetProperty("t").GetProperty("page").GetRawText());
        Assert.True(rest.Schemas["t"].Replaces);
        Assert.Equal(Ids(100, 20000), Read(rest));
    }

    private static PostgresSource Source(PostgresDatabase database, ReadOnlyMemory<byte> state) =>
        new(database.Address, new() { Incremental = true, Cursor = new("at"), State = state });

    private static IEnumerable<int> Ids(int from, int to) => Enumerable.Range(from, to - from + 1);

    private static IEnumerable<int> Read(RecordingSink sink) => sink.Rows["t"].Select(IdOf).Order();

    private static int IdOf(string row) => int.Parse(row.Split("id=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
}
