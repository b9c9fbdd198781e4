using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

public abstract partial class ObjectStoreSpecification
{
    private const string RunId = "0199d0c0ffee70008000000000000001";

    private protected async Task<StagedObject> Stage(string key, byte[] bytes)
    {
        var scratch = Store.ScratchFolder(RunId);
        var file = Path.Combine(scratch, Path.GetFileName(key));
        await File.WriteAllBytesAsync(file, bytes, Cancel);
        var staged = await Store.StageAsync(key, RunId, file, Cancel);
        Assert.False(File.Exists(file), "the staged file is taken away");
        return staged;
    }

    private async Task<List<StagedObject>> ListStaged()
    {
        var found = new List<StagedObject>();
        await foreach (var (staged, begun) in Fresh().ListStagedAsync(Cancel))
        {
            Assert.InRange(begun, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
            // an upload whose beginning was answered to nobody has no parts; vacuum finds it
            if (!AnswersMayBeLost || staged.Parts.Count > 0)
                found.Add(staged);
        }
        return found;
    }

    [Fact]
    public async Task Stage_BeforePublish_NoReaderSeesIt()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));

        Assert.Equal(("raw/t/part.parquet", 3000), (staged.Key, staged.Size));
        Assert.Null(await Store.HeadAsync("raw/t/part.parquet", Cancel));
        Assert.Null(await Get("raw/t/part.parquet"));
        Assert.Empty(await Keys());
        Assert.Empty(await Keys("raw/"));
    }

    [Fact]
    public async Task Publish_ByAnotherProcessAndAgain_ShowsTheBytesOnce()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));

        await Fresh().PublishAsync(staged, Cancel);
        await Fresh().PublishAsync(staged, Cancel);
        await Store.PublishAsync(staged, Cancel);

        Assert.Equal(Pattern(3000), (await Store.GetAsync("raw/t/part.parquet", Cancel))!.Bytes.ToArray());
        Assert.Equal(["raw/t/part.parquet"], await Keys());
        Assert.Empty(await ListStaged());
    }

    [Fact]
    public async Task Publish_ByManyAtOnce_AllSucceed()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));
        var stores = Enumerable.Range(0, Writers).Select(_ => Fresh()).ToArray();

        await Times(Writers, writer => stores[writer].PublishAsync(staged, Cancel));

        Assert.Equal(["raw/t/part.parquet"], await Keys());
    }

    [Fact]
    public async Task Publish_ManyPieces_PutsThemTogetherInOrder()
    {
        var bytes = Pattern((11 * 1024 * 1024) + 5);
        var staged = await Stage("raw/t/large.parquet", bytes);
        await Store.PublishAsync(staged, Cancel);

        var target = Path.Combine(LocalFolder, "large");
        await Store.DownloadAsync("raw/t/large.parquet", null, target, Cancel);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(target, Cancel));
    }

    [Fact]
    public async Task Abandon_ByAnotherProcessAndAgain_LeavesNothing()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));
        Assert.Single(await ListStaged());

        await Fresh().AbandonAsync(staged, Cancel);
        await Fresh().AbandonAsync(staged, Cancel);

        Assert.Empty(await ListStaged());
        Assert.Empty(await Keys());
    }

    [Fact]
    public async Task Publish_WhatWasAbandoned_SaysThatItIsLost()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));
        await Store.AbandonAsync(staged, Cancel);

        var error = await Refuses(() => Store.PublishAsync(staged, Cancel));

        Assert.Contains("`raw/t/part.parquet` is neither staged nor published", error.What, StringComparison.Ordinal);
        Assert.Empty(await Keys());
    }

    [Fact]
    public async Task Abandon_WhatWasPublished_KeepsIt()
    {
        var staged = await Stage("raw/t/part.parquet", Pattern(3000));
        await Store.PublishAsync(staged, Cancel);

        await Store.AbandonAsync(staged, Cancel);

        Assert.Equal(["raw/t/part.parquet"], await Keys());
    }

    [Fact]
    public async Task ListStaged_OfSeveralRuns_GivesWhatPublishNeeds()
    {
        var one = await Stage("raw/t/dt=2026-11-20/a.parquet", Pattern(10));
        var two = await Stage("raw/u/b.parquet", Pattern(20));
        var gone = await Stage("raw/u/c.parquet", Pattern(30));
        await Store.PublishAsync(gone, Cancel);

        var listed = (await ListStaged()).OrderBy(staged => staged.Key, StringComparer.Ordinal).ToList();

        Assert.Equivalent(new[] { one, two }, listed, strict: true);
        foreach (var staged in listed)
            await Fresh().PublishAsync(staged, Cancel);
        Assert.Equal(["raw/t/dt=2026-11-20/a.parquet", "raw/u/b.parquet", "raw/u/c.parquet"], await Keys());
    }

    [Fact]
    public async Task Publish_OfAnotherKindOfBucket_IsRefused()
    {
        var error = await Refuses(() => Store.PublishAsync(new("raw/x", 3, null, [], "raw/other"), Cancel));
        Assert.Contains("was not staged by", error.What, StringComparison.Ordinal);
        await Refuses(() => Store.AbandonAsync(new("raw/x", 3, null, [], "raw/other"), Cancel));
    }
}
