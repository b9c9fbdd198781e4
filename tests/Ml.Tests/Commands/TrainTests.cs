using System.Text.Json;
using Contracts.Tests.Documents;
using DataSpoc.Contracts.Documents;
using Xunit;

namespace Ml.Tests.Commands;

public sealed class TrainTests
{
    private static Task<MlProcess> TrainAsync(Lake lake, params string[] more) =>
        // a number of trials, not a time: on a busy machine a budget ends elsewhere, and gives another model
        MlProcess.RunAsync(["train", "--from", "raw.shop_t", "--target", "y", "--bucket", lake.Bucket, "--rounds", "30", "--trials", "3", .. more]);

    private static async Task<Lake> LakeAsync(string select)
    {
        var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", select);
        return lake;
    }

    [Fact]
    public async Task Train_SameTableAndSeed_GivesTheSameModelByteForByte()
    {
        await using var lake = await LakeAsync("SELECT i % 17 AS a, ['x', 'y', 'z'][1 + (hash(i) % 3)::INTEGER] AS b, hash(i, 7) % 1000 AS c, hash(i, 7) % 1000 > 400 OR i % 17 = 3 AS y FROM range(3000) t(i)");
        Assert.Equal(0, (await TrainAsync(lake)).ExitCode);
        Assert.Equal(0, (await TrainAsync(lake)).ExitCode);
        Assert.Equal(0, (await TrainAsync(lake, "--seed", "43")).ExitCode);
        var models = new List<byte[]>();
        foreach (var version in new[] { 1, 2, 3 })
            models.Add((await lake.Store.GetAsync($"ml/models/y/versions/{version}/model.ubj", TestContext.Current.CancellationToken))!.Bytes.ToArray());
        Assert.Equal(models[0], models[1]);
        Assert.NotEqual(models[0], models[2]);
    }

    [Fact]
    public async Task Train_TargetThatIsNotThere_NamesTheNearestAndTheColumns()
    {
        await using var lake = await LakeAsync("SELECT 1 AS weight, true AS is_late");
        var run = await MlProcess.RunAsync("train", "--from", "raw.shop_t", "--target", "is_latte", "--bucket", lake.Bucket);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error: target `is_latte` is not a column of `raw.shop_t`", run.Error, StringComparison.Ordinal);
        Assert.Contains("weight, is_late", run.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean `is_late`?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TableThatIsNotThere_NamesTheNearest()
    {
        await using var lake = await LakeAsync("SELECT 1 AS x, true AS y");
        var run = await MlProcess.RunAsync("train", "--from", "raw.shop_tt", "--target", "y", "--bucket", lake.Bucket);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error: there is no table `raw.shop_tt`", run.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean `raw.shop_t`?", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT i AS x, true AS y FROM range(50) t(i)", "target `y` is `true` in all 50 rows")]
    [InlineData("SELECT i AS x, i > 3 AS y FROM range(50) t(i) WHERE i < 0", "`raw.shop_t` has no rows to learn from")]
    [InlineData("SELECT i AS x, NULL::BOOLEAN AS y FROM range(50) t(i)", "no row of `raw.shop_t` has a value in target `y`")]
    [InlineData("SELECT i AS x, i > 3 AS y FROM range(8) t(i)", "8 rows with a value in target `y` are too few to learn from")]
    [InlineData("SELECT 7 AS x, 'r' || i AS id, i % 2 = 0 AS y FROM range(50) t(i)", "no column of `raw.shop_t` is left to learn from")]
    public async Task Train_TableThatTeachesNothing_SaysWhyAndRegistersNothing(string select, string expected)
    {
        await using var lake = await LakeAsync(select);
        var run = await TrainAsync(lake);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(await lake.KeysAsync("ml/"));
    }

    [Fact]
    public async Task Train_TwelveRows_WorksAndSaysHowRoughItIs()
    {
        await using var lake = await LakeAsync("SELECT i AS x, i > 5 AS y FROM range(12) t(i)");
        var run = await TrainAsync(lake);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("the figures come from 2 rows only and are rough", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TargetWithNulls_LeavesTheRowsOutAndCountsThem()
    {
        await using var lake = await LakeAsync("SELECT hash(i) % 100 AS x, CASE WHEN i % 4 > 0 THEN hash(i) % 100 > 30 END AS y FROM range(400) t(i)");
        Assert.Equal(0, (await TrainAsync(lake, "--keep", "x")).ExitCode);
        using var metrics = JsonDocument.Parse(await lake.TextAsync("ml/models/y/metrics.json"));
        var rows = metrics.RootElement.GetProperty("rows");
        Assert.Equal((400, 100, 240, 60), (Rows("table"), Rows("without_target"), Rows("training"), Rows("holdout")));
        int Rows(string name) => rows.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Train_HostileColumnNames_AreOnlyNames()
    {
        await using var lake = await LakeAsync("""
            SELECT hash(i) % 100 AS "a""b", hash(i, 1) % 7 AS "select", ['p''q', 'r"s', '];--'][1 + (hash(i, 2) % 3)::INTEGER] AS "x]y<z", i % 5 AS "sp ace", i % 9 AS "数量", i % 3 AS "a,b", i % 4 AS "'; drop table t; --",
                   (hash(i) % 100 > 50) <> (hash(i, 1) % 7 > 3) AS "y"
            FROM range(600) t(i)
            """);
        Assert.Equal(0, (await TrainAsync(lake, "--exclude", "\"a,b\"", "--model", "odd")).ExitCode);
        var predict = await MlProcess.RunAsync("predict", "--model", "odd", "--from", "raw.shop_t", "--bucket", lake.Bucket, "--columns", "sp ace", "--columns", "x]y<z");
        Assert.Equal((0, ""), (predict.ExitCode, predict.ExitCode == 0 ? "" : predict.Error));
        Assert.Equal(600L, lake.Query("ml/predictions/odd", "SELECT count(*) FROM {0} WHERE \"sp ace\" IS NOT NULL AND \"x]y<z\" IS NOT NULL")[0][0]);
    }

    [Fact]
    public async Task Train_ColumnThatTellsTheTarget_IsLeftOutUnlessKept()
    {
        await using var lake = await LakeAsync("SELECT hash(i) % 100 AS x, CASE WHEN hash(i, 1) % 3 = 0 THEN 'refunded' ELSE 'paid' END AS status, hash(i, 1) % 3 = 0 AS y FROM range(600) t(i)");
        var run = await TrainAsync(lake);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning: `status` is left out: it alone tells the target", run.Error, StringComparison.Ordinal);
        var kept = await TrainAsync(lake, "--keep", "status");
        Assert.Equal(0, kept.ExitCode);
        Assert.DoesNotContain("is left out", kept.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NoiseOnly_IsNoBetterThanTheBaseline()
    {
        await using var lake = await LakeAsync("SELECT hash('a' || i) % 100 AS a, hash('b' || i) % 100 AS b, hash('y' || i) % 2 = 0 AS y FROM range(2000) t(i)");
        Assert.Equal(0, (await TrainAsync(lake)).ExitCode);
        using var metrics = JsonDocument.Parse(await lake.TextAsync("ml/models/y/metrics.json"));
        Assert.InRange(metrics.RootElement.GetProperty("holdout").GetProperty("auc").GetDouble(), 0.4, 0.6);
    }

    [Theory]
    [InlineData("0.9")]
    [InlineData("0.1")]
    public async Task Train_Quantile_IsWhatItsShareOfRowsLiesBelow(string quantile)
    {
        // the spread grows with x: a band of one width would cover too much on one side and too little on the other
        await using var lake = await LakeAsync("SELECT x, x * (1 + noise) AS y FROM (SELECT (hash('x' || i) % 1000) / 100.0 AS x, (hash('n' || i) % 1000) / 1000.0 AS noise FROM range(4000) t(i))");
        var run = await MlProcess.RunAsync("train", "--from", "raw.shop_t", "--target", "y", "--bucket", lake.Bucket, "--rounds", "150", "--trials", "1", "--quantile", quantile, "--keep", "x");
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        using var metrics = JsonDocument.Parse(await lake.TextAsync("ml/models/y/metrics.json"));
        Assert.Equal("pinball", metrics.RootElement.GetProperty("metric").GetString());
        var share = double.Parse(quantile, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(metrics.RootElement.GetProperty("holdout").GetProperty("coverage").GetDouble(), share - 0.05, share + 0.05);
        Assert.InRange(metrics.RootElement.GetProperty("holdout").GetProperty("pinball").GetDouble() / metrics.RootElement.GetProperty("baseline").GetProperty("pinball").GetDouble(), 0, 0.4);
        var features = await lake.TextAsync("ml/models/y/features.json");
        Assert.Empty(new JsonSchema(ContractSchemas.Text("model-features")).Faults(features));
        await MlProcess.SucceedAsync("reproduce", "y", "1", "--bucket", lake.Bucket);
        await MlProcess.SucceedAsync("predict", "--model", "y", "--from", "raw.shop_t", "--columns", "x", "--bucket", lake.Bucket);
        var high = (double)lake.Query("ml/predictions/y", "SELECT avg((y <= prediction)::INTEGER) FROM {0} WHERE x > 5")[0][0]!;
        Assert.InRange(high, share - 0.05, share + 0.05);
    }

    [Fact]
    public async Task Train_Sample_IsRecordedAndReproduced()
    {
        await using var lake = await LakeAsync("SELECT hash('a' || i) % 100 AS a, hash('a' || i) % 100 + hash('y' || i) % 60 > 80 AS y FROM range(3000) t(i)");
        var run = await TrainAsync(lake, "--sample", "0.2", "--keep", "a");
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.Matches("to beat: auc 0.5 without looking at the row, 0\\.[0-9]+ by a linear model", run.Error);
        using var metrics = JsonDocument.Parse(await lake.TextAsync("ml/models/y/metrics.json"));
        Assert.InRange(metrics.RootElement.GetProperty("rows").GetProperty("table").GetInt32(), 520, 680);
        using var made = JsonDocument.Parse(await lake.TextAsync("ml/models/y/versions/1/run.json"));
        Assert.Equal(0.2, made.RootElement.GetProperty("request").GetProperty("sample").GetDouble());
        Assert.Equal(DataSpoc.Ml.Commands.MlHost.Revision, made.RootElement.TryGetProperty("revision", out var revision) ? revision.GetString() : null);
        await MlProcess.SucceedAsync("reproduce", "y", "1", "--bucket", lake.Bucket);
        Assert.Equal(2, (await TrainAsync(lake, "--sample", "2")).ExitCode);
    }

    [Fact]
    public async Task Train_QuantileThatIsNone_IsWrongUsage()
    {
        await using var lake = await LakeAsync("SELECT i AS x, (hash(i) % 7)::DOUBLE AS y, i % 2 = 0 AS z FROM range(100) t(i)");
        Assert.Equal(2, (await TrainAsync(lake, "--quantile", "1.5")).ExitCode);
        Assert.Equal(2, (await TrainAsync(lake, "--quantile", "0.5", "--metric", "rmse")).ExitCode);
        Assert.Equal(2, (await TrainAsync(lake, "--quantile", "0.5", "--target", "z")).ExitCode);
    }

    [Fact]
    public async Task Train_TwoAtOnce_GetTwoVersions()
    {
        await using var lake = await LakeAsync("SELECT hash(i) % 100 AS a, hash(i) % 100 + hash(i, 1) % 50 > 70 AS y FROM range(2000) t(i)");
        var runs = await Task.WhenAll(Task.Run(() => TrainAsync(lake)), Task.Run(() => TrainAsync(lake)));
        Assert.All(runs, run => Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error)));
        var keys = await lake.KeysAsync("ml/models/y/versions/");
        Assert.Equal(8, keys.Count);
    }

    [Fact]
    public async Task Train_DryRun_ShowsTheColumnsAndWritesNothing()
    {
        await using var lake = await LakeAsync("SELECT 'r' || i AS id, hash('a' || i) % 100 AS a, DATE '2026-01-01' + (i % 40)::INTEGER AS d, hash('a' || i) % 100 > 30 AS y FROM range(200) t(i)");
        var before = await lake.KeysAsync();
        var run = await TrainAsync(lake, "--dry-run", "--keep", "a", "-o", "csv");
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.Equal("column,type,use,features,detail\na,UBIGINT,number,1,\nd,DATE,moment,4,\nid,VARCHAR,left out,0,every value differs\n", run.Out.Replace("\"DECIMAL(20,0)\"", "UBIGINT", StringComparison.Ordinal));
        Assert.Equal(before, await lake.KeysAsync());
    }

    [Fact]
    public async Task Train_AThousandColumns_Works()
    {
        await using var lake = await LakeAsync($"SELECT {string.Join(", ", Enumerable.Range(0, 1000).Select(c => $"hash('{c}' || i) % 50 AS c{c}"))}, hash('17' || i) % 50 > 20 AS y FROM range(300) t(i)");
        var run = await TrainAsync(lake, "--keep", "c17");
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.Contains("most important: `c17`", run.Error, StringComparison.Ordinal);
    }
}
