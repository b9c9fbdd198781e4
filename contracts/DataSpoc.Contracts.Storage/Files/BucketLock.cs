using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DataSpoc.Contracts.Storage.Files;

/// <summary>
/// The exclusive right to replace or delete a key, among the processes of this machine and the tasks of this process.
/// It is a lock of the kernel on one of a few files that stay where they are, so a killed process leaves nothing held.
/// </summary>
internal sealed class BucketLock : IDisposable
{
    // enough that unrelated keys seldom wait for each other, few enough not to litter
    private const int Files = 16;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private readonly SafeFileHandle file;

    private BucketLock(SafeFileHandle file) => this.file = file;

    /// <summary>Waits for the lock that guards the key.</summary>
    /// <exception cref="UserError">Another process held it for a minute.</exception>
    public static async Task<BucketLock> TakeAsync(BucketFolder folder, string key, TimeProvider time, CancellationToken cancel)
    {
        var path = folder.ForWriting($"{BucketFolder.Locks}{Stripe(key):x}");
        var file = BucketFolder.InFolderOf(path, () => Posix.OpenLockFile(path));
        try
        {
            var began = time.GetTimestamp();
            for (var attempt = 0; !Posix.TryLock(file); attempt++)
            {
                if (time.GetElapsedTime(began) > s_longest)
                    throw Held(folder.Bucket, key, path);
                if (attempt < 4)
                    await Task.Yield();
                else
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(attempt, 10)), time, cancel);
            }
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    // FNV-1a: has to be the same in every process and version
    private static uint Stripe(string key) =>
        Encoding.UTF8.GetBytes(key).Aggregate(2166136261u, (hash, next) => unchecked((hash ^ next) * 16777619u)) % Files;

    private static UserError Held(BucketUri bucket, string key, string path) =>
        new($"another process has been writing `{key}` in `{bucket}` for a minute")
        {
            Where = [("bucket", bucket.ToString()), ("key", key), ("lock", path)],
            Hint = $"see which process holds it (`fuser {path}`); a stopped process keeps its lock until it ends",
        };
}
