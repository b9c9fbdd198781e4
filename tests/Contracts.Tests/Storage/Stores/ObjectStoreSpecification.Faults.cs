using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests.Faults;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

public abstract partial class ObjectStoreSpecification
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_WhoseAnswerWasLost_IsFoundByReadingBack(bool ifAbsent)
    {
        var condition = ifAbsent ? WriteCondition.Absent : WriteCondition.Matches((await Put("state/run.json", "before"))!);
        var broken = new FaultInjector(new FaultPlan(Fault.LoseAnswer, 1, StoreCall.Put)).Wrap(Store);

        await Refuses(() => broken.PutAsync("state/run.json", Encoding.UTF8.GetBytes("mine"), condition, Cancel));

        Assert.Null(await broken.PutAsync("state/run.json", Encoding.UTF8.GetBytes("mine"), condition, Cancel));
        Assert.Equal("mine", await Get("state/run.json"));
    }

    [Fact]
    public async Task Publish_WhoseAnswerWasLost_IsDoneAlready()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));
        var broken = new FaultInjector(new FaultPlan(Fault.LoseAnswer, 1, StoreCall.Publish)).Wrap(Store);

        await Refuses(() => broken.PublishAsync(staged, Cancel));
        await broken.PublishAsync(staged, Cancel);

        Assert.Equal(["raw/t/part.parquet"], await Keys());
    }

    [Fact]
    public async Task Publish_ThatNeverHappened_HappensTheNextTime()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));
        var broken = new FaultInjector(new FaultPlan(Fault.Fail, 1, StoreCall.Publish)).Wrap(Store);

        await Refuses(() => broken.PublishAsync(staged, Cancel));
        Assert.Empty(await Keys());
        await broken.PublishAsync(staged, Cancel);

        Assert.Equal(["raw/t/part.parquet"], await Keys());
    }

    [Fact]
    public async Task AnyCall_Cancelled_EndsAsCancelled()
    {
        await Put("raw/x", "x");
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();

        await Cancelled(() => Store.GetAsync("raw/x", ended.Token));
        await Cancelled(() => Store.HeadAsync("raw/x", ended.Token));
        await Cancelled(() => Store.ReadAsync("raw/x", 0, new byte[1], null, ended.Token));
        await Cancelled(() => Store.PutAsync("raw/y", "y"u8.ToArray(), default, ended.Token));
        await Cancelled(() => Store.DeleteAsync(["raw/x"], ended.Token));
        await Cancelled(async () => await Store.ListAsync("", null, ended.Token).FirstOrDefaultAsync(Cancel));

        Assert.Equal(["raw/x"], await Keys());
    }

    private static async Task Cancelled(Func<Task> act) => await Assert.ThrowsAnyAsync<OperationCanceledException>(act);
}
