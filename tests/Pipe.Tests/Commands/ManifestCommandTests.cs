namespace Pipe.Tests.Commands;

/// <summary><c>pipe manifest</c>: the catalog is derived, so it can always be made anew.</summary>
public sealed class ManifestCommandTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    private string ManifestFile => Path.Combine(_lake.Folder, "lake/.dataspoc/manifest.json");

    [Theory]
    [InlineData("{ not json")]
    [InlineData("[]")]
    public async Task Rebuild_OfACorruptManifest_GivesWhatWasThere(string corrupt)
    {
        await TwoTablesAsync();
        var before = Tables(await File.ReadAllTextAsync(ManifestFile, TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(ManifestFile, corrupt, TestContext.Current.CancellationToken);
        var verify = await _lake.RunAsync("manifest verify --bucket $B");
        Assert.Equal(1, verify.ExitCode);
        Assert.Contains("pipe manifest rebuild", verify.Error, StringComparison.Ordinal);
        await _lake.DoAsync("manifest rebuild --bucket $B");
        Assert.Equal(before, Tables(await File.ReadAllTextAsync(ManifestFile, TestContext.Current.CancellationToken)));
        await _lake.DoAsync("manifest verify --bucket $B");
    }

    [Fact]
    public async Task Verify_AfterAChange_NamesTheTable()
    {
        await TwoTablesAsync();
        var text = await File.ReadAllTextAsync(ManifestFile, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(ManifestFile, text.Replace("\"total_rows\": 1", "\"total_rows\": 7", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var verify = await _lake.RunAsync("manifest verify --bucket $B");
        Assert.Equal(1, verify.ExitCode);
        Assert.Contains("shop/orders", verify.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ListsTheTables()
    {
        await TwoTablesAsync();
        var shown = await _lake.DoAsync("manifest show --bucket $B -o csv");
        Assert.Equal(["table,rows,files,bytes,snapshot,last_extraction", "raw.shop_items,2", "raw.shop_orders,1"], shown.Output.TrimEnd().Split('\n').Select((line, i) => i == 0 ? line : string.Join(',', line.Split(',').Take(2))));
    }

    [Fact]
    public async Task Ingest_IntoABucketOfVersion2_NamesBothVersions()
    {
        await TwoTablesAsync();
        await File.WriteAllTextAsync(ManifestFile, """{"version": "2.0", "tables": {}}""", TestContext.Current.CancellationToken);
        _lake.Write("more.csv", "id\n3\n");
        var run = await _lake.RunAsync("ingest ./more.csv --to $B --table shop/orders");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("2.0", run.Error, StringComparison.Ordinal);
        Assert.Contains("1.", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _lake.SnapshotAsync("shop", "orders"))!.Version);
    }

    private static string Tables(string manifest) => manifest[manifest.IndexOf("\"tables\"", StringComparison.Ordinal)..];

    private async Task TwoTablesAsync()
    {
        _lake.Write("orders.csv", "id\n1\n");
        _lake.Write("items.csv", "id\n1\n2\n");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
        await _lake.DoAsync("ingest ./items.csv --to $B --table shop/items");
    }
}
