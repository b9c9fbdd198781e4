using System.Globalization;
using System.Text.Json;
using Xunit;

namespace EndToEnd.Tests.Quickstart;

/// <summary>The commands of the first minute, typed by the script that a new user runs.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task Quickstart_RunTwice_EndsWithTheSameTablesAndANewModelThatHasLearnt()
    {
        using var folder = new TemporaryFolder();
        var first = await TourAsync(folder.Path);
        var holdout = TrainedModel(first, version: 1);
        Assert.InRange(holdout, 0.75, 0.99);

        var second = await TourAsync(folder.Path);
        Assert.Equal(holdout, TrainedModel(second, version: 2));
        Assert.Equal(
            """{"parcels":6000,"deliveries":6000,"delivered":true,"open":true,"predicted":true,"probabilities":true}""",
            (await QueryAsync(folder.Path,
                """
                select (select count(*) from raw.parcels_parcels) as parcels, (select count(*) from raw.parcels_deliveries) as deliveries,
                    (select count(*) from curated.parcels_deliveries) = (select count(late) from raw.parcels_deliveries) as delivered,
                    (select count(*) from curated.parcels_open) = 6000 - (select count(late) from raw.parcels_deliveries) as open,
                    (select count(*) from predictions.late) = (select count(*) from curated.parcels_open) as predicted,
                    (select min(probability) >= 0 and max(probability) <= 1 and max(probability) > min(probability) from predictions.late) as probabilities
                """)).Trim());
    }

    [Fact]
    public async Task Tap_PipedIntoIngest_FillsTheTablesOfTheNetwork()
    {
        using var folder = new TemporaryFolder();
        var tap = await ToolProcess.RunAsync("platform", ["mock", "tap", "--rows", "2000", "-q"], folder: folder.Path);
        Assert.True(tap.ExitCode == 0, tap.ToString());
        var ingest = await ToolProcess.RunAsync("pipe", ["ingest", "-", "--source", "net", "--to", "./lake"], folder: folder.Path, input: tap.Output);
        Assert.True(ingest.ExitCode == 0, ingest.ToString());
        Assert.Equal(
            """{"locations":8,"deliveries":2000,"all_matched":true,"typed":true}""",
            (await QueryAsync(folder.Path,
                """
                select (select count(*) from raw.net_locations) as locations, count(*) as deliveries, bool_and(p.origin_id is not null) as all_matched,
                    bool_and(d.late is null or d.late = (d.delivered_at > d.promised_at)) as typed
                from raw.net_deliveries as d left join raw.net_parcels as p using (parcel_id)
                """)).Trim());
    }

    private static async Task<string> TourAsync(string folder)
    {
        var tour = await ToolProcess.RunAsync(Script(), ["--rows", "6000", "--tools", AppContext.BaseDirectory], folder: folder);
        Assert.True(tour.ExitCode == 0, tour.ToString());
        Assert.Contains("\n$ lens sql \"select * from predictions.late limit 5\" --bucket ./lake\n", tour.Output, StringComparison.Ordinal);
        return tour.Output;
    }

    /// <summary>The figure on rows that were not learned from, as `ml train` printed it in CSV.</summary>
    private static double TrainedModel(string output, int version)
    {
        var lines = output.Split('\n');
        var header = Array.FindIndex(lines, l => l.StartsWith("model,version,task,metric,holdout", StringComparison.Ordinal));
        Assert.True(header > 0, output);
        var values = lines[header + 1].Split(',');
        Assert.Equal(["late", version.ToString(CultureInfo.InvariantCulture), "binary", "auc"], values[..4]);
        return double.Parse(values[4], CultureInfo.InvariantCulture);
    }

    private static async Task<string> QueryAsync(string folder, string sql)
    {
        var run = await ToolProcess.RunAsync("lens", ["sql", sql, "--bucket", "./lake", "-o", "ndjson", "-q"], folder: folder);
        Assert.True(run.ExitCode == 0, run.ToString());
        JsonDocument.Parse(run.Output).Dispose();
        return run.Output;
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "platform", "quickstart");
            if (File.Exists(script))
                return script;
        }
        throw new InvalidOperationException("platform/quickstart is not above the tests");
    }
}
