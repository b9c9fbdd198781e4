using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

public abstract partial class ObjectStoreSpecification
{
    [Fact]
    public async Task Get_NoSuchKey_IsNull()
    {
        Assert.Null(await Store.GetAsync("raw/shop/none.json", Cancel));
        Assert.Null(await Store.HeadAsync("raw/shop/none.json", Cancel));
    }

    [Fact]
    public async Task Get_AfterPut_GivesTheBytesAndOneETagEverywhere()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        var etag = await Put(".dataspoc/manifest.json", "{\"tables\":{}}");

        var got = await Store.GetAsync(".dataspoc/manifest.json", Cancel);
        var head = await Store.HeadAsync(".dataspoc/manifest.json", Cancel);
        var listed = await Store.ListAsync(".dataspoc/", null, Cancel).FirstAsync(Cancel);

        Assert.Equal("{\"tables\":{}}", await Get(".dataspoc/manifest.json"));
        Assert.Equal(13, got!.Metadata.Size);
        Assert.Equal(13, head!.Size);
        Assert.Equal(13, listed.Size);
        Assert.Equal((etag, etag, etag), (got.Metadata.ETag, head.ETag, listed.ETag));
        Assert.DoesNotContain('"', etag!);
        Assert.InRange(head.LastModified, before, DateTimeOffset.UtcNow.AddSeconds(2));
    }

    [Fact]
    public async Task Put_NoBytes_IsAnObject()
    {
        await Put("raw/empty", "");

        Assert.Equal("", await Get("raw/empty"));
        Assert.Equal(0, (await Store.HeadAsync("raw/empty", Cancel))!.Size);
    }

    [Fact]
    public async Task Put_OfTheSameSizeAgainAndAgain_NeverGivesAnETagTwice()
    {
        var etags = new HashSet<string>();
        for (var i = 0; i < 100; i++)
            Assert.True(etags.Add((await Put("raw/doc.json", $"{i:000}"))!), $"write {i} has the ETag of an earlier one");
    }

    [Fact]
    public async Task Put_AfterADelete_DoesNotGiveTheOldETagBack()
    {
        var etags = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            Assert.True(etags.Add((await Put("raw/doc.json", $"{i:000}", WriteCondition.Absent))!), $"write {i} has the ETag of an earlier one");
            await Store.DeleteAsync(["raw/doc.json"], Cancel);
        }
    }

    [Fact]
    public async Task Put_IfAbsent_NeverReplaces()
    {
        Assert.NotNull(await Put("t/_delta_log/0.json", "mine", WriteCondition.Absent));
        Assert.Null(await Put("t/_delta_log/0.json", "yours", WriteCondition.Absent));
        Assert.Equal("mine", await Get("t/_delta_log/0.json"));
    }

    [Fact]
    public async Task Put_IfMatch_ReplacesOnlyWhatWasRead()
    {
        var read = await Put("state/run.json", "1");
        var next = await Put("state/run.json", "2", WriteCondition.Matches(read!));

        Assert.NotNull(next);
        Assert.Null(await Put("state/run.json", "3", WriteCondition.Matches(read!)));
        Assert.Equal("2", await Get("state/run.json"));
        Assert.NotNull(await Put("state/run.json", "4", WriteCondition.Unchanged(next)));
    }

    [Fact]
    public async Task Put_IfMatchWhereNothingIs_WritesNothing()
    {
        var read = await Put("state/run.json", "1");
        await Store.DeleteAsync(["state/run.json"], Cancel);

        Assert.Null(await Put("state/run.json", "2", WriteCondition.Matches(read!)));
        Assert.Null(await Get("state/run.json"));
    }

    [Theory]
    [InlineData("raw/shop/orders/dt=2026-11-20/part 1.parquet")]
    [InlineData("raw/shop/a%20b+c&d=e?f#g.json")]
    [InlineData("raw/ünïcode/日本/🐘.json")]
    [InlineData("raw/it's (a) [test]~!$,;@*.json")]
    [InlineData("raw/...")]
    public async Task Put_AnOddKey_IsFoundUnderExactlyThatKey(string key)
    {
        await Put(key, "x");

        Assert.Equal("x", await Get(key));
        Assert.Equal([key], await Keys("raw/"));
        await Store.DeleteAsync([key], Cancel);
        Assert.Empty(await Keys());
    }

    [Fact]
    public async Task Delete_WhatIsThereAndWhatIsNot_LeavesNeither()
    {
        await Put("raw/a", "1");
        await Put("raw/b/c", "2");

        await Store.DeleteAsync(["raw/a", "raw/none", "none/at/all"], Cancel);
        await Store.DeleteAsync([], Cancel);

        Assert.Equal(["raw/b/c"], await Keys());
    }
}
