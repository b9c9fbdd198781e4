using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// A table that DataSpoc 1.0 left: Parquet files in a folder without a log, with or without <c>dt=</c> folders. They enter the table's log with its first commit.
/// </summary>
/// <param name="Files">The files, with statistics from their footers.</param>
/// <param name="Schema">The columns of all files; null where there are none.</param>
internal sealed record FolderWithoutLog(IReadOnlyList<AdoptedFile> Files, DeltaSchema? Schema)
{
    public static FolderWithoutLog Empty { get; } = new([], null);

    public static async Task<FolderWithoutLog> ReadAsync(IObjectStore store, TableLocation location, Database database, CancellationToken cancel)
    {
        var objects = new List<ObjectMetadata>();
        await foreach (var found in store.ListAsync(location.Folder + "/", null, cancel))
            if (found.Key.EndsWith(".parquet", StringComparison.Ordinal))
                objects.Add(found);
        if (objects.Count == 0)
            return Empty;
        using var connection = database.Connect();
        var cache = ObjectCache.OfUser(Environment.GetEnvironmentVariable);
        var schema = new TableSchema(null, TablePlan.Plain);
        var files = new List<AdoptedFile>();
        foreach (var found in objects)
        {
            var file = ParquetFooter.Read(connection, await cache.FetchAsync(store, found.Key, found.Size, found.ETag, cancel));
            schema.Admit(file.Columns.Where(column => column.Name != DataFileName.PartitionColumn).Select(column => (column.Name, column.Type)), location);
            var path = found.Key[(location.Folder.Length + 1)..];
            var day = DataFileName.PartitionOf(path);
            files.Add(new(path, found.Size, found.LastModified, day is { } known ? DataFileName.PartitionValue(known) : null, file.Statistics));
        }
        return new(files, schema.WithPartition());
    }
}
