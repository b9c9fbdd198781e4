using DataSpoc.Tests;
using Xunit;

namespace EndToEnd.Tests.BadInput;

/// <summary>Buckets that are not there, are of another contract, or are damaged.</summary>
public sealed class BucketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public BucketTests() => _lake = Lake.In(_folder);

    public void Dispose() => _folder.Dispose();

    private string Manifest => Path.Combine(_lake.Path, ".dataspoc", "manifest.json");

    [Fact]
    public async Task BucketThatDoesNotExist_OnS3_IsNamedByEveryTool()
    {
        var server = TestServers.S3();
        var none = new Lake($"s3://no-{Guid.NewGuid():N}", _folder.Path, server.EnvironmentOf(server.Alice));
        await EveryToolSaysAsync(none, 1, $"bucket `{none.Bucket}` does not exist", "hint: ");
        _folder.Write("a.csv", "id\n1\n");
        await none.FailsAsync(1, [$"bucket `{none.Bucket}` does not exist", "hint: "], "pipe", "ingest", "./a.csv", "--to", none.Bucket, "--table", "shop/orders");
    }

    [Fact]
    public async Task BucketThatDoesNotExist_OnFile_IsNamedByTheReaders_AndNotMade()
    {
        await EveryToolSaysAsync(_lake, 1, $"bucket `{_lake.Bucket}` does not exist", "hint: ");
        Assert.False(Directory.Exists(_lake.Path));
    }

    [Fact]
    public async Task ManifestOfVersion2_IsRefusedNamingBothVersions_AndNothingIsWritten()
    {
        await _lake.IngestAsync(_folder.Write("a.csv", "id\n1\n"), "shop/orders");
        await File.WriteAllTextAsync(Manifest, (await File.ReadAllTextAsync(Manifest, Cancel)).Replace("\"version\": \"1.1\"", "\"version\": \"2.0\"", StringComparison.Ordinal), Cancel);
        var before = Data();
        string[] says = ["is of version 2.0, and this tool reads 1.x (it writes 1.1)", "hint: install a version"];
        await _lake.FailsAsync(3, says, "lens", "sql", "select * from raw.shop_orders", "--bucket", _lake.Bucket);
        await _lake.FailsAsync(3, says, "pipe", "manifest", "show", "--bucket", _lake.Bucket);
        await _lake.FailsAsync(3, says, "pipe", "manifest", "rebuild", "--bucket", _lake.Bucket);
        await _lake.FailsAsync(3, says, "pipe", "ingest", _folder.Write("b.csv", "id\n2\n"), "--to", _lake.Bucket, "--table", "shop/orders");
        await _lake.FailsAsync(3, says, "pipe", "ingest", _folder.Write("b.csv", "id\n2\n"), "--to", _lake.Bucket, "--table", "shop/more");
        Assert.Equal(before, Data());
    }

    [Fact]
    public async Task CorruptManifest_IsNamed_AndRebuiltAsTheHintSays()
    {
        await _lake.IngestAsync(_folder.Write("a.csv", "id\n1\n"), "shop/orders");
        var whole = await File.ReadAllTextAsync(Manifest, Cancel);
        await File.WriteAllTextAsync(Manifest, whole[..(whole.Length / 2)], Cancel);
        var before = Data();
        string[] says = [$"the manifest `{_lake.Bucket}/.dataspoc/manifest.json` is corrupt", "hint: it is derived from the tables: `pipe manifest rebuild` makes it anew"];
        await _lake.FailsAsync(1, says, "lens", "sql", "show all tables", "--bucket", _lake.Bucket);
        await _lake.FailsAsync(1, says, "pipe", "manifest", "verify", "--bucket", _lake.Bucket);
        await _lake.FailsAsync(1, says, "pipe", "ingest", _folder.Write("b.csv", "id\n2\n"), "--to", _lake.Bucket, "--table", "shop/orders");
        Assert.Equal(before, Data());

        await _lake.DoAsync("pipe", "manifest", "rebuild", "--bucket", _lake.Bucket);
        await _lake.DoAsync("pipe", "manifest", "verify", "--bucket", _lake.Bucket);
        await _lake.IngestAsync("./b.csv", "shop/orders");
        Assert.Equal("1\n2", await _lake.RowsAsync("select id from raw.shop_orders order by id"));
    }

    [Fact]
    public async Task CorruptLogEntry_IsNamed_AndOtherTablesStayReadable()
    {
        await _lake.IngestAsync(_folder.Write("a.csv", "id\n1\n"), "shop/orders");
        await _lake.IngestAsync("./a.csv", "shop/items");
        var entry = Path.Combine(_lake.Path, "raw/shop/orders/_delta_log/00000000000000000000.json");
        var lines = await File.ReadAllLinesAsync(entry, Cancel);
        await File.WriteAllTextAsync(entry, $"{lines[0]}\n{{\"add\": garbage\n", Cancel);
        string[] says = ["the Delta log entry `", "raw/shop/orders/_delta_log/00000000000000000000.json` is corrupt", ".json, line 2", "hint: "];
        await _lake.FailsAsync(1, says, "lens", "sql", "select * from raw.shop_orders", "--bucket", _lake.Bucket);
        await _lake.FailsAsync(1, says, "pipe", "ingest", _folder.Write("b.csv", "id\n2\n"), "--to", _lake.Bucket, "--table", "shop/orders");
        await _lake.FailsAsync(1, says, "pipe", "manifest", "verify", "--bucket", _lake.Bucket);
        Assert.Equal("1", await _lake.RowsAsync("select id from raw.shop_items"));

        await File.WriteAllLinesAsync(entry, lines, Cancel);
        await _lake.IngestAsync("./b.csv", "shop/orders");
        Assert.Equal("1\n2", await _lake.RowsAsync("select id from raw.shop_orders order by id"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task EveryToolSaysAsync(Lake lake, int code, params string[] says)
    {
        await lake.FailsAsync(code, says, "lens", "sql", "select * from raw.shop_orders", "--bucket", lake.Bucket);
        await lake.FailsAsync(code, says, "ml", "train", "--from", "raw.shop_orders", "--target", "late", "--bucket", lake.Bucket);
        await lake.FailsAsync(code, says, "ml", "predict", "--model", "late", "--from", "raw.shop_orders", "--bucket", lake.Bucket);
        await lake.FailsAsync(code, says, "pipe", "manifest", "show", "--bucket", lake.Bucket);
    }

    // all that is of tables and bookmarks; what a failed run leaves is its log
    private List<string> Data() => [.. Directory.GetFiles(_lake.Path, "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/.dataspoc/logs/", StringComparison.Ordinal) && !file.Contains("/.dataspoc/locks/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
