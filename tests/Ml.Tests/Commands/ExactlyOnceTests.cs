using DataSpoc.Ml.Commands;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests.Faults;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>Predictions and models under a bucket that breaks, at every call on it.</summary>
public sealed class ExactlyOnceTests
{
    private const string Orders = "SELECT i AS order_id, hash('w' || i) % 100 AS weight, hash('w' || i) % 100 + hash('z' || i) % 30 > 60 AS late FROM range(200) t(i)";

    private static async Task<Lake> TrainedAsync()
    {
        var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/orders", Orders);
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_orders", "--target", "late", "--bucket", lake.Bucket, "--rounds", "5", "--keep", "weight");
        return lake;
    }

    private static Task<MlProcess> PredictAsync(Lake lake, FaultInjector? faults, TimeProvider time) => MlProcess.RunAsync(
        faults is null ? null : (bucket, options) => faults.Wrap(ObjectStores.Open(bucket, options)), time,
        "predict", "--model", "late", "--from", "raw.shop_orders", "--bucket", lake.Bucket, "--append");

    [Theory]
    [InlineData(Fault.Fail)]
    [InlineData(Fault.LoseAnswer)]
    public async Task Predict_BucketGoneFromAnyCallOn_AppendsOnceWhenRunAgain(Fault fault)
    {
        var counter = new FaultInjector(FaultPlan.None);
        await using var trained = await TrainedAsync();
        await using (var whole = trained.Copy())
            Assert.Equal(0, (await PredictAsync(whole, counter, TimeProvider.System)).ExitCode);

        for (var call = 1; call <= counter.Calls.Count; call++)
        {
            await using var lake = trained.Copy();
            var time = new FastTime();
            var broken = await PredictAsync(lake, new FaultInjector(new(fault, call, AndAllAfter: true)), time);
            Assert.Equal(1, broken.ExitCode);
            // what an earlier start had recorded is finished by the next; what it had not is not there
            var kept = (await lake.KeysAsync(".dataspoc/ml/state/late/")).Count > 0 ? 1 : 0;
            Assert.Equal(0, (await PredictAsync(lake, null, time)).ExitCode);
            Assert.Equal([200L * (kept + 1), 200L], lake.Query("ml/predictions/late", "SELECT count(*), count(DISTINCT order_id) FROM {0}")[0]);
            Assert.Equal(kept + 1, (await lake.KeysAsync("ml/predictions/late/_delta_log/")).Count);
        }
    }
}
