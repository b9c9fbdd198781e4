namespace DataSpoc.Contracts.Storage.Files;

/// <summary>
/// Files that no reader sees yet: <c>.dataspoc/staging/&lt;run id&gt;/staged/&lt;key&gt;</c>. They are on the disk before
/// <see cref="Stage"/> returns, because a commit record may name them from then on.
/// </summary>
internal sealed class FileStaging(BucketFolder folder, TimeProvider time)
{
    /// <summary>The folder of staged files in a run's folder.</summary>
    public const string FolderName = "staged";

    private const string StagedFolder = $"/{FolderName}/";

    public string Scratch(string runId)
    {
        var inside = folder.ForWriting($"{RunFolder(runId)}/x");
        return BucketFolder.InFolderOf(inside, () =>
        {
            var path = Path.GetDirectoryName(inside)!;
            return Directory.Exists(path) ? path : throw new DirectoryNotFoundException(path);
        });
    }

    public StagedObject Stage(string key, string runId, string localFile)
    {
        folder.ForWriting(key);
        var stagedAs = $"{RunFolder(runId)}{StagedFolder}{key}";
        var target = folder.ForWriting(stagedAs);
        long size;
        using (var file = File.OpenHandle(localFile, FileMode.Open, FileAccess.ReadWrite))
        {
            size = RandomAccess.GetLength(file);
            File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
            RandomAccess.FlushToDisk(file);
        }
        var errno = BucketFolder.Place(localFile, target, Posix.Rename);
        if (errno == Posix.EXDEV)
            Copy(localFile, target);
        else if (errno != 0)
            throw Posix.Failure(errno, target);
        Posix.SyncFolder(Path.GetDirectoryName(target)!);
        return new(key, size, UploadId: null, Parts: [], stagedAs);
    }

    public void Publish(StagedObject staged)
    {
        var target = folder.ForWriting(staged.Key);
        var source = folder.PathOf(StagedAs(staged));
        var errno = folder.Find(StagedAs(staged)) is null
            ? Posix.ENOENT
            : BucketFolder.Place(source, target, Posix.Rename);
        if (errno == 0)
        {
            Posix.SyncFolder(Path.GetDirectoryName(target)!);
            folder.Prune(source);
            return;
        }
        if (errno != Posix.ENOENT)
            throw Posix.Failure(errno, target);
        if (folder.Find(staged.Key)?.Status.Size != staged.Size)
            throw StagedObjectLost.Error(folder.Bucket, staged);
        // whoever renamed it may have been killed before its name was on the disk
        Posix.SyncFolder(Path.GetDirectoryName(target)!);
    }

    public void Abandon(StagedObject staged)
    {
        if (folder.Find(StagedAs(staged)) is not { } found)
            return;
        Posix.Unlink(found.Path);
        folder.Prune(found.Path);
    }

    /// <summary>Staged files, and what a killed run left below the staging folder besides them (its scratch files, unfinished
    /// writes): those have their place there as key, and can be abandoned like the others.</summary>
    public IEnumerable<(StagedObject Staged, DateTimeOffset Begun)> List()
    {
        foreach (var found in new FileListing(folder).Below(BucketFolder.Staging, startAfter: null))
            yield return (new(KeyOf(found.Key), found.Size, UploadId: null, Parts: [], found.Key), found.LastModified);
    }

    private static string KeyOf(string stagedAs)
    {
        var at = stagedAs.IndexOf(StagedFolder, BucketFolder.Staging.Length, StringComparison.Ordinal);
        var isStaged = at > 0 && stagedAs.IndexOf('/', BucketFolder.Staging.Length) == at;
        return isStaged ? stagedAs[(at + StagedFolder.Length)..] : stagedAs;
    }

    private string RunFolder(string runId)
    {
        if (runId.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException("a run id is one segment of a key", nameof(runId));
        return ObjectKey.Checked(BucketFolder.Staging + runId, folder.Bucket);
    }

    /// <summary>The record may come from a document that anyone with write access could change: it must not name anything but staged files.</summary>
    private string StagedAs(StagedObject staged) =>
        staged.StagedAs is { } name && name.StartsWith(BucketFolder.Staging, StringComparison.Ordinal)
            ? ObjectKey.Checked(name, folder.Bucket)
            : throw StagedObjectLost.Foreign(folder.Bucket, staged);

    private static void Copy(string localFile, string target)
    {
        // the name appears only with all its bytes
        var partial = target + ".partial";
        try
        {
            BucketFolder.InFolderOf(partial, () =>
            {
                File.Copy(localFile, partial, overwrite: true);
                return true;
            });
            using (var file = File.OpenHandle(partial, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(file);
            File.Move(partial, target, overwrite: true);
        }
        finally
        {
            Posix.Unlink(partial);
        }
        File.Delete(localFile);
    }
}
