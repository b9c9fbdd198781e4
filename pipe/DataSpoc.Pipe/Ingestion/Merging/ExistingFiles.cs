using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Ingestion.Merging;

/// <summary>A data file of a table, where this machine can read it.</summary>
/// <param name="File">As the log names it.</param>
/// <param name="Path">The local path.</param>
internal sealed record ExistingFile(AddFile File, string Path)
{
    /// <summary>Its day, <c>2026-01-31</c>.</summary>
    public string? Day => File.PartitionValues.GetValueOrDefault(DataFileName.PartitionColumn);
}

/// <summary>Brings a table's data files to this machine; those of a distant bucket through the cache.</summary>
internal sealed class ExistingFiles(IObjectStore store, TableLocation location, ObjectCache cache)
{
    public async Task<IReadOnlyList<ExistingFile>> FetchAsync(IEnumerable<AddFile> files, CancellationToken cancel)
    {
        var fetched = new List<ExistingFile>();
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            var version = file.ModificationTime.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            fetched.Add(new(file, await cache.FetchAsync(store, location.KeyOf(file.Path), file.Size, version, cancel)));
        }
        return fetched;
    }
}
