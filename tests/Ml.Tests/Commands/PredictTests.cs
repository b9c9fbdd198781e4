using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Ml.Tests.Commands;

public sealed class PredictTests
{
    private const string Rows = "SELECT i AS order_id, hash(i) % 100 AS weight, ['north', 'south'][1 + (hash(i, 1) % 2)::INTEGER] AS region, hash(i) % 100 + hash(i, 2) % 30 > 60 AS late FROM range({0}) t(i)";

    private static string Select(int rows, string from = "0") => Rows.Replace("{0}", $"{from}, {rows}", StringComparison.Ordinal);

    private static async Task<Lake> TrainedAsync(string? select = null, params string[] more)
    {
        var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/orders", select ?? Select(1000));
        await MlProcess.SucceedAsync(["train", "--from", "raw.shop_orders", "--target", "late", "--bucket", lake.Bucket, "--rounds", "30", "--trials", "1", "--keep", "weight", .. more]);
        return lake;
    }

    private static Task<MlProcess> PredictAsync(Lake lake, params string[] more) =>
        MlProcess.RunAsync(["predict", "--model", "late", "--from", "raw.shop_orders", "--bucket", lake.Bucket, .. more]);

    [Fact]
    public async Task Predict_Again_ReplacesAndAppendAdds()
    {
        await using var lake = await TrainedAsync();
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        Assert.Equal(1000L, lake.Query("ml/predictions/late", "SELECT count(*) FROM {0}")[0][0]);
        await lake.WriteAsync("raw/shop/orders", Select(1250, "1000"));
        Assert.Equal(0, (await PredictAsync(lake, "--append")).ExitCode);
        Assert.Equal([1250L, 1250L], lake.Query("ml/predictions/late", "SELECT count(*), count(DISTINCT order_id) FROM {0}")[0]);
        Assert.Equal(["order_id", "late", "prediction", "probability", "model_version", "predicted_at"], lake.Query("ml/predictions/late", "SELECT column_name FROM (DESCRIBE SELECT * FROM {0})").Select(r => r[0]));
    }

    [Fact]
    public async Task Predict_IntoAFile_HasTheRowsOfTheTableAndWritesNothingToTheBucket()
    {
        await using var lake = await TrainedAsync();
        var before = await lake.KeysAsync();
        using var folder = new TemporaryFolder();
        string[] files = ["out.csv", "out.json", "out.ndjson", "out.parquet"];
        foreach (var name in files)
            Assert.Equal(0, (await PredictAsync(lake, "--export", Path.Combine(folder.Path, name))).ExitCode);
        Assert.Equal(before, await lake.KeysAsync());
        Assert.Equal(files, Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        foreach (var (name, read) in files.Zip(["read_csv", "read_json", "read_json", "read_parquet"]))
            Assert.Equal([1000L, 0L], lake.Query("ml/predictions/late", $"SELECT (SELECT count(*) FROM {read}('{folder.Path}/{name}')), (SELECT count(*) FROM (SELECT order_id, prediction, probability FROM {{0}} EXCEPT SELECT order_id, prediction, probability::FLOAT FROM {read}('{folder.Path}/{name}')))")[0]);
        var other = await PredictAsync(lake, "--export", Path.Combine(folder.Path, "out.doc"));
        Assert.Equal((2, true), (other.ExitCode, other.Error.Contains("`.doc` is no format", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Predict_SeveralClasses_HasTheProbabilityOfEach()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/orders", "SELECT i AS order_id, hash(i) % 100 AS weight, ['a \"b\"', 'größe', 'c'][1 + (hash(i) % 100 // 34)::INTEGER] AS size FROM range(400) t(i)");
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_orders", "--target", "size", "--bucket", lake.Bucket, "--rounds", "10", "--trials", "1", "--keep", "weight");
        await MlProcess.SucceedAsync("predict", "--model", "size", "--from", "raw.shop_orders", "--bucket", lake.Bucket);
        Assert.Equal([400L, 400L, 400L], lake.Query("ml/predictions/size", """
            SELECT count(*), count(*) FILTER (abs(list_sum(CAST(json_extract(probabilities, '$.*') AS FLOAT[])) - 1) < 1e-5), count(*) FILTER (json_extract(probabilities, '$."' || replace(prediction, '"', '\"') || '"')::FLOAT = probability)
            FROM {0}
            """)[0]);
    }

    [Fact]
    public async Task Predict_TableThatDoesNotFit_IsRefusedAndEachDifferenceNamed()
    {
        await using var lake = await TrainedAsync();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS order_id, 'heavy' AS weight, 'north' AS regions");
        var run = await PredictAsync(lake);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("`raw.shop_orders` does not fit model `late@1`: 2 columns differ", run.Error, StringComparison.Ordinal);
        Assert.Contains("is VARCHAR, the model was trained on", run.Error, StringComparison.Ordinal);
        Assert.Contains("is missing (the model uses it as VARCHAR); there is `regions`", run.Error, StringComparison.Ordinal);
        Assert.Empty(await lake.KeysAsync("ml/predictions/"));
    }

    [Fact]
    public async Task Predict_UnseenCategoryAndNulls_AreAnswered()
    {
        await using var lake = await TrainedAsync();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1::BIGINT AS order_id, NULL::DOUBLE AS weight, 'mars' AS region UNION ALL SELECT 2, 'inf'::DOUBLE, NULL");
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        Assert.Equal(2L, lake.Query("ml/predictions/late", "SELECT count(*) FROM {0} WHERE probability BETWEEN 0 AND 1")[0][0]);
    }

    [Fact]
    public async Task Predict_EmptyTable_CommitsAnEmptyTable()
    {
        await using var lake = await TrainedAsync();
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        await lake.WriteAsync("raw/shop/orders", Select(0));
        var run = await PredictAsync(lake, "-o", "json");
        Assert.Equal(0, run.ExitCode);
        using var answer = JsonDocument.Parse(run.Out);
        Assert.Equal(0, answer.RootElement[0].GetProperty("rows").GetInt32());
        Assert.DoesNotContain(await lake.KeysAsync("ml/predictions/late/"), key => key.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Predict_DeclaredKeyAndWantedColumns_AreCarried()
    {
        await using var lake = await TrainedAsync();
        await lake.WriteAsync("raw/shop/orders", "SELECT 'k' || i AS code, hash(i) % 100 AS weight, 'north' AS region, 1.50::DECIMAL(9,2) AS prediction, [1, 2] AS list FROM range(10) t(i)", primaryKey: ["code"]);
        Assert.Equal(0, (await PredictAsync(lake, "--columns", "prediction,list")).ExitCode);
        var types = lake.Query("ml/predictions/late", "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {0})").Select(r => $"{r[0]} {r[1]}");
        Assert.Equal(
            ["code VARCHAR", "input_prediction DECIMAL(9,2)", "list VARCHAR", "prediction BOOLEAN", "probability FLOAT", "model_version INTEGER", "predicted_at TIMESTAMP WITH TIME ZONE"], types);
    }

    [Fact]
    public async Task Predict_RowsThatNothingNames_HaveTheirPosition()
    {
        await using var lake = await TrainedAsync("SELECT hash(i) % 100 AS weight, hash(i) % 100 + hash(i, 2) % 30 > 60 AS late FROM range(500) t(i)");
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        Assert.Equal([1L, 500L], lake.Query("ml/predictions/late", "SELECT min(\"row\"), max(\"row\") FROM {0}")[0]);
    }

    [Theory]
    [InlineData("hash(i) % 4 + 1", "multiclass", "INTEGER")]
    [InlineData("['red', 'green', 'blue'][1 + (hash(i) % 3)::INTEGER]", "multiclass", "VARCHAR")]
    [InlineData("(hash(i) % 100) * 1.5", "regression", "FLOAT")]
    public async Task Predict_OtherTargets_AnswerInTheirType(string target, string task, string type)
    {
        var integer = type == "INTEGER" ? $"({target})::INTEGER" : target;
        await using var lake = await TrainedAsync($"SELECT i AS order_id, hash(i) % 100 AS weight, hash(i, 5) % 10 AS region, {integer} AS late FROM range(400) t(i)", "--task", task);
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        Assert.Equal(type, lake.Query("ml/predictions/late", "SELECT typeof(prediction) FROM {0} LIMIT 1")[0][0]);
        Assert.Equal(400L, lake.Query("ml/predictions/late", "SELECT count(prediction) FROM {0}")[0][0]);
    }

    [Fact]
    public async Task Predict_DamagedModel_IsNotUsed()
    {
        await using var lake = await TrainedAsync();
        await lake.Store.PutAsync("ml/models/late/versions/1/model.ubj", Encoding.UTF8.GetBytes("{L"), WriteCondition.None, TestContext.Current.CancellationToken);
        var run = await PredictAsync(lake);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is not the file that was registered", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_UnknownModel_NamesWhatThereIs()
    {
        await using var lake = await TrainedAsync();
        var run = await MlProcess.RunAsync("predict", "--model", "lat", "--from", "raw.shop_orders", "--bucket", lake.Bucket);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("did you mean `late`?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_ListAndShow_TellWhatIsThere()
    {
        await using var lake = await TrainedAsync();
        using var list = JsonDocument.Parse((await MlProcess.SucceedAsync("models", "list", "--bucket", lake.Bucket, "-o", "json")).Out);
        Assert.Equal("late", list.RootElement[0].GetProperty("model").GetString());
        Assert.Equal("dev", list.RootElement[0].GetProperty("aliases").GetString());
        var show = await MlProcess.SucceedAsync("models", "show", "late@dev", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Contains("\nimportance,weight,", show.Out, StringComparison.Ordinal);
        Assert.Contains("\nmodel,target,late\n", show.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_ModelsOfTheOnlyTool_WriteOnlyTheirPrefixes()
    {
        await using var lake = await TrainedAsync();
        var before = await lake.KeysAsync();
        Assert.Equal(0, (await PredictAsync(lake)).ExitCode);
        Assert.All((await lake.KeysAsync()).Except(before), key => Assert.True(key.StartsWith("ml/", StringComparison.Ordinal) || key.StartsWith(".dataspoc/ml/", StringComparison.Ordinal), key));
        using var manifest = JsonDocument.Parse(await lake.TextAsync(".dataspoc/ml/manifest.json"));
        var entry = manifest.RootElement.GetProperty("tables").GetProperty("predictions/late");
        Assert.Equal(1000, entry.GetProperty("stats").GetProperty("total_rows").GetInt32());
        Assert.StartsWith("raw/shop/orders@", entry.GetProperty("inputs")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_DryRun_ShowsTheColumnsAndWritesNothing()
    {
        await using var lake = await TrainedAsync();
        var before = await lake.KeysAsync();
        var run = await PredictAsync(lake, "--dry-run", "--columns", "region", "-o", "csv");
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.Equal("column,type\norder_id,BIGINT\nregion,VARCHAR\nlate,BOOLEAN\nprediction,BOOLEAN\nprobability,FLOAT\nmodel_version,INTEGER\npredicted_at,TIMESTAMP WITH TIME ZONE\n", run.Out);
        Assert.Equal(before, await lake.KeysAsync());
    }
}
