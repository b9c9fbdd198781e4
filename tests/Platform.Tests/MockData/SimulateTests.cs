using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Platform.Tests.MockData;

/// <summary><c>platform mock simulate</c>: days that are added to a folder.</summary>
public sealed class SimulateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--days 0", "`--days 0` is not from 1 to 3650")]
    [InlineData("--late 1.5", "`--late 1.5` is not a share from 0 to 1")]
    [InlineData("--dirty -0.1", "`--dirty -0.1` is not a share from 0 to 1")]
    [InlineData("--corrections NaN", "`--corrections NaN` is not a share from 0 to 1")]
    [InlineData("--new-column-every -1", "`--new-column-every -1` is not from 0 to 3650 days")]
    [InlineData("--out nowhere", "there is no mock data to go on with")]
    [InlineData("--out broken", "this is not a file that `platform mock` wrote")]
    [InlineData("--out other", "this is not a file that `platform mock` wrote")]
    [InlineData("--out parquet --dirty 0.1", "a Parquet file has types, so it cannot hold a broken record")]
    public async Task Simulate_OfWhatItCannot_SaysSoAndWritesNothing(string options, string what)
    {
        await RunAsync("mock", "--rows", "50");
        await RunAsync("mock", "--rows", "50", "--out", "parquet", "--format", "parquet");
        foreach (var (name, text) in new[] { ("broken", "{"), ("other", """{"format":"csv","seed":1,"parcels":-5,"days":300,"until":"2026-11-01"}""") })
            await File.WriteAllTextAsync(Path.Combine(_folder.CreateSubdirectory(name).FullName, "mock.json"), text, TestContext.Current.CancellationToken);
        var before = Listing();
        var run = await PlatformRun.OfAsync(_folder.FullName, ["mock", "simulate", .. options.Split(' ')]);
        Assert.Equal((2, ""), (run.Exit, run.Out));
        Assert.Contains(what, run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Listing());
    }

    [Fact]
    public async Task Simulate_InOneRunOrInSeveral_WritesTheSameBytes()
    {
        // large enough in CSV for a parcel that came late to arrive on the same day as one that did not
        foreach (var (format, parcels) in new[] { ("csv", "20000"), ("ndjson", "3000"), ("parquet", "3000") })
        {
            foreach (var folder in new[] { "once", "twice" })
                await RunAsync("mock", "--rows", parcels, "--days", "100", "--seed", "7", "--format", format, "--out", folder);
            await RunAsync("mock", "simulate", "--days", "5", "--out", "once", "--late", "0.6");
            await RunAsync("mock", "simulate", "--days", "2", "--out", "twice", "--late", "0.6");
            await RunAsync("mock", "simulate", "--days", "3", "--out", "twice", "--late", "0.6");
            var once = Listing("once");
            Assert.Equal(once, Listing("twice"));
            Assert.Contains(once, f => f.StartsWith($"deliveries-2026-11-05.{format} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Simulate_WithNothingWrong_GivesByKeyTheSameAsANetworkOfMoreDays()
    {
        // the base ends earlier, its simulated days end with the other's last: the newest row of each key is what is known then
        await RunAsync("mock", "--rows", "3000");
        await RunAsync("mock", "simulate", "--days", "6", "--late", "0", "--corrections", "0", "--dirty", "0", "--new-column-every", "0");
        var truth = new DataSpoc.Platform.MockData.Network.Simulation(new(1, 3000, 300, new(2026, 11, 1)) { MoreDays = 6 });
        var expected = Enumerable.Range(0, 306).SelectMany(truth.OfDay).Select(d => d.AsOf(new(2026, 11, 7, 0, 0, 0, DateTimeKind.Utc)))
            .Select(d => FormattableString.Invariant($"{d.Parcel.Id},{d.DeliveredAt:yyyy-MM-dd'T'HH:mm:ss'Z'},{d.DistanceKm:F1},{d.Late?.ToString().ToLowerInvariant()}"));
        Assert.Equal(expected, Merged("mock", "deliveries").Select(r => $"{r["delivery_id"]},{r["delivered_at"]},{r["distance_km"]},{r["late"]}"));
    }

    [Fact]
    public async Task Simulate_SaysExactlyWhatItWrote()
    {
        await RunAsync("mock", "--rows", "20000");
        var said = (await RunAsync("mock", "simulate", "--days", "7", "--late", "0.05", "--corrections", "0.05", "--dirty", "0.05", "--new-column-every", "2", "-o", "ndjson"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)
            .ToDictionary(r => $"{r.GetProperty("kind").GetString()} {r.GetProperty("table").GetString()}", r => r.GetProperty("rows").GetInt64());
        var changes = Directory.GetFiles(In("mock"), "changes-*.ndjson").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        foreach (var kind in new[] { "late", "corrected", "dirty", "new_column" })
        {
            foreach (var table in new[] { "parcels", "deliveries" })
                Assert.Equal(said.GetValueOrDefault($"{kind} {table}"), changes.Count(c => c.GetProperty("kind").GetString() == kind && c.GetProperty("table").GetString() == table));
        }
        Assert.True(said["late parcels"] > 0 && said["corrected deliveries"] > 0 && said["dirty parcels"] > 0 && said["dirty deliveries"] > 0);
        Assert.Equal((2, 1), (said["new_column deliveries"], said["new_column parcels"]));

        // as many rows of each kind as are in the files
        foreach (var table in new[] { "customers", "parcels", "deliveries", "occupancy" })
            Assert.Equal(Directory.GetFiles(In("mock"), $"{table}-*.csv").Sum(f => File.ReadLines(f).Count() - 1), said.Where(s => s.Key.EndsWith(" " + table, StringComparison.Ordinal) && !s.Key.StartsWith("new_column", StringComparison.Ordinal)).Sum(s => s.Value));
        var dirty = changes.Where(c => c.GetProperty("kind").GetString() == "dirty").Select(c => (Table: c.GetProperty("table").GetString()!, Column: c.GetProperty("column").GetString()!, Value: c.GetProperty("value").GetString()!)).ToList();
        Assert.True(dirty.Select(d => d.Column).Distinct().Count() >= 5);
        foreach (var (table, column, value) in dirty.Distinct())
            Assert.Equal(dirty.Count(d => d == (table, column, value)), Rows("mock", table).Count(r => r[column] == value));

        // a correction is what stands last
        var merged = Merged("mock", "deliveries").ToDictionary(r => r["delivery_id"]);
        foreach (var corrected in changes.Where(c => c.GetProperty("kind").GetString() == "corrected"))
            Assert.Equal(corrected.GetProperty("value").GetString(), merged[corrected.GetProperty("key").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture)]["distance_km"]);
    }

    [Fact]
    public async Task Mock_IntoAFolderWithSimulatedDays_TakesThemAway()
    {
        await RunAsync("mock", "--rows", "500");
        await RunAsync("mock", "simulate", "--days", "2");
        await File.WriteAllTextAsync(In("mock/mine-2026-11-01.csv"), "kept", TestContext.Current.CancellationToken);
        await RunAsync("mock", "--rows", "400");
        Assert.Equal(["customers.csv", "deliveries.csv", "locations.csv", "mine-2026-11-01.csv", "mock.json", "occupancy.csv", "parcels.csv"], Directory.GetFiles(In("mock")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private async Task<string> RunAsync(params string[] args)
    {
        var run = await PlatformRun.OfAsync(_folder.FullName, args);
        Assert.True(run.Exit == 0, run.Error);
        return run.Out;
    }

    private string In(string path) => Path.Combine(_folder.FullName, path);

    /// <summary>Every file of a folder with a hash of its bytes.</summary>
    private List<string> Listing(string folder = "") => [.. Directory.GetFiles(In(folder), "*", SearchOption.AllDirectories)
        .Select(f => $"{Path.GetRelativePath(In(folder), f)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))}").Order(StringComparer.Ordinal)];

    /// <summary>The newest row of each key, without broken copies.</summary>
    private IEnumerable<Dictionary<string, string>> Merged(string folder, string table)
    {
        var rows = new SortedDictionary<long, Dictionary<string, string>>();
        foreach (var row in Rows(folder, table).Where(r => double.TryParse(r["distance_km"], System.Globalization.CultureInfo.InvariantCulture, out _)))
            rows[long.Parse(row[$"{table[..^3]}y_id"], System.Globalization.CultureInfo.InvariantCulture)] = row;
        return rows.Values;
    }

    /// <summary>The rows of a table's files, the oldest first; none of them holds a comma but broken ones, which are quoted.</summary>
    private IEnumerable<Dictionary<string, string>> Rows(string folder, string table)
    {
        foreach (var file in Directory.GetFiles(In(folder), $"{table}*.csv").OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal))
        {
            var lines = File.ReadAllLines(file);
            var names = lines[0].Split(',');
            foreach (var line in lines.Skip(1))
                yield return names.Zip(line.Replace("\"3,5 km\"", "3;5 km", StringComparison.Ordinal).Split(','), (n, v) => (n, v: v.Replace(';', ','))).ToDictionary(p => p.n, p => p.v);
        }
    }
}
