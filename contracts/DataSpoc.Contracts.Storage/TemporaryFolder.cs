using DataSpoc.Contracts.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace DataSpoc.Contracts.Storage;

/// <summary>
/// A folder for temporary files that only this user can look into, and that is gone with everything in it once it is disposed. A process that is killed cannot tidy up: whoever makes the
/// next one takes its folder away. Which one is nobody's any more the kernel says, by a lock that ends with its process, in containers that share a folder too.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "dataspoc-";
    private const string Owner = ".owner";

    private readonly SafeFileHandle? held;

    /// <summary>Makes a folder where the system wants temporary ones (<c>TMPDIR</c>).</summary>
    /// <param name="purpose">A part of its name, for whoever looks: letters, digits and hyphens.</param>
    /// <exception cref="UserError">There is no such place, or it cannot be written to.</exception>
    public TemporaryFolder(string purpose) : this(purpose, System.IO.Path.GetTempPath())
    {
    }

    internal TemporaryFolder(string purpose, string parent)
    {
        if (!OperatingSystem.IsLinux())
        {
            Path = Directory.CreateTempSubdirectory($"{Prefix}{purpose}-").FullName;
            return;
        }
        Sweep(parent);
        try
        {
            do
            {
                Path = System.IO.Path.Combine(parent, $"{Prefix}{purpose}-{System.IO.Path.GetRandomFileName()}");
                held = Posix.MakeOwnFolder(Path) ? Hold(System.IO.Path.Combine(Path, Owner)) : null;
            }
            while (held is null);
        }
        catch (IOException fault)
        {
            throw new UserError("no temporary folder can be made", fault) { Where = [("folder", parent), ("reason", fault.Message)], Hint = "name a folder that can be written to by TMPDIR" };
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        held?.Dispose();
    }

    // null where a sweep came between the making of the file and its lock
    private static SafeFileHandle? Hold(string path)
    {
        SafeFileHandle file;
        try
        {
            file = Posix.OpenLockFile(path);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        if (Posix.TryLock(file) && Posix.Status(path)?.Inode == Posix.Status(file).Inode)
            return file;
        file.Dispose();
        return null;
    }

    private static string[] Left(string parent)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(parent, Prefix + "*").Where(Posix.IsOwnFolder)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // a folder in which one may make something need not be one that can be listed
            return [];
        }
    }

    private static void Sweep(string parent)
    {
        foreach (var folder in Left(parent))
        {
            using var file = Posix.OpenExistingLockFile(System.IO.Path.Combine(folder, Owner));
            if (file is null || !Posix.TryLock(file))
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception left) when (left is IOException or UnauthorizedAccessException)
            {
                // another was faster, or something in it may not be deleted: it is no reason to fail
                continue;
            }
        }
    }
}
