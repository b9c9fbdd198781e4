using System.Text.Json;
using Xunit;

namespace Ml.Tests.Commands;

public sealed class TrainAndPredictTests
{
    /// <summary>Parcels that are late when heavy and far, or on Fridays; the last 100 are still on their way.</summary>
    internal const string Parcels = """
        SELECT i AS parcel_id, 'T' || lpad(i::VARCHAR, 8, '0') AS tracking, (hash(i) % 1000) / 100.0 AS weight_kg, CAST(hash(i, 1) % 900 AS INTEGER) AS distance_km,
               CASE WHEN hash(i, 2) % 20 = 0 THEN NULL ELSE ['north', 'south', 'east', 'west'][1 + (hash(i, 3) % 4)::INTEGER] END AS region,
               hash(i, 4) % 3 = 0 AS fragile, TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE * 30 AS ordered_at, 'EUR' AS currency, DATE '2026-06-01' AS dt,
               CASE WHEN i < 1900 THEN TIMESTAMP '2026-01-03' + INTERVAL (i) MINUTE * 30 END AS delivered_at,
               CASE WHEN i < 1900 THEN (hash(i) % 1000 > 500 AND hash(i, 1) % 900 > 300) OR dayofweek(TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE * 30) = 5 END AS late
        FROM range(2000) t(i)
        """;

    [Fact]
    public async Task TrainThenPredict_OnATable_EndsInATableThatAnswersForEveryRow()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("curated/parcels/deliveries", Parcels);

        var train = await MlProcess.SucceedAsync("train", "--from", "curated.parcels_deliveries", "--target", "late", "--bucket", lake.Bucket, "-o", "json");
        using var trained = JsonDocument.Parse(train.Out);
        var row = trained.RootElement[0];
        Assert.Equal("late", row.GetProperty("model").GetString());
        Assert.Equal(1, row.GetProperty("version").GetInt32());
        Assert.InRange(row.GetProperty("holdout").GetDouble(), 0.97, 1);
        Assert.Contains("100 rows without `late` are not learned from", train.Error, StringComparison.Ordinal);
        Assert.Contains("`delivered_at` is left out: empty in every row without a target", train.Error, StringComparison.Ordinal);
        Assert.Contains("`parcel_id` is left out: named like a key", train.Error, StringComparison.Ordinal);

        var predict = await MlProcess.SucceedAsync("predict", "--model", "late", "--from", "curated.parcels_deliveries", "--bucket", lake.Bucket, "-o", "json");
        var rows = lake.Query("ml/predictions/late", "SELECT * FROM {0} ORDER BY parcel_id");
        Assert.Equal(2000, rows.Count);
        Assert.Equal(0L, rows[0][0]);
        Assert.Equal("T00000000", rows[0][1]);
        var right = lake.Query("ml/predictions/late", "SELECT count(*) FROM {0} WHERE late = prediction")[0][0];
        Assert.InRange((long)right!, 1850, 1900);
        Assert.Equal(100L, lake.Query("ml/predictions/late", "SELECT count(*) FROM {0} WHERE late IS NULL AND prediction IS NOT NULL AND probability BETWEEN 0 AND 1")[0][0]);
    }
}
