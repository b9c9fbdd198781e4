using DataSpoc.Contracts.Storage.Files;

namespace DataSpoc.Contracts.Storage;

/// <summary>Leaves a bucket as it was.</summary>
public static class ScratchCleanup
{
    /// <summary>Deletes a run's <see cref="IObjectStore.ScratchFolder"/>, and the folders above it inside the bucket where nothing else is in them.</summary>
    public static void DeleteScratch(this IObjectStore store, string runId)
    {
        ArgumentNullException.ThrowIfNull(store);
        var folder = store.ScratchFolder(runId);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach (var name in new[] { "staging", ".dataspoc" })
        {
            folder = Path.GetDirectoryName(folder)!;
            if (Path.GetFileName(folder) != name || !Posix.RemoveEmptyFolder(folder))
                return;
        }
    }
}
