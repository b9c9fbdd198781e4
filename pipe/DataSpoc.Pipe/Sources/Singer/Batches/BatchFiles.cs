using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Sources.Singer.Batches;

/// <summary>Files of this machine as they are, objects of a bucket through the user's cache.</summary>
/// <param name="database">Where Parquet is read.</param>
/// <param name="cache">Where objects are kept.</param>
/// <param name="open">Opens a bucket.</param>
/// <param name="folder">Where relative paths start.</param>
internal sealed class BatchFiles(Database database, ObjectCache cache, Func<BucketUri, IObjectStore> open, string folder) : IBatchFiles
{
    private const string Local = "file://";
    private const string Bucket = "s3://";

    public async Task<string> FetchAsync(string uri, CancellationToken cancel)
    {
        if (!uri.StartsWith(Bucket, StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(uri.StartsWith(Local, StringComparison.Ordinal) ? Uri.UnescapeDataString(uri[Local.Length..]) : uri, folder);
            return File.Exists(path) ? path : throw new UserError($"there is no file `{path}`");
        }

        var slash = uri.IndexOf('/', Bucket.Length);
        if (slash <= Bucket.Length || slash == uri.Length - 1)
            throw new UserError($"`{uri}` names no object");
        await using var store = open(BucketUri.Parse(uri[..slash]));
        var key = uri[(slash + 1)..];
        var found = await store.HeadAsync(key, cancel) ?? throw new UserError($"there is no object `{uri}`");
        return await cache.FetchAsync(store, key, found.Size, found.ETag, cancel);
    }

    public Connection Connect() => database.Connect();
}
