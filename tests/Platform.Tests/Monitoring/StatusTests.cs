using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests.Monitoring;

/// <summary>What a bucket tells of itself; that the tools write what is read here, the end-to-end tests show.</summary>
public sealed class StatusTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Status_TellsWhatRanWhatRunsAndWhatFailed()
    {
        await using (var store = ObjectStores.Open(BucketUri.Parse(Path.Combine(_folder.FullName, "lake")), new() { MayBeNew = true }))
        {
            foreach (var (name, hours, error) in new[] { ("shop", 30.0, null), ("shop", 1.0, null), ("shop-web", 40.0 * 24, null), ("shop_days", 2.0, "the source is gone") })
                await PutAsync(store, DocumentKeys.Log(WritingTool.Pipe, name, Now.AddHours(-hours)), new RunLog(name, "0", 1, error is null ? "success" : "failed", Now.AddHours(-hours), Now.AddHours(-hours), new Dictionary<string, StreamLog> { ["s"] = new(7) { Rejected = 2 } }) { Error = error }.Serialize());
            await PutAsync(store, DocumentKeys.RunRecord("shop_now"), Record(RunStatus.Committing, Now.AddMinutes(5)));
            await PutAsync(store, DocumentKeys.RunRecord("shop_dead"), Record(RunStatus.Accepted, Now.AddMinutes(-5)));
            await PutAsync(store, DocumentKeys.RunRecord("shop"), Record(RunStatus.Committed, null));
            await PutAsync(store, DocumentKeys.ModelAliases("late"), Encoding.UTF8.GetBytes("""{"version":"1.1","aliases":{"prod":3,"dev":4},"history":[]}"""));
            await PutAsync(store, DocumentKeys.ModelVersion("new", 1) + "run.json", "{}"u8.ToArray());
            await PutAsync(store, DocumentKeys.ModelAliases("torn"), "{"u8.ToArray());
            await PutAsync(store, DocumentKeys.PipeManifest, Catalog((Layer.Raw, "shop", "orders", 4, 1, null), (Layer.Raw, "shop", "moved", 4, 30, null), (Layer.Raw, "shop", "lost", 9, 1, null), (Layer.Quarantine, "shop", "orders", 0, 900, null)));
            await PutAsync(store, DocumentKeys.MlManifest, Catalog((Layer.Monitoring, null, "late", 0, 1, """{"status":"failed","results":[{"check":"drift(weather)","status":"failed"}]}""")));
            foreach (var entry in new[] { "raw/shop/orders/_delta_log/00000000000000000004.json", "raw/shop/moved/_delta_log/00000000000000000004.json", "raw/shop/moved/_delta_log/00000000000000000005.json", "raw/shop/lost/_delta_log/00000000000000000008.json", "quarantine/shop/orders/_delta_log/00000000000000000000.json", "ml/monitoring/late/_delta_log/00000000000000000000.json" })
                await PutAsync(store, entry, "{}"u8.ToArray());
        }

        var run = await PlatformRun.OfAsync(_folder.FullName, "status", "--bucket", "lake", "--max-age", "26h", "--check", "-o", "csv");
        Assert.Equal(3, run.Exit);
        string[] expected =
        [
            "pipeline,shop,ok,1,7,2 rows in quarantine",
            "pipeline,shop-web,stale,960,7,2 rows in quarantine",
            "pipeline,shop_days,failed,2,7,failed: the source is gone",
            "pipeline,shop_dead,unfinished,0,0,its commit began and did not end; the next run finishes it",
            "pipeline,shop_now,running,0,0,its commit is under way",
            "model,late,ok,,,\"dev 4, prod 3\"",
            "model,new,ok,,,no alias",
            "model,torn,failed,,,`ml/models/torn/aliases.json` is corrupt",
            "table,quarantine.shop_orders,ok,900,5,",
            "table,raw.shop_lost,failed,1,5,version 9 of the catalog is not in its log",
            "table,raw.shop_moved,ok,0,5,1 newer version than in the catalog",
            "table,raw.shop_orders,ok,1,5,",
            "table,monitoring.late,failed,1,5,checks failed: drift(weather)",
        ];
        Assert.Equal(expected, run.Out.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Skip(1).Select(Shortened));
        Assert.StartsWith("error: 6 of 13 lines are not well\n  failed       pipeline shop_days in file://", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await PlatformRun.OfAsync(_folder.FullName, "status", "--bucket", "lake")).Exit);
    }

    [Theory]
    [InlineData("error: `yesterday` is no time\n", "--bucket", "lake", "--max-age", "yesterday")]
    [InlineData("error: it is not said which buckets are meant\n")]
    public async Task Status_OfWhatIsNotSaid_AsksForIt(string error, params string[] words)
    {
        var run = await PlatformRun.OfAsync(_folder.FullName, ["status", .. words]);
        Assert.Equal((2, true), (run.Exit, run.Error.StartsWith(error, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Status_OfBucketsThatMayNotBeReadOrAreNotThere_SaysSo()
    {
        await using var lake = new TestLake();
        lake.Declare("""
            teams: { sales: { data_engineer: [dss-pipe], analyst: [dss-ana], auditor: [dss-audrey] } }
            buckets: { LAKE-a: { team: sales, layers: [raw, gold] } }
            """);
        await lake.DoAsync("apply", "--yes", "-q");
        await using (var owner = ObjectStores.Open(BucketUri.Parse($"s3://{lake.Name}-a")))
        {
            await PutAsync(owner, DocumentKeys.PipeManifest, Catalog((Layer.Raw, "shop", "orders", 4, 1, null)));
            await PutAsync(owner, "raw/shop/orders/_delta_log/00000000000000000004.json", "{}"u8.ToArray());
            await PutAsync(owner, DocumentKeys.RunRecord("shop"), Record(RunStatus.Committed, null));
        }
        var (nobody, missing) = ($"s3://{lake.Name}-a,bucket,s3://{lake.Name}-a,not readable,,,,", $"s3://{lake.Name}-x,bucket,s3://{lake.Name}-x,failed,,,,bucket `s3://{lake.Name}-x` does not exist");

        var stranger = await AsAsync("dss-stranger", "--check");
        Assert.Equal(4, stranger.Exit);
        Assert.Contains(nobody, stranger.Out, StringComparison.Ordinal);
        var auditor = await AsAsync("dss-audrey", "--check");
        Assert.True(auditor.Exit == 0, auditor.Error);
        Assert.Contains($"table,raw.shop_orders,ok,", auditor.Out, StringComparison.Ordinal);
        var analyst = await AsAsync("dss-ana", "--check");
        Assert.Equal(4, analyst.Exit);
        Assert.Contains($"s3://{lake.Name}-a,runs,pipe,not readable,", analyst.Out, StringComparison.Ordinal);
        Assert.Contains($"table,raw.shop_orders,ok,", analyst.Out, StringComparison.Ordinal);
        Assert.Contains(missing, (await AsAsync("dss-audrey", "--bucket", $"s3://{lake.Name}-x")).Out, StringComparison.Ordinal);

        async Task<PlatformRun> AsAsync(string user, params string[] words)
        {
            var known = await TestUsers.MakeAsync(lake.Server, user, Cancel);
            using var process = new System.Diagnostics.Process();
            process.StartInfo = new(PlatformProcess.Program, ["status", "-o", "csv", .. words]) { WorkingDirectory = lake.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var (name, value) in lake.Server.EnvironmentOf(known))
                process.StartInfo.Environment[name] = value;
            process.Start();
            var error = process.StandardError.ReadToEndAsync(Cancel);
            var output = await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);
            return new(process.ExitCode, output, await error);
        }
    }

    // without the bucket and the time, and with whole hours
    private static string Shortened(string line)
    {
        var cells = line.Split(',', 8);
        return string.Join(',', cells[1], cells[2], cells[3], cells[5].Length == 0 ? "" : Math.Round(double.Parse(cells[5], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture), cells[6], cells[7]);
    }

    private static byte[] Record(RunStatus status, DateTimeOffset? expires) => new RunRecord(RunId.New(TimeProvider.System), 1, status) { ExpiresAt = expires }.Serialize();

    private static byte[] Catalog(params (Layer Layer, string? Source, string Table, int Snapshot, double Hours, string? Checks)[] tables) =>
        tables.Aggregate(Manifest.Empty, static (catalog, table) => catalog.Merge(
            new(new TableLocation(table.Layer, table.Source, table.Table))
            {
                Format = "delta", Snapshot = table.Snapshot, Statistics = new() { TotalRows = 5, LastExtraction = Now.AddHours(-table.Hours) }, Checks = table.Checks is null ? null : JsonNode.Parse(table.Checks),
            },
            "test", Now)).Serialize();

    private static Task PutAsync(IObjectStore store, string key, byte[] content) => store.PutAsync(key, content, WriteCondition.None, Cancel);
}
