using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>evaluate, explain, drift, status and reproduce on one model.</summary>
public sealed class JudgingTests
{
    private const string Orders = """
        SELECT i AS order_id, hash('w' || i) % 100 AS weight, ['north', 'south', NULL][1 + (hash('r' || i) % 3)::INTEGER] AS region, TIMESTAMP '2026-01-01' + INTERVAL (i % 300) HOUR AS at,
               hash('w' || i) % 100 + hash('z' || i) % 30 > 60 AS late
        FROM range(1200) t(i)
        """;

    private static async Task<Lake> TrainedAsync(string target = "late", string select = Orders)
    {
        var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/orders", select);
        await lake.WriteAsync("raw/shop/later", select.Replace("range(1200)", "range(5000, 6500)", StringComparison.Ordinal));
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_orders", "--target", target, "--model", "m", "--bucket", lake.Bucket, "--rounds", "40", "--trials", "1", "--keep", "weight", "-q");
        return lake;
    }

    private static async Task<JsonElement[]> RowsAsync(params string[] args)
    {
        using var document = JsonDocument.Parse((await MlProcess.SucceedAsync([.. args, "-o", "json"])).Out);
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }

    [Fact]
    public async Task Evaluate_AndPredict_SayTheSame()
    {
        await using var lake = await TrainedAsync();
        var evaluated = await RowsAsync("evaluate", "--model", "m", "--from", "raw.shop_later", "--by", "region", "--bucket", lake.Bucket);
        await MlProcess.SucceedAsync("predict", "--model", "m", "--from", "raw.shop_later", "--columns", "region", "--bucket", lake.Bucket);
        foreach (var (slice, where) in new[] { ("all", "true"), ("region=north", "region = 'north'"), ("region=(null)", "region IS NULL") })
        {
            var expected = (double)lake.Query("ml/predictions/m", $"SELECT avg((late = prediction)::INTEGER) FROM {{0}} WHERE {where}")[0][0]!;
            var row = Assert.Single(evaluated, r => r.GetProperty("slice").GetString() == slice && r.GetProperty("metric").GetString() == "accuracy");
            Assert.Equal(expected, row.GetProperty("value").GetDouble(), 12);
            Assert.True(row.GetProperty("low").GetDouble() <= expected && expected <= row.GetProperty("high").GetDouble());
        }
    }

    [Fact]
    public async Task Evaluate_ClassesThatTheModelNeverSaw_AreNamed()
    {
        await using var lake = await TrainedAsync("region");
        await lake.WriteAsync("raw/shop/later", Orders.Replace("'south'", "'mars'", StringComparison.Ordinal));
        var run = await MlProcess.SucceedAsync("evaluate", "--model", "m", "--from", "raw.shop_later", "--bucket", lake.Bucket);
        Assert.Contains("have a `region` that the model never saw (`mars`)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_OnItsOwnTable_Warns()
    {
        await using var lake = await TrainedAsync();
        var run = await MlProcess.SucceedAsync("evaluate", "--model", "m", "--from", "raw.shop_orders", "--bucket", lake.Bucket);
        Assert.Contains("only the figures of its holdout are honest", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_OneRow_AddsUpToItsAnswer()
    {
        await using var lake = await TrainedAsync();
        await MlProcess.SucceedAsync("predict", "--model", "m", "--from", "raw.shop_orders", "--explain", "--bucket", lake.Bucket);
        var (probability, explanation) = ((float)lake.Query("ml/predictions/m", "SELECT probability FROM {0} WHERE order_id = 17")[0][0]!, (string)lake.Query("ml/predictions/m", "SELECT explanation FROM {0} WHERE order_id = 17")[0][0]!);
        var rows = await RowsAsync("explain", "--model", "m", "--row", "17", "--bucket", lake.Bucket);
        Assert.Equal("(start)", rows[0].GetProperty("column").GetString());
        var margin = rows.Sum(row => row.GetProperty("added").GetDouble());
        Assert.Equal(Math.Log(probability / (1 - probability)), margin, 3);
        using var strongest = JsonDocument.Parse(explanation);
        Assert.Equal("weight", strongest.RootElement[0].GetProperty("column").GetString());
        Assert.Equal(rows.First(row => row.GetProperty("column").GetString() == "weight").GetProperty("added").GetDouble(), strongest.RootElement[0].GetProperty("added").GetDouble(), 3);
    }

    [Fact]
    public async Task Explain_Globally_NamesWhatMatters()
    {
        await using var lake = await TrainedAsync();
        var rows = await RowsAsync("explain", "--model", "m", "--bucket", lake.Bucket);
        Assert.Equal("weight", rows[0].GetProperty("column").GetString());
        Assert.Equal(1, rows.Sum(row => row.GetProperty("share").GetDouble()), 6);
        var run = await MlProcess.RunAsync("explain", "--model", "m", "--row", "nobody", "--bucket", lake.Bucket);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no row of `raw.shop_orders` has `order_id` = `nobody`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drift_SameWorld_IsNoAlarmAndAnotherIs()
    {
        await using var lake = await TrainedAsync();
        await MlProcess.SucceedAsync("drift", "--model", "m", "--from", "raw.shop_later", "--bucket", lake.Bucket);
        await lake.WriteAsync("raw/shop/later", Orders.Replace("% 100 AS weight", "% 60 + 40 AS weight", StringComparison.Ordinal));
        var run = await MlProcess.RunAsync("drift", "--model", "m", "--from", "raw.shop_later", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("column,weight,true,", run.Out, StringComparison.Ordinal);
        Assert.Contains("prediction,prediction,true,", run.Out, StringComparison.Ordinal);
        Assert.Contains("column,region,false,", run.Out, StringComparison.Ordinal);
        Assert.Contains("is not what `m@1` was trained on", run.Error, StringComparison.Ordinal);
        Assert.Equal(2L, lake.Query("ml/monitoring/m", "SELECT count(DISTINCT checked_at) FROM {0} WHERE name = 'weight' AND about = 'column'")[0][0]);
        Assert.True((long)lake.Query("ml/monitoring/m", "SELECT count(*) FROM {0} WHERE about = 'performance' AND now IS NOT NULL AND before IS NOT NULL")[0][0]! > 4);
    }

    [Fact]
    public async Task Drift_AnswersThatBecameWrong_Alarm()
    {
        await using var lake = await TrainedAsync();
        await lake.WriteAsync("raw/shop/later", Orders.Replace("> 60 AS late", "< 60 AS late", StringComparison.Ordinal));
        var run = await MlProcess.RunAsync("drift", "--model", "m", "--from", "raw.shop_later", "--dry-run", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("performance,auc,true,", run.Out, StringComparison.Ordinal);
        Assert.Empty(await lake.KeysAsync("ml/monitoring/"));
    }

    [Fact]
    public async Task Status_OfABucket_HasALinePerModel()
    {
        await using var lake = await TrainedAsync();
        await MlProcess.SucceedAsync("promote", "m", "1", "--to", "prod", "--bucket", lake.Bucket);
        await MlProcess.SucceedAsync("predict", "--model", "m", "--from", "raw.shop_orders", "--bucket", lake.Bucket);
        var row = Assert.Single(await RowsAsync("status", "--bucket", lake.Bucket));
        Assert.Equal((1, 1, 1200), (row.GetProperty("versions").GetInt32(), row.GetProperty("prod").GetInt32(), row.GetProperty("predictions").GetInt32()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("staging").ValueKind);
    }

    [Theory]
    [InlineData("late")]
    [InlineData("weight")]
    public async Task Reproduce_SameSnapshot_GivesTheSameTreesAndAnotherIsSaid(string target)
    {
        await using var lake = await TrainedAsync(target);
        await MlProcess.SucceedAsync("reproduce", "m", "1", "--bucket", lake.Bucket);
        await lake.WriteAsync("raw/shop/orders", Orders);
        var run = await MlProcess.RunAsync("reproduce", "m", "1", "--bucket", lake.Bucket);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is not what `m@1` learned from any more", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_InPythonsXGBoost_AnswersTheSame()
    {
        const string Python = "/usr/bin/python3";
        var check = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(File.Exists(Python) ? Python : "false", ["-c", "import xgboost"]) { RedirectStandardError = true })!;
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(check.ExitCode != 0, "python3-xgboost is not there (apt-get install python3-xgboost)");
        await using var lake = await TrainedAsync();
        await MlProcess.SucceedAsync("predict", "--model", "m", "--from", "raw.shop_later", "--columns", "weight,region,at", "--bucket", lake.Bucket);
        var rows = lake.Query("ml/predictions/m", "SELECT weight::DOUBLE, region, epoch_us(\"at\"), probability FROM {0} ORDER BY order_id LIMIT 500");
        var script = """
            import sys, json, numpy as np, xgboost as xgb
            features = json.load(open(sys.argv[2])); booster = xgb.Booster(model_file=sys.argv[1])
            assert booster.feature_names == [f for c in features['columns'] for f in c['features']]
            worst = 0
            data, expected = [], []
            for line in open(sys.argv[3]):
                weight, region, at, probability = json.loads(line)
                row = []
                for c in features['columns']:
                    if c['name'] == 'weight': row.append(weight)
                    elif c['name'] == 'region': row.append(c['categories'].index(region) if region is not None else np.nan)
                    else:
                        import datetime
                        t = datetime.datetime.fromtimestamp(at / 1e6, datetime.timezone.utc)
                        row += [{'days': at / 86400e6, 'month': t.month, 'day': t.day, 'weekday': t.isoweekday(), 'hour': t.hour}[p] for p in c['parts']]
                data.append(row); expected.append(probability)
            matrix = xgb.DMatrix(np.array(data, dtype=np.float32), feature_names=booster.feature_names, feature_types=booster.feature_types, enable_categorical=True)
            calibration = (features.get('answer') or {}).get('calibration') or {'slope': 1, 'intercept': 0}
            margin = booster.predict(matrix, output_margin=True).astype(np.float64) * calibration['slope'] + calibration['intercept']
            print(np.abs(1 / (1 + np.exp(-margin)) - np.array(expected)).max())
            """;
        var file = Path.Combine(lake.Folder, "rows.jsonl");
        await File.WriteAllLinesAsync(file, rows.Select(row => JsonSerializer.Serialize(row)), TestContext.Current.CancellationToken);
        var (trees, features) = (Path.Combine(lake.Folder, "model.ubj"), Path.Combine(lake.Folder, "features.json"));
        await File.WriteAllBytesAsync(trees, (await lake.Store.GetAsync("ml/models/m/model.ubj", TestContext.Current.CancellationToken))!.Bytes.ToArray(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(features, await lake.TextAsync("ml/models/m/features.json"), TestContext.Current.CancellationToken);
        using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Python, ["-c", script, trees, features, file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (python.ExitCode, python.ExitCode == 0 ? "" : error));
        Assert.InRange(double.Parse(output, CultureInfo.InvariantCulture), 0, 1e-6);
    }
}
