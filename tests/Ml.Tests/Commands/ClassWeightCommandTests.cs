using System.Globalization;
using System.Text.Json;
using Contracts.Tests.Documents;
using DataSpoc.Contracts.Documents;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary><c>ml train --class-weight</c>, and what becomes of it.</summary>
public sealed class ClassWeightCommandTests : IAsyncLifetime
{
    private const string Table = """
        SELECT i AS id, hash('a' || i) % 1000 AS a, hash('b' || i) % 1000 AS b, hash('b' || i) % 100 * 1.5 AS price,
               CASE WHEN hash('a' || i) % 1000 + hash('q' || i) % 300 > 1240 THEN 'lost' WHEN hash('b' || i) % 1000 + hash('n' || i) % 600 > 800 THEN 'late' ELSE 'fine' END AS y
        FROM range(3000) t(i)
        """;

    private readonly Lake _lake = Lake.OnDisk();

    public async ValueTask InitializeAsync() => await _lake.WriteAsync("raw/shop/t", Table);

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    private Task<MlProcess> RunAsync(params string[] args) => MlProcess.RunAsync([.. args, "--bucket", _lake.Bucket]);

    [Theory]
    [InlineData("y", "gone=5", "`gone` is not a class of `y`")]
    [InlineData("y", "lost=none", "`lost=none` is not a class and its weight")]
    [InlineData("y", "sometimes", "`sometimes` is not a class and its weight")]
    [InlineData("price", "balanced", "`--class-weight` weighs classes; `price` is learned as a number")]
    public async Task Train_WeightsThatDoNotFit_AreRefusedAndNothingIsRegistered(string target, string weights, string expected)
    {
        var run = await RunAsync("train", "--from", "raw.shop_t", "--target", target, "--class-weight", weights, "--exclude", "id");
        Assert.Equal((2, true), (run.ExitCode, run.Error.Contains(expected, StringComparison.Ordinal)));
        Assert.Empty(await _lake.KeysAsync("ml/models/"));
    }

    [Fact]
    public async Task Train_BalancedClasses_IsRecordedRepeatableAndAnsweredInOneWay()
    {
        var train = await RunAsync("train", "--from", "raw.shop_t", "--target", "y", "--class-weight", "balanced", "--exclude", "id,price", "--keep", "a,b", "--trials", "1", "--rounds", "30");
        Assert.Equal(0, train.ExitCode);
        Assert.Contains("`lost` is rare: ", train.Error, StringComparison.Ordinal);
        Assert.Contains("the classes counted `fine` 0.", train.Error, StringComparison.Ordinal);
        foreach (var document in new[] { "features", "metrics", "run" })
            Assert.Empty(new JsonSchema(ContractSchemas.Text($"model-{document}")).Faults(await _lake.TextAsync($"ml/models/y/versions/1/{document}.json")));
        using var made = JsonDocument.Parse(await _lake.TextAsync("ml/models/y/versions/1/run.json"));
        Assert.Equal("balanced", made.RootElement.GetProperty("request").GetProperty("class_weight").GetString());
        Assert.Equal(3, made.RootElement.GetProperty("request").GetProperty("boosting").GetProperty("class_weights").GetArrayLength());
        Assert.Equal(0, (await RunAsync("reproduce", "y", "1")).ExitCode);

        Assert.Equal(0, (await RunAsync("predict", "--model", "y", "--from", "raw.shop_t", "--explain")).ExitCode);
        var right = (double)_lake.Query("ml/predictions/y", "SELECT avg((prediction = y)::INTEGER) FROM {0}")[0][0]!;
        var evaluate = await RunAsync("evaluate", "--model", "y", "--from", "raw.shop_t", "-o", "csv");
        Assert.Contains($"all,3000,accuracy,{right.ToString("R", CultureInfo.InvariantCulture)}", evaluate.Out, StringComparison.Ordinal);
        // the rare class is answered sooner than it is the most likely, and its probability is what it is
        var (answered, rows, likely) = _lake.Query("ml/predictions/y", "SELECT count(*) FILTER (WHERE prediction = 'lost'), count(*) FILTER (WHERE y = 'lost'), sum(CAST(probabilities->>'lost' AS DOUBLE)) FROM {0}")[0] is [long a, long r, double l] ? (a, r, l) : default;
        Assert.InRange(answered, rows * 1.2, rows * 20);
        Assert.InRange(likely, rows * 0.6, rows * 1.6);
    }
}
