using System.Security.Cryptography;
using System.Text;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.DuckDb.Cache;

/// <summary>
/// Local copies of objects and of parts of objects, shared by all processes of a user. A copy is a sparse file, named by a hash of bucket, key and content version, and a
/// journal of the pieces that are in it with their checksums: what was not copied, is damaged, or was left half-written is fetched again and never trusted.
/// </summary>
/// <param name="folder">Where the copies lie; made on first use.</param>
/// <param name="limit">Bytes that are kept at most; the copies used longest ago go first.</param>
/// <param name="requests">Requests at a time.</param>
public sealed class ObjectCache(string folder, long limit = 10L << 30, int requests = 16) : IObjectCopies
{
    private const string Extension = ".parquet";
    private const string DocumentExtension = ".json";

    /// <summary>The cache of this user: <c>$DATASPOC_CACHE</c>, or <c>dataspoc/objects</c> in the cache folder of the system (<c>$XDG_CACHE_HOME</c>, <c>~/.cache</c>).</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static ObjectCache OfUser(Func<string, string?> variable)
    {
        if (variable("DATASPOC_CACHE") is { Length: > 0 } chosen)
            return new(Path.GetFullPath(chosen));
        var root = variable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(variable("HOME") ?? Path.GetTempPath(), ".cache");
        return new(Path.Combine(root, "dataspoc", "objects"));
    }

    /// <summary>The path of a whole local copy of the object, fetched where there is none yet; the object itself where this machine can read it.</summary>
    /// <param name="store">The bucket.</param>
    /// <param name="key">The object.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="version">What changes when the object does: an ETag, or anything constant for an object that is never rewritten.</param>
    /// <param name="cancel">Ends the download and leaves nothing.</param>
    /// <exception cref="UserError">The object is gone, has changed, or may not be read; or the disk is full.</exception>
    public async Task<string> FetchAsync(IObjectStore store, string key, long size, string version, CancellationToken cancel)
    {
        if (store.LocalPath(key) is { } local)
            return local;
        var copy = Open(store, new(key, size, null), version);
        await BringAsync([(copy, new ByteRange(0, size))], null, cancel);
        return copy.Path;
    }

    /// <summary>A whole small object as it was listed, kept with its checksum; null where it is gone.</summary>
    /// <param name="store">The bucket.</param>
    /// <param name="listed">The object; a copy counts for this ETag and this reader only.</param>
    /// <param name="cancel">Ends the download.</param>
    /// <exception cref="UserError">The object may not be read.</exception>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(IObjectStore store, ObjectMetadata listed, CancellationToken cancel)
    {
        // to read a table's log is to be let into the table: whoever has not read it with these credentials asks the bucket
        var copy = new CachedDocument(Path.ChangeExtension(PathOf(store.Bucket, listed.Key, $"{listed.ETag}\n{await store.ReaderAsync(cancel)}"), DocumentExtension));
        if (copy.Read() is { } kept)
            return kept;
        if (await store.GetAsync(listed.Key, cancel) is not { } content)
            return null;
        if (content.Metadata.ETag == listed.ETag)
            copy.Write(content.Bytes.Span);
        return content.Bytes;
    }

    /// <summary>The copy of an object, with whatever parts of it are there.</summary>
    internal CachedObject Open(IObjectStore store, ContentObject file, string version) => new(store, file, PathOf(store.Bucket, file.Key, version));

    /// <summary>Copies what is missing of these parts, several requests at a time.</summary>
    /// <param name="parts">What has to be there.</param>
    /// <param name="fetched">Told the bytes of each piece that was copied.</param>
    /// <param name="cancel">Ends the copying; what was copied stays.</param>
    /// <exception cref="UserError">An object is gone, has changed, or may not be read; or the disk is full.</exception>
    internal async Task BringAsync(IEnumerable<(CachedObject Object, ByteRange Range)> parts, Action<long>? fetched, CancellationToken cancel)
    {
        try
        {
            var missing = parts.GroupBy(part => part.Object, part => part.Range).SelectMany(group => group.Key.Missing(group).Select(piece => (Object: group.Key, Piece: piece))).ToArray();
            if (missing.Length == 0)
                return;
            await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = requests, CancellationToken = cancel }, async (part, token) =>
            {
                await part.Object.FetchAsync(part.Piece, token);
                fetched?.Invoke(part.Piece.Length);
            });
        }
        catch (IOException error)
        {
            throw new UserError($"a file of the bucket cannot be copied to this machine: {error.Message}", error)
            {
                Where = [("cache", folder)],
                Hint = "free disk space, or set DATASPOC_CACHE to a folder on a larger disk",
            };
        }
    }

    /// <summary>Deletes the copies used longest ago until the limit holds. Those used within the last hour stay: a query may be reading them.</summary>
    public void Trim()
    {
        var kept = 0L;
        foreach (var copy in List().OrderByDescending(copy => copy.UsedAt))
            if ((kept += copy.Bytes) > limit && copy.UsedAt < DateTime.UtcNow.AddHours(-1))
                Delete(copy);
    }

    /// <summary>The copies there are.</summary>
    public IReadOnlyList<CachedCopy> List()
    {
        var root = new DirectoryInfo(folder);
        return root.Exists
            ? [.. root.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Extension is Extension or DocumentExtension).Select(file => new CachedCopy(file.FullName, BytesOf(file), file.LastAccessTimeUtc))]
            : [];
    }

    private static long BytesOf(FileInfo file) =>
        file.Extension == DocumentExtension ? file.Length : new RangeJournal(file.FullName + ".ranges").Read().Sum(piece => piece.Range.Length);

    /// <summary>Deletes a copy; one that is gone already is fine.</summary>
    public static void Delete(CachedCopy copy)
    {
        // the journal first: without it nothing of the file counts
        File.Delete(copy.Path + ".ranges");
        File.Delete(copy.Path);
    }

    private string PathOf(BucketUri bucket, string key, string version)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{bucket}\n{key}\n{version}")));
        // The day stays in the path, so that a query over one day does not open the copies of the others.
        return DataFileName.PartitionOf(key) is { } day
            ? Path.Combine(folder, hash[..2], DataFileName.PartitionFolder(day), hash + Extension)
            : Path.Combine(folder, hash[..2], hash + Extension);
    }
}
