using System.Diagnostics;
using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Tests.Bench;

/// <summary>Queries over a bucket on a real S3 server that is 30 ms away, counted on the wire: the bytes and requests they need, and how fast the footers of 1,000 files come.</summary>
internal static class DistantBenchmark
{
    private const int Days = 30;
    private const string Query = "select count(*), sum(id), max(c3), min(c7) from raw.wide_facts where dt between date '2026-01-05' and date '2026-01-06'";

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        if (Environment.GetEnvironmentVariable("DATASPOC_TEST_S3_ENDPOINT") is not { Length: > 0 } endpoint || Environment.GetEnvironmentVariable("DATASPOC_TEST_S3_ALICE")?.Split(':') is not [var key, var secret])
            throw new InvalidOperationException("no S3 server: source <(tests/services/up DIR) first, or run this by tests/bench/run");
        using var proxy = new CountingProxy(new(endpoint), TimeSpan.FromMilliseconds(30));
        foreach (var (name, value) in new[] { ("AWS_ENDPOINT_URL_S3", proxy.Url), ("AWS_ACCESS_KEY_ID", key), ("AWS_SECRET_ACCESS_KEY", secret), ("AWS_REGION", "us-east-1"), ("AWS_EC2_METADATA_DISABLED", "true"), ("DATASPOC_CACHE", folder.File("cache")) })
            Environment.SetEnvironmentVariable(name, value);
        var bucket = $"bench-{Guid.NewGuid():N}";
        using (var admin = new AmazonS3Client(new BasicAWSCredentials(key, secret), new AmazonS3Config { ServiceURL = endpoint, AuthenticationRegion = "us-east-1", ForcePathStyle = true }))
            await admin.PutBucketAsync(bucket);
        await using var store = ObjectStores.Open(BucketUri.Parse($"s3://{bucket}"));
        var days = Enumerable.Range(0, Days).Select(day => new DateOnly(2026, 1, 1).AddDays(day)).ToArray();
        var wide = await WriteAsync(store, folder, new(Layer.Raw, "wide", "facts"), [.. days.Select(day => ((DateOnly?)day, Wide(day.DayNumber, 100_000 / less)))]);
        await EconomyAsync(table, proxy, bucket, Needed([.. wide.Skip(4).Take(2)]));
        var files = 1000 / less;
        await WriteAsync(store, folder, new(Layer.Raw, "many", "files"), [.. Enumerable.Range(0, files).Select(i => ((DateOnly?)null, $"SELECT range + {i} AS id, 'x' || range AS name FROM range(100)"))]);
        await FootersAsync(table, proxy, store, bucket, files);
    }

    private static async Task EconomyAsync(Table table, CountingProxy proxy, string bucket, long needed)
    {
        proxy.Take();
        await LensAsync(bucket, Query);
        var first = proxy.Take();
        var bytes = first.Where(exchange => exchange.IsData).Sum(exchange => exchange.Bytes);
        table.Count($"lens sql on S3, 3 of 40 columns and 2 of {Days} days: percent of the bytes of those chunks and footers", (int)(100 * bytes / needed), 120);
        await LensAsync(bucket, Query);
        var second = proxy.Take();
        table.Count("lens sql on S3, the same query again: requests for data", second.Count(exchange => exchange.IsData), 0);
        table.Count($"lens sql on S3, the same query again: all requests (the first time: {first.Count})", second.Count, 2);
    }

    private static async Task FootersAsync(Table table, CountingProxy proxy, IObjectStore store, string bucket, int files)
    {
        var listed = new List<ObjectMetadata>();
        await foreach (var found in store.ListAsync("raw/many/", null, default))
            if (found.Key.EndsWith(".parquet", StringComparison.Ordinal))
                listed.Add(found);
        proxy.Take();
        var lens = await LensAsync(bucket, "select count(*), sum(id) from raw.many_files");
        var requests = proxy.Take().Count(exchange => exchange.IsData);
        // one after the other: the same requests, by the same store
        var buffer = new byte[8 << 10];
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < requests; i++)
        {
            var file = listed[i % listed.Count];
            var length = (int)Math.Min(file.Size, buffer.Length);
            await store.ReadAsync(file.Key, file.Size - length, buffer.AsMemory(0, length), null, default);
        }
        var alone = clock.Elapsed.TotalSeconds;
        table.AtMost(string.Create(CultureInfo.InvariantCulture, $"lens sql on S3, cold, {files} files: {requests} requests for data, against one after the other"), lens.Seconds, alone, 0.2, 0);
    }

    private static Task<Measured> LensAsync(string bucket, string sql) => Measured.RunAsync("lens", ["sql", sql, "--bucket", $"s3://{bucket}", "-o", "csv"]);

    private static string Wide(int seed, int rows) =>
        $"SELECT range + {seed} * 1000000::BIGINT AS id, {string.Join(", ", Enumerable.Range(0, 39).Select(i => i % 2 == 0 ? $"hash(range + {i}, {seed}) % 1000000 AS c{i}" : $"'text ' || hash(range * {i}, {seed}) % 5000 AS c{i}"))} FROM range({rows})";

    // the chunks of the three columns, and the footers
    private static long Needed(IReadOnlyList<string> files)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        var list = string.Join(", ", files.Select(Sql.Literal));
        using var answer = connection.Query($"SELECT (SELECT sum(total_compressed_size) FROM parquet_metadata([{list}]) WHERE path_in_schema IN ('id', 'c3', 'c7'))::BIGINT + (SELECT sum(footer_size + 8) FROM parquet_file_metadata([{list}]))::BIGINT");
        answer.NextChunk();
        return (long)answer.GetValue(0, 0)!;
    }

    // staging takes the files away: copies stay here, to be looked into
    private static async Task<IReadOnlyList<string>> WriteAsync(IObjectStore store, WorkFolder folder, TableLocation location, IReadOnlyList<(DateOnly? Day, string Select)> files)
    {
        var context = new RunContext(store, WritingTool.Pipe, location.Table, "bench 0", TimeProvider.System);
        var session = await RunSession.StartAsync(context, default);
        using var database = Database.Open(new());
        using var connection = database.Connect();
        var (staged, paths) = (new List<StagedFile>(), new List<string>());
        DeltaSchema? schema = null;
        foreach (var (day, select) in files)
        {
            var path = folder.File($"{location.Table}-{paths.Count}.parquet");
            var file = ParquetWriter.Write(connection, select, path, new());
            schema ??= file.Schema;
            var kept = path + ".kept";
            File.Copy(file.Path, kept);
            var name = DataFileName.New(location, session.RunId, paths.Count + 1, day);
            staged.Add(new(await store.StageAsync(location.KeyOf(name), session.RunId, file.Path, default), day is { } value ? DataFileName.PartitionValue(value) : null, file.Rows, file.Statistics));
            paths.Add(kept);
        }
        await session.CommitAsync([new(location, ChangeMode.Append, schema!, context.AppId, session.NextSequence, session.RunId) { Files = staged, PartitionColumns = files[0].Day is null ? [] : [DataFileName.PartitionColumn] }], Encoding.UTF8.GetBytes("{}"), default);
        return paths;
    }
}
