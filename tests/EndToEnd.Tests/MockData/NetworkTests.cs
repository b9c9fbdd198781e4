using System.Globalization;
using System.Text.Json;
using EndToEnd.Tests.Architecture;
using Xunit;

namespace EndToEnd.Tests.MockData;

/// <summary>The mock network through the whole lake: what went wrong on purpose ends where it belongs, and what can be learned is learned.</summary>
public sealed class NetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SimulatedDays_OfFiles_EndWhereTheyBelong_AndModelsBeatTheirBaselinesByTheStatedMargins()
    {
        var lake = Lake.In(_folder);
        foreach (var file in Directory.GetFiles(Path.Combine(Sources.Root, "platform", "sample"), "*", SearchOption.AllDirectories))
            _folder.Write(Path.Combine("project", Path.GetRelativePath(Path.Combine(Sources.Root, "platform", "sample"), file)), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        string[] ingest = ["ingest", "--all", "--project", Path.Combine(_folder.Path, "project"), "--to", lake.Bucket];
        await lake.DoAsync("platform", "mock", "--rows", "20000", "--seed", "3", "-q");
        await lake.DoAsync("pipe", ingest);
        await lake.DoAsync("platform", "mock", "simulate", "--days", "7", "--late", "0.1", "--corrections", "0.1", "--dirty", "0.1", "--new-column-every", "2", "-q");
        await lake.DoAsync("pipe", ingest);

        var changes = Directory.GetFiles(Path.Combine(_folder.Path, "mock"), "changes-*.ndjson").SelectMany(File.ReadLines).Select(l => JsonDocument.Parse(l).RootElement).ToLookup(c => c.GetProperty("kind").GetString());
        foreach (var (table, key) in new[] { ("parcels", "parcel_id"), ("deliveries", "delivery_id") })
        {
            // all dirty records, and nothing else
            var dirty = Of(changes["dirty"], table, static c => $"{c.GetProperty("key").GetInt64()},{c.GetProperty("column").GetString()}").Order(StringComparer.Ordinal).ToList();
            Assert.True(dirty.Count > 10);
            Assert.Equal(dirty, (await lake.RowsAsync($"select (record->>'{key}') || ',' || regexp_extract(reason, '`([a-z_]+)`', 1) as d from quarantine.parcels_{table}")).Split('\n').Select(static r => r.Trim('"')).Order(StringComparer.Ordinal));
            // late rows have come, and each key once
            var late = Of(changes["late"], table, static c => c.GetProperty("key").GetInt64().ToString(CultureInfo.InvariantCulture)).ToList();
            Assert.True(late.Count > 10);
            Assert.Equal(late.Count.ToString(CultureInfo.InvariantCulture), await lake.RowsAsync($"select count(*) from raw.parcels_{table} where {key} in ({string.Join(',', late)})"));
            Assert.Equal("0", await lake.RowsAsync($"select count(*) - count(distinct {key}) from raw.parcels_{table}"));
        }
        var corrected = Of(changes["corrected"], "deliveries", static c => $"({c.GetProperty("key").GetInt64()}, {c.GetProperty("value").GetString()})").ToList();
        Assert.True(corrected.Count > 10);
        Assert.Equal("0", await lake.RowsAsync($"select count(*) from (values {string.Join(',', corrected)}) as c(id, km) left join raw.parcels_deliveries as d on d.delivery_id = c.id where d.distance_km is distinct from c.km"));
        Assert.Equal("true,true,true", await lake.RowsAsync("select (select count(proof) > 0 from raw.parcels_deliveries), (select count(co2_grams) > 0 from raw.parcels_parcels), (select count(attempts) > 0 from raw.parcels_deliveries)"));
        await IsTheTruthAsync(lake, 7);

        await lake.DoAsync("pipe", "transform", "--project", Path.Combine(_folder.Path, "project"), "--to", lake.Bucket);
        await BeatsAsync(lake, "curated.parcels_deliveries", "late", margin: 0.3);
        await BeatsAsync(lake, "curated.parcels_churn", "churned", margin: 0.1);
    }

    [Fact]
    public async Task Tap_AsPipesSource_BringsTheNetworkThenOnlyTheNewDays_AndItsDirtToQuarantine()
    {
        var lake = Lake.In(_folder) with { Environment = new Dictionary<string, string?> { ["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}" } };
        void Pipeline(int days) => _folder.Write("pipelines/net.yaml", $$"""
            source: {tap: platform mock tap, name: parcels, config: {rows: 5000, seed: 3, simulate_days: {{days}}, late: 0.1, corrections: 0.1, dirty: 0.1, new_column_every: 2} }
            destination: {bucket: '{{lake.Bucket}}'}
            incremental: {enabled: true}
            tables: {"*": {mode: merge, schema: {types: quarantine} } }
            """);
        Pipeline(3);
        string[] ingest = ["ingest", "net", "--project", _folder.Path];
        Assert.Equal(5, (await lake.DoAsync("pipe", "discover", "net", "--project", _folder.Path, "-o", "ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        // streams are selected in the tap's own catalog
        var other = lake with { Bucket = $"file://{_folder.Path}/other" };
        await other.DoAsync("pipe", [.. ingest, "--streams", "locations", "--to", other.Bucket]);
        Assert.Equal(("13", 1), (await other.RowsAsync("select count(*) from raw.parcels_locations"), Directory.GetDirectories(Path.Combine(other.Path, "raw/parcels")).Length));
        await lake.DoAsync("pipe", ingest);
        Assert.Equal("13,200,15756", await lake.RowsAsync("select (select count(*) from raw.parcels_locations), (select count(*) from raw.parcels_customers where joined_on < '2026-11-01'), (select count(*) from raw.parcels_occupancy)"));

        Pipeline(6);
        await lake.DoAsync("pipe", ingest);
        var log = JsonDocument.Parse(await lake.DoAsync("pipe", "logs", "net", "--project", _folder.Path, "-o", "json")).RootElement;
        Assert.True(log[0].GetProperty("rows").GetInt64() < 1000, log.ToString());
        await IsTheTruthAsync(lake, 6);
        await lake.DoAsync("platform", "mock", "--rows", "5000", "--seed", "3", "-q");
        await lake.DoAsync("platform", "mock", "simulate", "--days", "6", "--late", "0.1", "--corrections", "0.1", "--dirty", "0.1", "--new-column-every", "2", "-q");
        var dirty = Directory.GetFiles(Path.Combine(_folder.Path, "mock"), "changes-*.ndjson").SelectMany(File.ReadLines).Count(static l => l.Contains("\"dirty\"", StringComparison.Ordinal));
        Assert.Equal(dirty.ToString(CultureInfo.InvariantCulture), await lake.RowsAsync("select (select count(*) from quarantine.parcels_parcels) + (select count(*) from quarantine.parcels_deliveries)"));

        var state = await File.ReadAllTextAsync(Path.Combine(lake.Path, ".dataspoc/state/net/state.json"), TestContext.Current.CancellationToken);
        Assert.All(JsonDocument.Parse(state).RootElement.GetProperty("bookmarks").EnumerateObject(), static b => Assert.Equal("2026-11-06", b.Value.GetProperty("day").GetString()));
        Assert.Contains("0 rows", (await lake.RunAsync("pipe", ingest)).Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Of(IEnumerable<JsonElement> changes, string table, Func<JsonElement, string> what) => changes.Where(c => c.GetProperty("table").GetString() == table).Select(what);

    /// <summary>Every delivery that has come stands there as it is in the evening of the last day; the only ones missing are still held back.</summary>
    private static async Task IsTheTruthAsync(Lake lake, int days) => Assert.Equal("true,true,true", await lake.RowsAsync($"""
        select bool_and(late is not distinct from (delivered_at > promised_at)), bool_and(delivered_at is null or delivered_at <= timestamptz '2026-11-01' + interval {days} day),
            count(*) filter (where delivered_at is not null and picked_up_at < timestamptz '2026-10-25') = count(*) filter (where picked_up_at < timestamptz '2026-10-25') from raw.parcels_deliveries
        """));

    /// <summary>Three sets of parameters are tried, whatever the machine: the same figures everywhere.</summary>
    private static async Task BeatsAsync(Lake lake, string table, string target, double margin)
    {
        var trained = JsonDocument.Parse(await lake.DoAsync("ml", "train", "--from", table, "--target", target, "--bucket", lake.Bucket, "--trials", "3", "--rounds", "200", "-o", "ndjson", "-q")).RootElement;
        Assert.True(trained.GetProperty("holdout").GetDouble() >= trained.GetProperty("baseline").GetDouble() + margin, trained.ToString());
    }
}
