using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests.Faults;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

public sealed class FaultInjectorTests : IDisposable
{
    private const int KilledBySignal = 128 + 9;
    private readonly string folder = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private BucketUri Bucket => BucketUri.Parse(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("kill-before:17", Fault.KillBefore, 17, null, null, false)]
    [InlineData("lose-answer:3:put", Fault.LoseAnswer, 3, StoreCall.Put, null, false)]
    [InlineData("fail:1+:publish:raw/shop", Fault.Fail, 1, StoreCall.Publish, "raw/shop", true)]
    [InlineData("KillAfter:2::_delta_log", Fault.KillAfter, 2, null, "_delta_log", false)]
    public void Parse_APlan_GivesItAndItsTextGivesItAgain(string text, Fault fault, int at, StoreCall? kind, string? key, bool after)
    {
        var plan = new FaultPlan(fault, at, kind, key, after);

        Assert.Equal(plan, FaultPlan.Parse(text));
        Assert.Equal(plan, FaultPlan.Parse(plan.ToString()));
    }

    [Fact]
    public async Task Fail_AtTheSecondPut_MakesThatCallNotHappen()
    {
        var faults = new FaultInjector(new FaultPlan(Fault.Fail, 2, StoreCall.Put));
        await using var store = faults.Wrap(ObjectStores.Open(Bucket));

        await store.PutAsync("a", "1"u8.ToArray(), default, Cancel);
        await store.HeadAsync("a", Cancel);
        await Assert.ThrowsAsync<UserError>(() => store.PutAsync("b", "2"u8.ToArray(), default, Cancel));
        await store.PutAsync("c", "3"u8.ToArray(), default, Cancel);

        Assert.Equal(["a", "c"], await store.ListAsync("", null, Cancel).Select(found => found.Key).ToListAsync(Cancel));
        Assert.Equal(
            [(StoreCall.Put, "a"), (StoreCall.Head, "a"), (StoreCall.Put, "b"), (StoreCall.Put, "c"), (StoreCall.List, "")], faults.Calls);
    }

    [Fact]
    public async Task Fail_FromACallOn_LastsForEver()
    {
        await using var store = new FaultInjector(new FaultPlan(Fault.Fail, 2, AndAllAfter: true)).Wrap(ObjectStores.Open(Bucket));

        await store.PutAsync("a", "1"u8.ToArray(), default, Cancel);
        await Assert.ThrowsAsync<UserError>(() => store.GetAsync("a", Cancel));
        await Assert.ThrowsAsync<UserError>(() => store.GetAsync("a", Cancel));
    }

    [Fact]
    public async Task Hold_ACall_WaitsForItsRelease()
    {
        var faults = new FaultInjector(new FaultPlan(Fault.HoldBefore, 1, StoreCall.Put));
        await using var store = faults.Wrap(ObjectStores.Open(Bucket));

        var held = store.PutAsync("a", "1"u8.ToArray(), default, Cancel);
        await faults.Held;
        Assert.False(held.IsCompleted);
        faults.Release();

        Assert.NotNull(await held);
    }

    [Theory]
    [InlineData("kill-before:1:put", false)]
    [InlineData("kill-after:1:put", true)]
    public async Task Kill_AtAPut_EndsTheProcessBeforeOrAfterIt(string plan, bool landed)
    {
        var log = Path.Combine(folder, "calls");
        var environment = new Dictionary<string, string?> { [FaultInjector.PlanVariable] = plan, [FaultInjector.LogVariable] = log };

        var probe = await Probe.RunAsync(Probe.Path, ["put", Bucket.ToString(), "raw/x", "hello"], environment);

        Assert.Equal(KilledBySignal, probe.ExitCode);
        Assert.Equal(landed, File.Exists(Path.Combine(folder, "raw/x")));
        Assert.Equal(["1 Put raw/x"], await File.ReadAllLinesAsync(log, Cancel));
    }
}
