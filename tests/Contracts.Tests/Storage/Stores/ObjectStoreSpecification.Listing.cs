using Xunit;

namespace Contracts.Tests.Storage.Stores;

public abstract partial class ObjectStoreSpecification
{
    [Fact]
    public async Task List_AnEmptyBucket_IsEmpty()
    {
        Assert.Empty(await Keys());
        Assert.Empty(await Keys("raw/shop/"));
    }

    [Fact]
    public async Task List_NamesAroundTheSlash_AreInKeyOrder()
    {
        // '-' and '.' come before '/', '0' after it: a folder's place is not that of its name
        string[] keys = ["raw/a-b/x", "raw/a.json", "raw/a/x", "raw/a/y/z", "raw/a0", "raw/aa", "raw/b", "rawer"];
        foreach (var key in keys.Reverse())
            await Put(key, "x");

        Assert.Equal(keys, await Keys());
    }

    [Fact]
    public async Task List_CharactersBeyondTheBasicPlane_AreInTheOrderOfTheirBytes()
    {
        string[] keys = ["raw/a", "raw/é", "raw/\uffe6", "raw/🐘"];
        foreach (var key in keys.Reverse())
            await Put(key, "x");

        Assert.Equal(keys, await Keys("raw/"));
        Assert.Equal(["raw/🐘"], await Keys("raw/", startAfter: "raw/\uffe6"));
    }

    [Fact]
    public async Task List_APrefix_NeedNotEndAtAFolder()
    {
        foreach (var key in new[] { "raw/shop/a", "raw/shop/b", "raw/shopping/c", "raw/sh", "curated/shop/a" })
            await Put(key, "x");

        Assert.Equal(["raw/shop/a", "raw/shop/b"], await Keys("raw/shop/"));
        Assert.Equal(["raw/shop/a", "raw/shop/b", "raw/shopping/c"], await Keys("raw/shop"));
        Assert.Equal(["raw/sh", "raw/shop/a", "raw/shop/b", "raw/shopping/c"], await Keys("raw/sh"));
        Assert.Equal(["raw/shop/b"], await Keys("raw/shop/b"));
        Assert.Empty(await Keys("raw/shop/b/"));
        Assert.Empty(await Keys("raw/none/"));
    }

    [Theory]
    [InlineData("t/_delta_log/", "t/_delta_log/00000000000000000002.json", 3)]
    [InlineData("t/_delta_log/", "t/_delta_log/00000000000000000002.jso", 4)]
    [InlineData("t/_delta_log/", "t/_delta_log/00000000000000000005.json", 0)]
    [InlineData("t/_delta_log/", "t/_delta_log/", 6)]
    [InlineData("t/_delta_log/", "s", 6)]
    [InlineData("t/_delta_log/", "u", 0)]
    [InlineData("", "t/_delta_log/00000000000000000004.json", 2)]
    [InlineData("t/", "t/_delta_log/00000000000000000004.json", 2)]
    public async Task List_StartAfter_BeginsWithTheNextKey(string prefix, string startAfter, int expected)
    {
        for (var version = 0; version < 6; version++)
            await Put($"t/_delta_log/{version:D20}.json", "x");
        if (prefix != "t/_delta_log/")
            await Put("t/part.parquet", "x");

        Assert.Equal(expected, (await Keys(prefix, startAfter)).Count);
    }

    [Fact]
    public async Task List_MoreThanAThousandKeys_GivesEveryOneOnceAndInOrder()
    {
        var keys = Enumerable.Range(0, 2_345).Select(i => $"raw/t/dt={i % 7}/{i:00000}.parquet").ToArray();
        await Parallel.ForEachAsync(keys, Cancel, async (key, cancel) => await Store.PutAsync(key, "x"u8.ToArray(), default, cancel));
        Array.Sort(keys, StringComparer.Ordinal);

        Assert.Equal(keys, await Keys("raw/"));
        Assert.Equal(keys[1200..], await Keys("raw/", startAfter: keys[1199]));

        await Store.DeleteAsync(keys[1..], Cancel);
        Assert.Equal(keys[..1], await Keys());
    }
}
