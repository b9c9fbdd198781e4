using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>What is peculiar to a bucket that is a folder: links, missing folders, files in the way, what is kept out of sight.</summary>
public sealed class FileBucketTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;
    private readonly string outside = Directory.CreateTempSubdirectory("dataspoc-outside-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        Directory.Delete(outside, recursive: true);
    }

    [Fact]
    public async Task AnyCall_ThroughALink_IsRefused()
    {
        await using var store = Open(folder);
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "s", Cancel);
        Directory.CreateDirectory(Path.Combine(folder, "raw"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "raw", "link"), outside);
        File.CreateSymbolicLink(Path.Combine(folder, "raw", "file"), Path.Combine(outside, "secret"));

        foreach (var key in new[] { "raw/link/secret", "raw/file", "raw/link/new", "raw/link" })
        {
            await RefusesLink(() => store.GetAsync(key, Cancel));
            await RefusesLink(() => store.HeadAsync(key, Cancel));
            await RefusesLink(() => store.PutAsync(key, "x"u8.ToArray(), WriteCondition.None, Cancel));
            await RefusesLink(() => store.PutAsync(key, "x"u8.ToArray(), WriteCondition.Absent, Cancel));
            await RefusesLink(() => store.DeleteAsync([key], Cancel));
            await RefusesLink(() => Task.FromResult(store.LocalPath(key)));
        }
        await RefusesLink(async () => await store.ListAsync("raw/", null, Cancel).ToListAsync(Cancel));
        await RefusesLink(async () => await store.ListAsync("raw/link/", null, Cancel).ToListAsync(Cancel));
        Assert.Equal(["secret"], Directory.GetFiles(outside).Select(Path.GetFileName));
    }

    [Fact]
    public async Task AnyCall_WhereStagingIsALink_WritesNothingOutside()
    {
        await using var store = Open(folder);
        Directory.CreateSymbolicLink(Path.Combine(folder, ".dataspoc"), outside);
        var local = Path.Combine(folder, "local");
        await File.WriteAllTextAsync(local, "x", Cancel);

        await RefusesLink(() => store.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Absent, Cancel));
        await RefusesLink(() => store.StageAsync("raw/x", "run", local, Cancel));
        await RefusesLink(() => Task.FromResult(store.ScratchFolder("run")));

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task Open_ABucketThatIsItselfALink_Works()
    {
        var link = Path.Combine(outside, "bucket");
        Directory.CreateSymbolicLink(link, folder);
        await using var store = Open(link);

        await store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);

        Assert.True(File.Exists(Path.Combine(folder, "raw", "x")));
    }

    [Fact]
    public async Task Read_NoSuchBucket_SaysSo()
    {
        await using var store = Open(Path.Combine(folder, "none"));

        foreach (var read in new Func<Task>[]
                 {
                     () => store.GetAsync("raw/x", Cancel),
                     () => store.HeadAsync("raw/x", Cancel),
                     () => store.ReadAsync("raw/x", 0, new byte[1], null, Cancel),
                     () => store.DeleteAsync(["raw/x"], Cancel),
                     async () => await store.ListAsync("", null, Cancel).ToListAsync(Cancel),
                     async () => await store.ListStagedAsync(Cancel).ToListAsync(Cancel),
                 })
        {
            var error = await Assert.ThrowsAsync<UserError>(read);
            Assert.Equal($"bucket `file://{folder}/none` does not exist", error.What);
            Assert.Equal(ExitCode.Failed, error.ExitCode);
        }
        Assert.False(Directory.Exists(Path.Combine(folder, "none")));
    }

    [Fact]
    public async Task Write_NoSuchBucket_MakesIt()
    {
        await using var store = Open(Path.Combine(folder, "new", "lake"));

        Assert.NotNull(await store.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Absent, Cancel));

        Assert.NotNull(await store.GetAsync("raw/x", Cancel));
    }

    [Fact]
    public async Task Read_ABucketThatMayBeNew_IsEmpty()
    {
        var bucket = BucketUri.Parse(Path.Combine(folder, "new"));
        await using var store = ObjectStores.Open(bucket, new() { MayBeNew = true });

        Assert.Null(await store.GetAsync(".dataspoc/state/orders/run.json", Cancel));
        Assert.Null(await store.HeadAsync("raw/x", Cancel));
        Assert.Empty(await store.ListAsync("", null, Cancel).ToListAsync(Cancel));
        await store.DeleteAsync(["raw/x"], Cancel);
        Assert.False(Directory.Exists(bucket.Path));
    }

    [Fact]
    public async Task AnyCall_ABucketThatIsAFile_SaysSo()
    {
        var file = Path.Combine(folder, "orders.csv");
        await File.WriteAllTextAsync(file, "a,b", Cancel);
        await using var store = ObjectStores.Open(BucketUri.Parse(file), new() { MayBeNew = true });

        var read = await Assert.ThrowsAsync<UserError>(() => store.GetAsync("raw/x", Cancel));
        var write = await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel));

        Assert.Equal($"bucket `file://{file}` is not a folder", read.What);
        Assert.Equal($"bucket `file://{file}` is not a folder", write.What);
    }

    [Fact]
    public async Task Put_BelowAFile_SaysThatAFileIsInTheWay()
    {
        await using var store = Open(folder);
        await store.PutAsync("raw/orders", "x"u8.ToArray(), default, Cancel);

        foreach (var condition in new[] { WriteCondition.None, WriteCondition.Absent })
        {
            var error = await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/orders/part", "x"u8.ToArray(), condition, Cancel));
            Assert.Contains("a file is where a folder is needed", error.What, StringComparison.Ordinal);
        }
        Assert.Null(await store.GetAsync("raw/orders/part", Cancel));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, ".dataspoc/staging/put")));
    }

    [Fact]
    public async Task Put_UnderAFoldersName_SaysThatAFolderHasIt()
    {
        await using var store = Open(folder);
        await store.PutAsync("raw/orders/part", "x"u8.ToArray(), default, Cancel);

        foreach (var condition in new[] { WriteCondition.None, WriteCondition.Absent })
        {
            var error = await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/orders", "x"u8.ToArray(), condition, Cancel));
            Assert.Contains("a folder has that name", error.What, StringComparison.Ordinal);
        }
        Assert.Null(await store.GetAsync("raw/orders", Cancel));
    }

    [Fact]
    public async Task List_WithLocksAndUnfinishedWrites_ShowsNeither()
    {
        await using var store = Open(folder);
        await store.PutAsync(".dataspoc/manifest.json", "1"u8.ToArray(), default, Cancel);
        Leave(".dataspoc/staging/put/0199", "half a do");
        Leave(".dataspoc/staging/run7/part-0.parquet", "half a part");

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, ".dataspoc/locks")));
        Assert.Equal([".dataspoc/manifest.json"], await store.ListAsync("", null, Cancel).Select(found => found.Key).ToListAsync(Cancel));
        Assert.Equal([".dataspoc/manifest.json"], await store.ListAsync(".dataspoc/", null, Cancel).Select(found => found.Key).ToListAsync(Cancel));
    }

    [Fact]
    public async Task ListStaged_WhatAKilledRunLeft_CanBeAbandoned()
    {
        await using var store = Open(folder);
        Leave(".dataspoc/staging/put/0199", "half a do");
        Leave(".dataspoc/staging/run7/part-0.parquet", "half a part");
        Leave(".dataspoc/staging/run7/staged/raw/t/part-1.parquet", "a part");

        var staged = await store.ListStagedAsync(Cancel).Select(found => found.Staged).ToListAsync(Cancel);
        foreach (var left in staged)
            await store.AbandonAsync(left, Cancel);

        Assert.Equal([".dataspoc/staging/put/0199", ".dataspoc/staging/run7/part-0.parquet", "raw/t/part-1.parquet"], staged.Select(left => left.Key));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task Delete_TheLastFileOfAFolder_TakesTheFolderToo()
    {
        await using var store = Open(folder);
        await store.PutAsync("raw/shop/orders/dt=2026-11-20/a", "x"u8.ToArray(), default, Cancel);
        await store.PutAsync("raw/shop/customers/b", "x"u8.ToArray(), default, Cancel);

        await store.DeleteAsync(["raw/shop/orders/dt=2026-11-20/a"], Cancel);

        Assert.Equal(["customers"], Directory.GetFileSystemEntries(Path.Combine(folder, "raw/shop")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Put_WhileOthersDeleteAndPruneTheSameFolder_NeverFails()
    {
        await using var store = Open(folder);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    var (key, condition) = ($"raw/shop/orders/{writer}", i % 2 == 0 ? WriteCondition.Absent : WriteCondition.None);
                    Assert.NotNull(await store.PutAsync(key, "x"u8.ToArray(), condition, Cancel));
                    await store.DeleteAsync([key], Cancel);
                }
            },
            Cancel)));

        Assert.False(Directory.Exists(Path.Combine(folder, "raw")));
    }

    [Fact]
    public async Task Stage_AFileOfAnotherFileSystem_CopiesIt()
    {
        const string memory = "/dev/shm";
        if (!Directory.Exists(memory) || new DriveInfo(memory).Name == new DriveInfo(folder).Name)
            Assert.Skip("there is no second file system at /dev/shm");
        var local = Path.Combine(memory, $"dataspoc-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(local, "far away", Cancel);
        await using var store = Open(folder);

        var staged = await store.StageAsync("raw/t/part", "run7", local, Cancel);
        await store.PublishAsync(staged, Cancel);

        Assert.False(File.Exists(local));
        Assert.Equal("far away", await File.ReadAllTextAsync(Path.Combine(folder, "raw/t/part"), Cancel));
        Assert.Equal(["raw"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task ETag_OfAFileEditedByHand_Changes()
    {
        await using var store = Open(folder);
        var etag = await store.PutAsync("raw/doc", "one"u8.ToArray(), default, Cancel);

        await File.WriteAllTextAsync(Path.Combine(folder, "raw/doc"), "two", Cancel);

        Assert.NotEqual(etag, (await store.HeadAsync("raw/doc", Cancel))!.ETag);
        Assert.Null(await store.PutAsync("raw/doc", "three"u8.ToArray(), WriteCondition.Matches(etag!), Cancel));
    }

    [Fact]
    public async Task Put_WhileTheClockStandsStill_StillChangesTheETag()
    {
        await using var store = ObjectStores.Open(BucketUri.Parse(folder), new() { Time = new StoppedClock() });
        var etags = new HashSet<string>();

        for (var i = 0; i < 200; i++)
            Assert.True(etags.Add((await store.PutAsync("raw/doc", Encoding.UTF8.GetBytes($"{i:000}"), default, Cancel))!));
    }

    private static IObjectStore Open(string path) => ObjectStores.Open(BucketUri.Parse(path));

    private static async Task RefusesLink(Func<Task> act) =>
        Assert.Contains("is a symbolic link", (await Assert.ThrowsAsync<UserError>(act)).What, StringComparison.Ordinal);

    private void Leave(string key, string text)
    {
        var path = Path.Combine(folder, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    }
}
