using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DataSpoc.Contracts.Storage.Files;

/// <summary>The system calls that .NET does not offer: hard links, locks, syncing a folder, inode numbers.</summary>
internal static partial class Posix
{
    public const int EPERM = 1, ENOENT = 2, EINTR = 4, EAGAIN = 11, EACCES = 13, EEXIST = 17, EXDEV = 18, ENOTDIR = 20,
        EISDIR = 21, EINVAL = 22, ENOSPC = 28, EROFS = 30, EMLINK = 31, ENAMETOOLONG = 36, ENOLCK = 37, ENOSYS = 38,
        ENOTEMPTY = 39, ELOOP = 40, EOPNOTSUPP = 95, EDQUOT = 122;

    private const int CurrentFolder = -100, NoFollow = 0x100, EmptyPath = 0x1000;
    private const uint TypeInodeSizeTime = 0x1 | 0x40 | 0x100 | 0x200;
    private const int ReadOnly = 0, ReadWrite = 2, Create = 0x40, CloseOnExec = 0x80000;
    // what the user's umask leaves of it
    private const int AnyoneMayReadAndWrite = 0b110_110_110;
    private const uint AnyoneMayDoAnything = 0b111_111_111;
    private const int LinksAreNotFollowed = 0x20000;
    private const uint OwnerAlone = 0b111_000_000, OthersToo = 0b000_111_111;
    private const uint TypeModeOwner = 0x1 | 0x2 | 0x8;
    private const int Exclusive = 2, DoNotBlock = 4;

    /// <summary>What lies at a path (a link itself, not its target), or null where nothing does.</summary>
    /// <exception cref="IOException">The path may not be looked at, with the system's error number as HResult.</exception>
    public static FileStatus? Status(string path)
    {
        if (Statx(CurrentFolder, path, NoFollow, TypeInodeSizeTime, out var status) == 0)
            return FileStatus.From(status);
        return Marshal.GetLastPInvokeError() switch
        {
            ENOENT or ENOTDIR => null,
            var errno => throw Failure(errno, path),
        };
    }

    /// <summary>What an open file is now.</summary>
    public static FileStatus Status(SafeFileHandle file)
    {
        using var borrowed = new Borrowed(file);
        if (Statx(borrowed.Descriptor, "", EmptyPath, TypeInodeSizeTime, out var status) != 0)
            throw Failure(Marshal.GetLastPInvokeError(), "");
        return FileStatus.From(status);
    }

    /// <summary>Gives a file a second name unless that name is taken: the atomic form of "create if absent".</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int Link(string from, string to) => LinkFile(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Renames within a file system, over whatever file has the name.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int Rename(string from, string to) => RenameFile(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes a folder unless the name is taken.</summary>
    /// <returns>False where the folder above it is not there.</returns>
    public static bool MakeFolder(string path)
    {
        if (MakeFolder(path, AnyoneMayDoAnything) == 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            EEXIST => true,
            ENOENT => false,
            var errno => throw Failure(errno, path),
        };
    }

    /// <summary>Makes a folder that only this user can look into; the name must be free.</summary>
    /// <returns>False where the name is taken.</returns>
    public static bool MakeOwnFolder(string path)
    {
        if (MakeFolder(path, OwnerAlone) == 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            EEXIST => false,
            var errno => throw Failure(errno, path),
        };
    }

    /// <summary>Whether a path is a folder, not a link to one, of this user, that nobody else may look into.</summary>
    public static bool IsOwnFolder(string path) =>
        Statx(CurrentFolder, path, NoFollow, TypeModeOwner, out var status) == 0 && FileStatus.From(status).Kind == FileKind.Folder && status.User == EffectiveUser() && (status.Mode & OthersToo) == 0;

    /// <summary>Opens a file that serves as a lock; a link is not followed.</summary>
    /// <returns>Null where there is none.</returns>
    public static SafeFileHandle? OpenExistingLockFile(string path)
    {
        var descriptor = Open(path, ReadWrite | CloseOnExec | LinksAreNotFollowed, 0);
        return descriptor < 0 ? null : new(descriptor, ownsHandle: true);
    }

    /// <summary>Removes a folder if it is empty.</summary>
    public static bool RemoveEmptyFolder(string path) => RemoveFolder(path) == 0;

    /// <summary>Removes a file's name.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Unlink(string path)
    {
        if (UnlinkFile(path) == 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            ENOENT or ENOTDIR => false,
            var errno => throw Failure(errno, path),
        };
    }

    /// <summary>Opens a file that serves as a lock, making it if need be; .NET's own way of opening would take a lock of its own.</summary>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    public static SafeFileHandle OpenLockFile(string path)
    {
        var descriptor = Open(path, ReadWrite | Create | CloseOnExec, AnyoneMayReadAndWrite);
        // made by another user: a file that may only be read can be locked all the same
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == EACCES)
            descriptor = Open(path, ReadOnly | CloseOnExec, 0);
        if (descriptor >= 0)
            return new(descriptor, ownsHandle: true);
        throw Marshal.GetLastPInvokeError() switch
        {
            ENOENT => new DirectoryNotFoundException(path),
            var errno => Failure(errno, path),
        };
    }

    /// <summary>Takes the exclusive lock of an open file if it is free. The kernel frees it when the handle closes, however the process ends.</summary>
    public static bool TryLock(SafeFileHandle file)
    {
        using var borrowed = new Borrowed(file);
        while (LockFile(borrowed.Descriptor, Exclusive | DoNotBlock) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno == EAGAIN)
                return false;
            if (errno != EINTR)
                throw Failure(errno, "");
        }
        return true;
    }

    /// <summary>
    /// Brings a folder's entries to the disk. A folder that is gone has none (another process deleted what was in it and pruned
    /// it); a file system that knows no such thing is taken at its word.
    /// </summary>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec, 0);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() is var failed)
        {
            if (failed == ENOENT)
                return;
            throw Failure(failed, path);
        }
        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() is not (EINVAL or EROFS) and var errno)
            throw Failure(errno, path);
    }

    /// <summary>An error number as .NET's own file calls report it: in HResult.</summary>
    public static IOException Failure(int errno, string path) =>
        new($"{Marshal.GetPInvokeErrorMessage(errno)}{(path.Length == 0 ? "" : $": {path}")}", errno);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out RawStatus status);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkFile(string path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFolder(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveFolder(string path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockFile(int descriptor, int operation);

    /// <summary>Linux' <c>struct statx</c>, the same on every architecture; only the members that are read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct RawStatus
    {
        [FieldOffset(20)] public uint User;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
    }

    /// <summary>Keeps a handle open for the length of a call.</summary>
    private readonly ref struct Borrowed
    {
        private readonly SafeFileHandle handle;
        private readonly bool held;

        public Borrowed(SafeFileHandle handle)
        {
            this.handle = handle;
            handle.DangerousAddRef(ref held);
        }

        public int Descriptor => (int)handle.DangerousGetHandle();

        public void Dispose()
        {
            if (held)
                handle.DangerousRelease();
        }
    }
}
