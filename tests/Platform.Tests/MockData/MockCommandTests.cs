using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Platform.Tests.MockData;

public sealed class MockCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Mock_WithTheSameSeed_WritesTheSameBytes()
    {
        foreach (var format in new[] { "csv", "ndjson" })
        {
            await RunAsync("mock", "--rows", "5000", "--seed", "7", "--format", format, "--out", "a");
            await RunAsync("mock", "--rows", "5000", "--seed", "7", "--format", format, "--out", "b");
            await RunAsync("mock", "--rows", "5000", "--seed", "8", "--format", format, "--out", "c");
            foreach (var table in new[] { "locations", "parcels", "deliveries" })
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
        Assert.Equal("locations 3cef5d5bf70c parcels 9f1d45899004 deliveries 4205650cbc83", string.Join(' ', new[] { "locations", "parcels", "deliveries" }.Select(t => $"{t} {Hash($"a/{t}.csv")[..12]}")));
    }

    [Fact]
    public async Task Mock_SaysWhatItWrote()
    {
        var output = await RunAsync("mock", "--rows", "100", "--out", "a", "-q", "-o", "ndjson");
        var rows = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["a/locations.csv", "a/parcels.csv", "a/deliveries.csv"], rows.Select(r => r.GetProperty("file").GetString()));
        Assert.Equal([8, 100, 100], rows.Select(r => r.GetProperty("rows").GetInt32()));
        Assert.Equal(["deliveries.csv", "locations.csv", "parcels.csv"], _folder.GetDirectories("a")[0].GetFiles().Select(f => f.Name).Order());
    }

    [Fact]
    public async Task Tap_WritesTheRecordsOfTheFilesAsSingerMessages()
    {
        await RunAsync("mock", "--rows", "300", "--format", "ndjson", "--out", "a");
        var messages = (await RunAsync("mock", "tap", "--rows", "300")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        foreach (var table in new[] { "locations", "parcels", "deliveries" })
        {
            var records = messages.Where(m => Type(m) == "RECORD" && m.GetProperty("stream").GetString() == table).Select(m => m.GetProperty("record").GetRawText());
            Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, $"a/{table}.ndjson"), Cancel), records);
            var schema = Assert.Single(messages, m => Type(m) == "SCHEMA" && m.GetProperty("stream").GetString() == table);
            Assert.Equal(1, schema.GetProperty("key_properties").GetArrayLength());
        }
        Assert.Equal("STATE", Type(messages[^1]));
        Assert.Equal(300, messages[^1].GetProperty("value").GetProperty("bookmarks").GetProperty("deliveries").GetProperty("delivery_id").GetInt32());
    }

    [Fact]
    public async Task Tap_WithAState_LeavesOutWhatWasTaken()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "state.json"), """{"bookmarks":{"deliveries":{"delivery_id":295}}}""", Cancel);
        var messages = (await RunAsync("mock", "tap", "--rows", "300", "--state", "state.json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(10, messages.Count(m => Type(m) == "RECORD" && m.GetProperty("stream").GetString() != "locations"));
    }

    [Theory]
    [InlineData("mock --rows 0", "`--rows 0` is not from 1 to 100 000 000 000")]
    [InlineData("mock --rows 5 --scale 2", "`--rows` and `--scale` both say how many parcels there are")]
    [InlineData("mock --scale -1", "`--scale` must be above 0 and make at most 100 000 000 000 parcels")]
    [InlineData("mock --days 0", "`--days 0` is not from 1 to 3650")]
    [InlineData("mock --until tomorrow", "`--until tomorrow` is not a date from 1990 to 2200")]
    [InlineData("mock --format xlsx", "`--format` takes csv or ndjson, not `xlsx`")]
    [InlineData("mock tap --state missing.json", "the state cannot be read")]
    [InlineData("mock tap --state wrong.json", "the state is not one that this tap wrote")]
    [InlineData("mock --rows 5 --out wrong.json/x", "mock data cannot be written")]
    public async Task Mock_WithAWrongValue_SaysWhichAndLeavesNothing(string line, string what)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "wrong.json"), "[]]", Cancel);
        var (exit, output, error) = await PlatformProcess.RunAsync(_folder.FullName, Cancel, line.Split(' '));
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.True(exit is 1 or 2 && output.Length == 0, error);
        Assert.Single(_folder.EnumerateFileSystemInfos());
    }

    private async Task<string> RunAsync(params string[] args)
    {
        var (exit, output, error) = await PlatformProcess.RunAsync(_folder.FullName, Cancel, args);
        Assert.True(exit == 0, error);
        return output;
    }

    private static string? Type(JsonElement message) => message.GetProperty("type").GetString();

    private string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder.FullName, file))));
}
