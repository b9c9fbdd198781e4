using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Platform.Tests.MockData;

public sealed class MockCommandTests : IDisposable
{
    private static readonly string[] Tables = ["locations", "customers", "parcels", "deliveries", "occupancy"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Mock_WithTheSameSeed_WritesTheSameBytes()
    {
        foreach (var format in new[] { "csv", "ndjson", "parquet" })
        {
            await RunAsync("mock", "--rows", "5000", "--seed", "7", "--format", format, "--out", "a");
            await RunAsync("mock", "--rows", "5000", "--seed", "7", "--format", format, "--out", "b");
            await RunAsync("mock", "--rows", "5000", "--seed", "8", "--format", format, "--out", "c");
            foreach (var table in Tables)
            {
                Assert.Equal(Hash($"a/{table}.{format}"), Hash($"b/{table}.{format}"));
                Assert.NotEqual(Hash($"a/{table}.{format}"), Hash($"c/{table}.{format}"));
            }
        }
    }

    [Fact]
    public async Task Mock_OfASeed_StaysTheSameFromReleaseToRelease()
    {
        await RunAsync("mock", "--rows", "1000", "--seed", "1", "--out", "a");
        Assert.Equal("locations 3cef5d5bf70c customers 05eafc5515ab parcels 8f8ad1a809e1 deliveries 4131d594e017 occupancy 9658db3b81f6", string.Join(' ', Tables.Select(t => $"{t} {Hash($"a/{t}.csv")[..12]}")));
    }

    [Fact]
    public async Task Mock_SaysWhatItWrote()
    {
        var output = await RunAsync("mock", "--rows", "100", "--out", "a", "-q", "-o", "ndjson");
        var rows = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["a/locations.csv", "a/customers.csv", "a/parcels.csv", "a/deliveries.csv", "a/occupancy.csv"], rows.Select(r => r.GetProperty("file").GetString()));
        Assert.Equal([8, 20, 100, 100, 9600], rows.Select(r => r.GetProperty("rows").GetInt32()));
        Assert.Equal(["customers.csv", "deliveries.csv", "locations.csv", "mock.json", "occupancy.csv", "parcels.csv"], _folder.GetDirectories("a")[0].GetFiles().Select(f => f.Name).Order());
    }

    [Theory]
    [InlineData("mock --rows 0", "`--rows 0` is not from 1 to 100 000 000 000")]
    [InlineData("mock --rows 5 --scale 2", "`--rows` and `--scale` both say how many parcels there are")]
    [InlineData("mock --scale -1", "`--scale` must be above 0 and make at most 100 000 000 000 parcels")]
    [InlineData("mock --days 0", "`--days 0` is not from 1 to 3650")]
    [InlineData("mock --until tomorrow", "`--until tomorrow` is not a date from 1990 to 2200")]
    [InlineData("mock --format xlsx", "`--format` takes csv, ndjson or parquet, not `xlsx`")]
    [InlineData("mock --replace", "`--replace` is for tables of a database; files are always replaced")]
    [InlineData("mock --to mysql://db/shop", "`--to` takes the address of a PostgreSQL database")]
    [InlineData("mock --to postgres://ann:s3cr3t@db/shop", "the address of `--to` holds a password, which everybody on this machine can see")]
    [InlineData("mock --to postgres://ann@db", "the address of `--to` names no database")]
    [InlineData("mock --to postgres://ann@db/shop?sslmode=require", "the address of `--to` has options, which are not known here")]
    [InlineData("mock --to postgres://ann@db/shop --format csv", "`--format` is for files, `--to` for a database")]
    [InlineData("mock --to postgres://ann@127.0.0.1:1/shop", "PostgreSQL does not take the mock data")]
    [InlineData("mock --rows 5 --out wrong.json/x", "mock data cannot be written")]
    public async Task Mock_WithAWrongValue_SaysWhichAndLeavesNothing(string line, string what)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "wrong.json"), "[]]", Cancel);
        var (exit, output, error) = await PlatformProcess.RunAsync(_folder.FullName, Cancel, line.Split(' '));
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error, StringComparison.Ordinal);
        Assert.True(exit is 1 or 2 && output.Length == 0, error);
        Assert.Single(_folder.EnumerateFileSystemInfos());
    }

    private async Task<string> RunAsync(params string[] args)
    {
        var (exit, output, error) = await PlatformProcess.RunAsync(_folder.FullName, Cancel, args);
        Assert.True(exit == 0, error);
        return output;
    }

    private string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder.FullName, file))));
}
