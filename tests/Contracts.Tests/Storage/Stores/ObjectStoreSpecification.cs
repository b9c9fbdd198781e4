using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>
/// What every store must do, told once and run against each. The rules for reading a lost answer hold for all of them:
/// a conditional write that answers null may be one's own that had landed, so its writer reads back.
/// </summary>
public abstract partial class ObjectStoreSpecification : IAsyncLifetime
{
    private readonly List<IObjectStore> opened = [];
    private IObjectStore? first;

    /// <summary>A bucket of this test's own, made by whoever owns it.</summary>
    protected abstract Task MakeBucketAsync();

    protected abstract Task RemoveBucketAsync();

    /// <summary>A new instance over this test's bucket, which knows nothing of the others.</summary>
    protected abstract IObjectStore Open();

    /// <summary>How a test of many writers is scaled on a slow store.</summary>
    protected virtual int Rounds(int asked) => asked;

    /// <summary>Whether a conditional write that landed may answer null, because its answer was lost and it was tried again.</summary>
    private protected virtual bool AnswersMayBeLost => false;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected string LocalFolder { get; private set; } = "";

    private protected IObjectStore Store => first ??= Fresh();

    private protected IObjectStore Fresh()
    {
        var store = Open();
        opened.Add(store);
        return store;
    }

    public async ValueTask InitializeAsync()
    {
        await MakeBucketAsync();
        // not before: a test that skips here is not disposed of
        LocalFolder = Directory.CreateTempSubdirectory("dataspoc-test-").FullName;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened)
            await store.DisposeAsync();
        await RemoveBucketAsync();
        Directory.Delete(LocalFolder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes, and reads back where the answer may have been lost.</summary>
    private protected async Task<string?> Put(string key, string text, WriteCondition condition = default)
    {
        var etag = await Store.PutAsync(key, Encoding.UTF8.GetBytes(text), condition, Cancel);
        if (etag is null && AnswersMayBeLost && await Get(key) == text)
            return (await Store.HeadAsync(key, Cancel))!.ETag;
        return etag;
    }

    private protected async Task<string?> Get(string key) => await Get(Store, key);

    private protected static async Task<string?> Get(IObjectStore store, string key) =>
        await store.GetAsync(key, Cancel) is { } found ? Encoding.UTF8.GetString(found.Bytes.Span) : null;

    private protected async Task<List<string>> Keys(string prefix = "", string? startAfter = null)
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync(prefix, startAfter, Cancel))
            keys.Add(found.Key);
        return keys;
    }

    /// <summary>Bytes that repeat with a period that no power of two divides, so that a piece in the wrong place shows.</summary>
    private protected static byte[] Pattern(int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++)
            bytes[i] = (byte)(i % 251);
        return bytes;
    }

    private protected static Task Times(int writers, Func<int, Task> write) =>
        Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => write(writer), Cancel)));

    private protected static async Task<UserError> Refuses(Func<Task> act) => await Assert.ThrowsAsync<UserError>(act);
}
