using DataSpoc.Ml.Registry;
using DataSpoc.Tests.Faults;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>
/// Real processes killed by SIGKILL. Every single call is gone through in <see cref="ExactlyOnceTests"/> and the registration's tests, where a store that is gone from
/// a call on leaves what a kill leaves; here are the calls after which something else is in the bucket.
/// </summary>
public sealed class KilledTests
{
    private const string Orders = "SELECT i AS order_id, hash('w' || i) % 100 AS weight, hash('w' || i) % 100 + hash('z' || i) % 30 > 60 AS late FROM range(200) t(i)";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string[] Train(Lake lake) => ["train", "--from", "raw.shop_orders", "--target", "late", "--bucket", lake.Bucket, "--rounds", "5", "--trials", "1", "--keep", "weight", "-q"];

    private static async Task KillAsync(string plan, string[] args)
    {
        using var process = ToolProcess.StartProgram("MlUnderFaults", new Dictionary<string, string?> { [FaultInjector.PlanVariable] = plan }, args);
        var ended = await ToolProcess.EndAsync(process);
        Assert.True(ended.ExitCode == 137, $"{plan}: ended with {ended.ExitCode}: {ended.Error}");
    }

    [Theory]
    [InlineData("kill-after:1:put:versions/1/run.json", false)]
    [InlineData("kill-after:1:put:versions/1/metrics.json", false)]
    [InlineData("kill-after:2:put:versions/1/run.json", true)]
    [InlineData("kill-before:1:put:late/model.ubj", true)]
    public async Task Train_Killed_IsAVersionOrNoneAndTheNextIsTheSecond(string plan, bool registered)
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/orders", Orders);
        await KillAsync(plan, Train(lake));
        var catalog = new ModelCatalog(lake.Store);
        Assert.Equal(registered ? 1 : null, await catalog.NewestAsync("late", Cancel));

        await MlProcess.SucceedAsync(Train(lake));
        Assert.Equal([1, 2], await catalog.NumbersAsync("late", Cancel));
        Assert.Equal(2, (await catalog.AliasesAsync("late", Cancel)).Aliases["dev"]);
        foreach (var version in registered ? new[] { 1, 2 } : [2])
            Assert.NotEqual(0, (await catalog.TreesAsync(await catalog.DescribeAsync("late", version, Cancel), Cancel)).Length);
        foreach (var file in new[] { "metrics.json", "features.json" })
            Assert.Equal(await lake.TextAsync($"ml/models/late/versions/2/{file}"), await lake.TextAsync($"ml/models/late/{file}"));
    }

    [Theory]
    [InlineData("kill-before:1:put:state/late/run.json", 1)]
    [InlineData("kill-after:1:put:state/late/run.json", 2)]
    [InlineData("kill-after:1:put:_delta_log", 2)]
    public async Task Predict_Killed_AppendsOnceWhenRunAgain(string plan, int times)
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/orders", Orders);
        await MlProcess.SucceedAsync(Train(lake));
        string[] predict = ["predict", "--model", "late", "--from", "raw.shop_orders", "--append", "--bucket", lake.Bucket];
        await KillAsync(plan, predict);
        // the commit of the killed run is waited for, then finished
        var again = await MlProcess.RunAsync(null, new FastTime(), predict);
        Assert.Equal((0, ""), (again.ExitCode, again.ExitCode == 0 ? "" : again.Error));
        Assert.Equal([200L * times, 200L], lake.Query("ml/predictions/late", "SELECT count(*), count(DISTINCT order_id) FROM {0}")[0]);
    }
}
