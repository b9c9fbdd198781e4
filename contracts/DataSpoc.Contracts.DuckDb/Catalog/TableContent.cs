using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.DuckDb.Scanning;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>A data file of a table.</summary>
/// <param name="Key">Relative to the bucket's root.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Version">Changes when the file does.</param>
/// <param name="Partition">Partition column → value as text, null for a null; empty where the table is not partitioned.</param>
public sealed record ContentFile(string Key, long Size, string Version, IReadOnlyDictionary<string, string?> Partition);

/// <summary>The rows of a table at one instant: what its log, or its folder where it has none (DataSpoc 1.0), said when it was read.</summary>
/// <param name="Store">The bucket.</param>
/// <param name="Table">The table.</param>
/// <param name="Snapshot">Its snapshot; null for a folder without a log.</param>
/// <param name="Files">Its data files, in ordinal order.</param>
public sealed record TableContent(IObjectStore Store, CatalogTable Table, TableSnapshot? Snapshot, IReadOnlyList<ContentFile> Files)
{
    private const int FilesAtOnce = 4;

    /// <summary>Reads which files a table has now.</summary>
    /// <exception cref="UserError">The log is corrupt or asks for what is not known here, the folder is empty, or may not be read.</exception>
    public static Task<TableContent> ReadAsync(IObjectStore store, CatalogTable table, ICheckpointReader? checkpoints, CancellationToken cancel) =>
        ReadAsync(store, table, checkpoints, null, null, cancel);

    /// <summary>Reads which files a table had at an instant; null is now.</summary>
    /// <param name="store">The bucket.</param>
    /// <param name="table">The table.</param>
    /// <param name="checkpoints">Reads Parquet checkpoints that other writers made; null refuses them by name.</param>
    /// <param name="cache">Keeps the log entries of a distant bucket; null reads them each time.</param>
    /// <param name="asOf">The instant.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UserError">As above, or the table has no such version, or has no versions.</exception>
    public static async Task<TableContent> ReadAsync(IObjectStore store, CatalogTable table, ICheckpointReader? checkpoints, ObjectCache? cache, AsOf? asOf, CancellationToken cancel)
    {
        var location = table.Location;
        var version = await TableHistory.VersionAsync(store, location, asOf, cancel);
        if (await new TableLog(store, checkpoints, cache).ReadAsync(location.Folder, version, cancel) is not { } snapshot)
            return asOf is null
                ? new(store, table, null, await ListFolderAsync(store, table, cancel))
                : throw new UserError($"table `{table}` has no versions: it is a folder of files without a log") { Where = [("bucket", store.Bucket.ToString())] };
        var files = snapshot.Files.Values
            .Select(file => new ContentFile(location.KeyOf(file.Path), file.Size, file.ModificationTime.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), file.PartitionValues))
            .OrderBy(file => file.Key, StringComparer.Ordinal);
        return new(store, table, snapshot, [.. files]);
    }

    /// <summary>The paths under which this machine can read the files, in the order of <see cref="Files"/>; those of a distant bucket are copied first.</summary>
    /// <param name="cache">Where copies are kept.</param>
    /// <param name="fetched">Told the bytes of each file that is there.</param>
    /// <param name="cancel">Ends the copying.</param>
    /// <exception cref="UserError">A file is gone, or may not be read.</exception>
    public async Task<IReadOnlyList<string>> LocalPathsAsync(ObjectCache cache, Action<long>? fetched, CancellationToken cancel)
    {
        var paths = new string[Files.Count];
        if (paths.Length > 0 && Store.LocalPath(Files[0].Key) is not null)
        {
            for (var i = 0; i < paths.Length; i++)
                paths[i] = Store.LocalPath(Files[i].Key)!;
            return paths;
        }
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancel };
        await Parallel.ForAsync(0, paths.Length, parallel, async (i, token) =>
        {
            paths[i] = await cache.FetchAsync(Store, Files[i].Key, Files[i].Size, Files[i].Version, token);
            fetched?.Invoke(Files[i].Size);
        });
        return paths;
    }

    /// <summary>Where the copies of the files are, or would be; none where this machine can read the bucket itself.</summary>
    public IReadOnlyList<string> CopyPaths(ObjectCache cache) => Files.Count == 0 || Store.LocalPath(Files[0].Key) is not null ? [] : new DistantTable(cache, this).Paths;

    /// <summary>The table as a query finds it.</summary>
    /// <param name="connection">May read the files: the columns of a folder without a log are in them.</param>
    /// <param name="paths">What <see cref="LocalPathsAsync"/> gave.</param>
    /// <exception cref="UserError">A column has a type that cannot be read, or the files of a folder do not fit together.</exception>
    public MountedTable Mounted(Connection connection, IReadOnlyList<string> paths)
    {
        var files = Files.Select((file, i) => new MountedFile(paths[i]) { PartitionValues = file.Partition }).ToArray();
        if (Snapshot is { Metadata: var metadata })
            return new(Table.Schema, Table.Name, MountedTable.ColumnsOf(metadata.Schema), files) { PartitionColumns = metadata.PartitionColumns };
        return files.Length > 0 ? PlainFolder.Table(connection, Table.Schema, Table.Name, files) : Table.Declared!;
    }

    private static async Task<IReadOnlyList<ContentFile>> ListFolderAsync(IObjectStore store, CatalogTable table, CancellationToken cancel)
    {
        var folder = table.Location.Folder + "/";
        var files = new List<ContentFile>();
        await foreach (var found in store.ListAsync(folder, null, cancel))
        {
            var path = found.Key[folder.Length..];
            if (path.EndsWith(".parquet", StringComparison.Ordinal) && !path.Split('/').Any(part => part[0] is '_' or '.'))
                files.Add(new(found.Key, found.Size, found.ETag, Partition(path)));
        }
        return files.Count > 0 || table.Declared is not null ? files : throw new UserError($"table `{table}` has no files")
        {
            Where = [("bucket", store.Bucket.ToString()), ("folder", folder)],
            Hint = table.Entry is null ? null : $"the manifest names it, its folder is empty: `pipe manifest rebuild --bucket {store.Bucket}` makes the manifest anew",
        };
    }

    private static Dictionary<string, string?> Partition(string path) =>
        DataFileName.PartitionOf(path) is { } day
            ? new() { [DataFileName.PartitionColumn] = DataFileName.PartitionValue(day) }
            : [];
}
