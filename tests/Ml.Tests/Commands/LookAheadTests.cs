using System.Text.Json;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>What is known only afterwards does not make a model look good.</summary>
public sealed class LookAheadTests
{
    // each spell of twelve days and a half is all returns or none, by chance: whoever shuffles rows knows the spell from its other orders and
    // scores 1; whoever stands before it cannot know
    private const string Orders = """
        SELECT i AS order_id, 's' || lpad((hash('s' || i) % 700)::VARCHAR, 4, '0') AS shop, TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR AS ordered_at, TIMESTAMP '2026-01-03' + INTERVAL (i) HOUR AS returned_at,
               hash('n' || i) % 100 AS noise, hash('f' || (i // 300)) % 2 = 0 AS returned
        FROM range(6000) t(i)
        """;

    private static async Task<(double Auc, MlProcess Run)> AucAsync(params string[] more)
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/orders", Orders);
        var run = await MlProcess.SucceedAsync(["train", "--from", "raw.shop_orders", "--target", "returned", "--bucket", lake.Bucket, "--rounds", "200", "--trials", "1", "-o", "json", .. more]);
        using var row = JsonDocument.Parse(run.Out);
        return (row.RootElement[0].GetProperty("holdout").GetDouble(), run);
    }

    [Fact]
    public async Task Train_ForwardInTime_DoesNotKnowWhatShufflingWould()
    {
        // without `--keep` even the shuffled training leaves the columns out that separate the classes alone
        var (shuffled, _) = await AucAsync("--keep", "ordered_at");
        Assert.InRange(shuffled, 0.97, 1);
        var (forward, run) = await AucAsync("--time-column", "ordered_at");
        Assert.InRange(forward, 0.2, 0.9);
        Assert.Contains("`returned_at` is left out: mostly later than `ordered_at`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RowsOfOneGroup_AreNotJudgedByTheirLikes()
    {
        const string Visits = "SELECT 'p' || (i // 8) AS patient, (hash('a' || (i // 8)) % 1000) / 10.0 AS blood, (hash('b' || (i // 8)) % 1000) / 10.0 AS age, hash('ill' || (i // 8)) % 2 = 0 AS ill FROM range(3200) t(i)";
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/visits", Visits);
        async Task<double> Auc(params string[] more)
        {
            var run = await MlProcess.SucceedAsync(["train", "--from", "raw.shop_visits", "--target", "ill", "--bucket", lake.Bucket, "--rounds", "200", "--trials", "1", "--exclude", "patient", "--model", "m", "-o", "json", .. more]);
            using var row = JsonDocument.Parse(run.Out);
            return row.RootElement[0].GetProperty("holdout").GetDouble();
        }
        Assert.InRange(await Auc(), 0.9, 1);
        Assert.InRange(await Auc("--group", "patient"), 0.3, 0.7);
    }
}
