using DataSpoc.Contracts.Storage.Files;

namespace DataSpoc.Contracts.Storage;

/// <summary>Leaves a bucket as it was.</summary>
public static class ScratchCleanup
{
    /// <summary>
    /// Deletes a run's <see cref="IObjectStore.ScratchFolder"/>, and the folders above it inside the bucket where nothing else is in them. What is staged stays: a commit that was
    /// recorded and did not come to its end needs it, and whatever else was staged has been abandoned one by one.
    /// </summary>
    public static void DeleteScratch(this IObjectStore store, string runId)
    {
        ArgumentNullException.ThrowIfNull(store);
        var folder = store.ScratchFolder(runId);
        if (Directory.Exists(folder))
            Empty(new(folder));
        foreach (var name in new[] { "staging", ".dataspoc" })
        {
            folder = Path.GetDirectoryName(folder)!;
            if (Path.GetFileName(folder) != name || !Posix.RemoveEmptyFolder(folder))
                return;
        }
    }

    private static void Empty(DirectoryInfo scratch)
    {
        foreach (var file in scratch.EnumerateFiles())
            file.Delete();
        foreach (var folder in scratch.EnumerateDirectories().Where(folder => folder.Name != FileStaging.FolderName))
            folder.Delete(recursive: true);
        Posix.RemoveEmptyFolder(scratch.FullName);
    }
}
