using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Storage;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Sql;
using Xunit;

namespace Lens.Tests.Distant;

/// <summary>Of a distant bucket only the parts are read that a query needs, and those once.</summary>
public sealed class PartialReadTests : IAsyncLifetime
{
    private readonly Lake _lake = Lake.New();
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("lens-ranges-");
    private DistantStore _store = null!;

    public ValueTask InitializeAsync()
    {
        _store = new(_lake.Store);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        _cache.Delete(recursive: true);
    }

    [Fact]
    public async Task Query_OverAFewColumnsAndDays_FetchesTheirChunksAndFootersOnly()
    {
        await WriteWideAsync(rows: 90_000, columns: 40, days: 30);
        var needed = Needed("file_name LIKE '%dt=2026-01-05%' OR file_name LIKE '%dt=2026-01-06%'", "'id', 'c3', 'c7'");

        var answer = await AskAsync("select count(*), sum(id), max(c3), min(c7) from raw.wide_facts where dt between date '2026-01-05' and date '2026-01-06'");

        Assert.Equal(await BareAsync("count(*), sum(id), max(c3), min(c7)", "file LIKE '%dt=2026-01-05%' OR file LIKE '%dt=2026-01-06%'"), answer);
        Assert.InRange(_store.Bytes, needed / 2, needed * 1.2);

        _store.Forget();
        Assert.Equal(answer, await AskAsync("select count(*), sum(id), max(c3), min(c7) from raw.wide_facts where dt between date '2026-01-05' and date '2026-01-06'"));
        // the layer's manifest, and the list of the table's log
        Assert.Equal((0, 2), (_store.Requests, _store.OtherRequests));
    }

    [Fact]
    public async Task Query_WhoseFileIsGone_IsToldByTypeSoThatItMayBeReadAgain()
    {
        await WriteWideAsync(rows: 100, columns: 4, days: 1);
        _store.Before = key =>
        {
            File.Delete(Path.Combine(_lake.Folder, key));
            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<UserError>(() => AskAsync("select sum(id) from raw.wide_facts"));

        Assert.StartsWith("raw/wide/facts/dt=", Assert.IsType<ObjectGoneException>(error.InnerException).Key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select id, c1 from raw.wide_facts where id = 4711")]
    [InlineData("select c0, count(*) as n from raw.wide_facts where c1 like 'text 1%' and dt in (date '2026-01-01', date '2026-01-05') group by all order by all limit 7")]
    [InlineData("select count(*) from raw.wide_facts")]
    [InlineData("select max(dt), count(distinct c3) from facts")]
    [InlineData("with a as (select id, c5 from raw.wide_facts where id < 50) select a.id, b.c6 from a join raw.wide_facts b using (id) order by id")]
    [InlineData("select * from raw.wide_facts order by c1, id limit 3")]
    [InlineData("pivot (select id % 3 as k, dt from raw.wide_facts where id < 3000) on k using count(*) order by dt")]
    [InlineData("explain analyze select sum(id) from raw.wide_facts")]
    [InlineData("select count(*) from raw.wide_facts where false")]
    [InlineData("select column_name, min, max, count from (summarize raw.wide_facts)")]
    [InlineData("select count(*) from raw.wide_facts where c1 is null or dt = date '2026-01-03'")]
    [InlineData("select sum(s.a), max(l[2]) from raw.wide_facts where s.b = 'x1'")]
    public async Task Query_OfAnyShape_AnswersAsOverLocalFiles(string sql)
    {
        await WriteWideAsync(rows: 3_000, columns: 8, days: 5);

        var distant = await AskAsync(sql);

        if (!sql.StartsWith("explain", StringComparison.Ordinal))
            Assert.Equal(await AskAsync(sql, new NamedBucket("lake", _lake.Store)), distant);
    }

    [Fact]
    public async Task Copy_Damaged_IsFetchedAgain()
    {
        await WriteWideAsync(rows: 3_000, columns: 8, days: 5);
        const string Sql = "select sum(id), max(c3) from raw.wide_facts where dt < date '2026-01-04'";
        var answer = await AskAsync(Sql);
        foreach (var copy in Directory.EnumerateFiles(_cache.FullName, "*.parquet", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
            Array.Clear(bytes, 100, bytes.Length - 100);
            await File.WriteAllBytesAsync(copy, bytes[..^7], TestContext.Current.CancellationToken);
        }
        _store.Forget();

        Assert.Equal(answer, await AskAsync(Sql));
        Assert.True(_store.Requests > 0);
        _store.Forget();
        Assert.Equal(answer, await AskAsync(Sql));
        Assert.Equal(0, _store.Requests);
    }

    [Fact]
    public async Task LogEntry_DamagedInTheCache_IsFetchedAgain()
    {
        await WriteWideAsync(rows: 30, columns: 2, days: 2);
        const string Sql = "select sum(id) from raw.wide_facts";
        var answer = await AskAsync(Sql);
        var copies = Directory.GetFiles(_cache.FullName, "*.json", SearchOption.AllDirectories);
        foreach (var copy in copies)
            await File.WriteAllBytesAsync(copy, (await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken))[..^5], TestContext.Current.CancellationToken);
        _store.Forget();

        Assert.Equal(answer, await AskAsync(Sql));
        Assert.Equal(2 + copies.Length, _store.OtherRequests);
    }

    [Fact]
    public async Task Table_MadeAnew_IsNotReadFromTheCache()
    {
        await WriteWideAsync(rows: 30, columns: 2, days: 2);
        const string Sql = "select count(*) from raw.wide_facts";
        await AskAsync(Sql);
        Directory.Delete(Path.Combine(_lake.Folder, "raw"), recursive: true);
        Directory.Delete(Path.Combine(_lake.Folder, ".dataspoc"), recursive: true);
        await WriteWideAsync(rows: 40, columns: 2, days: 2);

        Assert.Equal("39", await AskAsync(Sql));
    }

    [Fact]
    public async Task Copy_WithATornJournal_IsFetchedAgain()
    {
        await WriteWideAsync(rows: 3_000, columns: 8, days: 5);
        const string Sql = "select sum(id) from raw.wide_facts where dt = date '2026-01-04'";
        var answer = await AskAsync(Sql);
        foreach (var journal in Directory.EnumerateFiles(_cache.FullName, "*.ranges", SearchOption.AllDirectories))
            await File.WriteAllBytesAsync(journal, (await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken))[..^5], TestContext.Current.CancellationToken);
        _store.Forget();

        Assert.Equal(answer, await AskAsync(Sql));
        Assert.True(_store.Requests > 0);
    }

    [Fact]
    public async Task Queries_AtOnce_ShareOneCache()
    {
        await WriteWideAsync(rows: 3_000, columns: 8, days: 5);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync($"select max(c{i % 4}) from raw.wide_facts where dt < date '2026-01-{2 + i % 4:00}'")));

        for (var i = 0; i < answers.Length; i++)
            Assert.Equal(await AskAsync($"select max(c{i % 4}) from raw.wide_facts where dt < date '2026-01-{2 + i % 4:00}'", new NamedBucket("lake", _lake.Store)), answers[i]);
    }

    [Fact]
    public async Task Footers_OfManyFiles_AreFetchedAtOnce()
    {
        await WriteWideAsync(rows: 300, columns: 2, days: 12);
        var arrived = 0;
        var gathered = new TaskCompletionSource();
        _store.Before = _ =>
        {
            if (Interlocked.Increment(ref arrived) == 8)
                gathered.SetResult();
            return gathered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        };

        await AskAsync("select count(*) from raw.wide_facts");

        Assert.True(gathered.Task.IsCompletedSuccessfully);
    }

    // numbers, texts, a list and a structure; each day a file
    private Task WriteWideAsync(int rows, int columns, int days) => _lake.WriteAsync("raw/wide/facts",
        $"SELECT range AS id, {string.Join(", ", Enumerable.Range(0, columns).Select(i => i % 2 == 0 ? $"hash(range + {i}) % 1000000 AS c{i}" : $"'text ' || (hash(range * {i}) % 5000) AS c{i}"))}, [range, range + 1] AS l, {{'a': range % 7, 'b': 'x' || (range % 3)}} AS s, DATE '2026-01-01' + (range % {days})::INTEGER AS dt FROM range({rows}) WHERE range <> 5");

    private async Task<string> AskAsync(string sql, NamedBucket? bucket = null)
    {
        var buckets = new BucketSet([bucket ?? new("lake", _store)], "lake");
        var cache = new ObjectCache(_cache.FullName);
        using var session = await QuerySession.OpenAsync(sql, buckets, new(buckets, cache), new(cache, null), Task.Run(() => Database.Open(new())), new(), CancellationToken.None);
        using var result = session.Run(CancellationToken.None);
        var text = new List<string>();
        while (result.NextChunk())
            for (var row = 0; row < result.Chunk.Count; row++)
                text.Add(string.Join(",", Enumerable.Range(0, result.Columns.Count).Select(column => result.GetText(column, row) ?? "NULL")));
        return string.Join('\n', text);
    }

    private Task<string> BareAsync(string columns, string where)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        using var answer = connection.Query($"SELECT {columns} FROM read_parquet('{_lake.Folder}/raw/wide/facts/*/*.parquet', filename = 'file') WHERE {where}");
        Assert.True(answer.NextChunk());
        return Task.FromResult(string.Join(",", Enumerable.Range(0, answer.Columns.Count).Select(column => answer.GetText(column, 0))));
    }

    // bytes of the column chunks and of the footers
    private long Needed(string files, string columns)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        var pattern = $"'{_lake.Folder}/raw/wide/facts/*/*.parquet'";
        using var answer = connection.Query(
            $"SELECT (SELECT sum(total_compressed_size) FROM parquet_metadata({pattern}) WHERE ({files}) AND path_in_schema IN ({columns}))::BIGINT + (SELECT sum(footer_size) FROM parquet_file_metadata({pattern}) WHERE {files})::BIGINT");
        Assert.True(answer.NextChunk());
        return Convert.ToInt64(answer.GetValue(0, 0), CultureInfo.InvariantCulture);
    }
}
