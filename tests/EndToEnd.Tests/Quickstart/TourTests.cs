using System.Globalization;
using System.Text.Json;
using DataSpoc.Tests;
using Xunit;

namespace EndToEnd.Tests.Quickstart;

/// <summary>The commands of the first minute, typed by the script that a new user runs.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task Quickstart_RunAgain_GoesOnAWeekLater_AndWritesNowhereButInItsFolder_AndWhatItSuggestsWorks()
    {
        using var folder = new TemporaryFolder();
        var (tour, home, temporary) = (Directory.CreateDirectory(Path.Combine(folder.Path, "tour")).FullName, Directory.CreateDirectory(Path.Combine(folder.Path, "home")).FullName, Directory.CreateDirectory(Path.Combine(folder.Path, "tmp")).FullName);
        var environment = new Dictionary<string, string?> { ["HOME"] = home, ["TMPDIR"] = temporary, ["XDG_CACHE_HOME"] = null, ["AWS_ENDPOINT_URL_S3"] = null };
        var clone = Listing(Path.GetDirectoryName(Script())!);
        var first = await TourAsync(tour, environment, "--rows", "6000");
        Assert.Contains("\n$ lens sql \"select * from predictions.late limit 5\" --bucket ./lake\n", first, StringComparison.Ordinal);
        Assert.InRange(TrainedModel(first, version: 1), 0.75, 0.99);
        Assert.Equal("6000,6000,true,true,true,true,true", await RowsAsync(tour, environment, Counts));
        var files = Listing(Path.Combine(tour, "lake", "raw"));

        var second = await TourAsync(tour, environment);
        Assert.Contains("The tour goes on: a week passes in ./mock", second, StringComparison.Ordinal);
        TrainedModel(second, version: 2);
        // what was there is there, but for the rows that came again; locations did not
        var after = Listing(Path.Combine(tour, "lake", "raw"));
        Assert.Equal(files.Where(static f => f.Contains("/locations/", StringComparison.Ordinal)), after.Where(static f => f.Contains("/locations/", StringComparison.Ordinal)));
        Assert.Contains("nothing new for `raw.parcels_locations`", second, StringComparison.Ordinal);
        Assert.EndsWith(",true,true,true,true,true", await RowsAsync(tour, environment, Counts), StringComparison.Ordinal);
        Assert.InRange(long.Parse((await RowsAsync(tour, environment, "select count(*) from raw.parcels_parcels")), CultureInfo.InvariantCulture), 6100, 6400);

        var five = Suggested(second);
        Assert.Equal(6, five.Count);
        await TypedAsync(string.Join('\n', five.Prepend("set -e")), tour, environment);
        Assert.Equal(["lake", "mock", "project"], Directory.GetFileSystemEntries(tour).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(home));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
        Assert.Equal(clone, Listing(Path.GetDirectoryName(Script())!));
    }

    [Fact]
    public async Task Quickstart_OnS3_MakesItsBucketOnTheServerThatTheEnvironmentNames_AndGoesOnThere()
    {
        var server = TestServers.S3();
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?>(server.EnvironmentOf(server.Alice)) { ["QUICKSTART_BUCKET"] = $"tour-{Guid.NewGuid():N}", ["HOME"] = Directory.CreateDirectory(Path.Combine(folder.Path, "home")).FullName, ["XDG_CACHE_HOME"] = null };
        var tour = Directory.CreateDirectory(Path.Combine(folder.Path, "tour")).FullName;
        Assert.Contains($"s3://{environment["QUICKSTART_BUCKET"]}", await TourAsync(tour, environment, "--rows", "1000", "--s3"), StringComparison.Ordinal);
        var again = await TourAsync(tour, environment, "--s3");
        Assert.Contains($"nothing to change: 1 bucket of `{environment["QUICKSTART_BUCKET"]}` is as declared", again, StringComparison.Ordinal);
        TrainedModel(again, version: 2);
        // a tour of somebody else on the same server leaves it alone
        var declared = await File.ReadAllTextAsync(Path.Combine(tour, "s3", "platform.yaml"), TestContext.Current.CancellationToken);
        folder.Write("other/platform.yaml", declared.Replace(environment["QUICKSTART_BUCKET"]!, $"tour-{Guid.NewGuid():N}", StringComparison.Ordinal));
        var plan = await ToolProcess.RunAsync("platform", ["plan", "--project", Path.Combine(folder.Path, "other")], environment, tour);
        Assert.Contains("plan: 1 to create, 0 to change, 0 to remove", plan.Output + plan.Error, StringComparison.Ordinal);
        await TypedAsync(Suggested(again)[0] + "\n" + Suggested(again)[^1], tour, environment);
        Assert.Equal(["mock", "project", "s3"], Directory.GetFileSystemEntries(tour).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(environment["HOME"]!));
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

    private static string Counts => """
        select (select count(*) from raw.parcels_parcels), (select count(*) from raw.parcels_deliveries),
            (select count(*) = count(distinct delivery_id) from raw.parcels_deliveries),
            (select count(*) from curated.parcels_deliveries) = (select count(late) from raw.parcels_deliveries),
            (select count(*) from curated.parcels_open) = (select count(*) - count(late) from raw.parcels_deliveries),
            (select count(*) from predictions.late) = (select count(*) from curated.parcels_open),
            (select min(probability) >= 0 and max(probability) <= 1 and max(probability) > min(probability) from predictions.late)
        """;

    private static async Task<string> TourAsync(string folder, IReadOnlyDictionary<string, string?> environment, params string[] options)
    {
        var tour = await ToolProcess.RunAsync(Script(), ["--tools", AppContext.BaseDirectory, .. options], environment, folder);
        Assert.True(tour.ExitCode == 0, tour.ToString());
        return tour.Output + tour.Error;
    }

    /// <summary>The commands that the tour ends with, as they are printed.</summary>
    private static List<string> Suggested(string output) =>
        [.. output[output.IndexOf("Five things to try:", StringComparison.Ordinal)..].Split('\n').Skip(1).TakeWhile(static l => l.Length == 0 || l.StartsWith("  ", StringComparison.Ordinal)).Select(static l => l.Trim()).Where(static l => l.Length > 0 && l[0] != '#')];

    private static async Task TypedAsync(string commands, string folder, IReadOnlyDictionary<string, string?> environment)
    {
        var typed = await ToolProcess.RunAsync("/bin/bash", ["-o", "pipefail", "-c", commands], environment, folder);
        Assert.True(typed.ExitCode == 0, typed.ToString());
    }

    private static async Task<string> RowsAsync(string folder, IReadOnlyDictionary<string, string?> environment, string sql)
    {
        var run = await ToolProcess.RunAsync("lens", ["sql", sql, "--bucket", "./lake", "-o", "csv", "-q"], environment, folder);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run.Output.Split('\n')[1];
    }

    /// <summary>What lies in a folder, what is built left out: name, size and time of each file.</summary>
    private static List<string> Listing(string folder) => [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(static f => !f.FullName.Contains("/bin/", StringComparison.Ordinal) && !f.FullName.Contains("/obj/", StringComparison.Ordinal))
        .Select(static f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc:O}").Order(StringComparer.Ordinal)];

    /// <summary>The figure on rows that were not learned from, as `ml train` printed it in CSV.</summary>
    private static double TrainedModel(string output, int version)
    {
        var lines = output.ReplaceLineEndings("\n").Split('\n');
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
