using DataSpoc.Lens.Buckets;
using Xunit;

namespace Lens.Tests.Buckets;

public sealed class BucketCommandTests
{
    [Fact]
    public async Task Bucket_AddListRemove_ChangeTheProject()
    {
        await using var lake = Lake.New("company");
        await lake.WriteAsync("raw/shop/orders", "SELECT 7 AS id");
        using var lens = new LensProcess();

        Assert.Equal(0, (await lens.RunAsync("init")).Exit);
        Assert.Equal(2, (await lens.RunAsync("init")).Exit);
        var added = await lens.RunAsync("bucket", "add", lake.Uri, "--default");
        Assert.Equal((0, ""), (added.Exit, added.Out));
        Assert.Contains("with 1 table", added.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await lens.RunAsync("add-bucket", lake.Folder, "--name", "other")).Exit);
        Assert.Equal($"name,uri,default\ncompany,{lake.Uri},true\nother,{lake.Uri},false\n", (await lens.RunAsync("bucket", "list")).Out);
        Assert.Equal("id\n7\n", (await lens.RunAsync("sql", "select id from raw.shop_orders")).Out);
        Assert.Equal(2, (await lens.RunAsync("bucket", "remove", "company")).Exit);
        Assert.Equal(0, (await lens.RunAsync("bucket", "remove", "other")).Exit);
        Assert.Equal($"name,uri,default\ncompany,{lake.Uri},true\n", (await lens.RunAsync("bucket", "list")).Out);
        Assert.Contains("# memory_limit", await File.ReadAllTextAsync(lens.PathOf("lens.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", null, 1)]
    [InlineData("ftp://x", null, 2)]
    [InlineData(".", "raw", 2)]
    [InlineData(".", "A B", 2)]
    public async Task BucketAdd_WhatIsNoBucket_LeavesNoFile(string uri, string? name, int exit)
    {
        using var lens = new LensProcess();

        Assert.Equal(exit, (await lens.RunAsync(["bucket", "add", uri, .. name is null ? Array.Empty<string>() : ["--name", name]])).Exit);
        Assert.False(File.Exists(lens.PathOf("lens.yaml")));
    }

    [Fact]
    public async Task BucketRemove_UnknownName_SuggestsTheNearest()
    {
        using var lens = new LensProcess();
        lens.Write("lens.yaml", "buckets:\n  bronze: file:///x\n");

        var outcome = await lens.RunAsync("bucket", "remove", "bronce");

        Assert.Equal(2, outcome.Exit);
        Assert.Contains("did you mean `bronze`?", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "buckets:\n  a: file:///x\n")]
    [InlineData("buckets: {} # none\nthreads: 2\n", "buckets: # none\n  a: file:///x\nthreads: 2\n")]
    [InlineData("buckets:\n    # mine\n    b: s3://b # why\n\nthreads: 2\n", "buckets:\n    # mine\n    b: s3://b # why\n    a: file:///x\n\nthreads: 2\n")]
    [InlineData("threads: 2\nbuckets:\n", "threads: 2\nbuckets:\n  a: file:///x\n")]
    [InlineData("threads: 2", "threads: 2\nbuckets:\n  a: file:///x\n")]
    public void Add_ToAFile_ChangesOneLine(string before, string after) => Assert.Equal(after, BucketsInFile.Add(before, "a", "file:///x"));
}
