using System.Diagnostics;
using System.Globalization;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>
/// A temporary folder that only this user can look into, and that is gone with everything in it once it is disposed. A run that
/// is killed cannot tidy up: its folder is taken away by the next one.
/// </summary>
/// <param name="parent">Where temporary folders lie.</param>
internal sealed class SecretFolder(string parent) : IDisposable
{
    private const string Prefix = "pipe-tap-";

    private DirectoryInfo? folder;

    /// <summary>Writes a file that only this user can read.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        folder ??= Create();
        var path = Path.Combine(folder.FullName, name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        await using var file = new FileStream(path, options);
        await file.WriteAsync(content, cancel);
        return path;
    }

    public void Dispose()
    {
        if (folder is { Exists: true })
            folder.Delete(recursive: true);
        folder = null;
    }

    private DirectoryInfo Create()
    {
        var owners = Path.Combine(parent, $"{Prefix}{ProcessSpace()}-");
        foreach (var left in Directory.EnumerateDirectories(parent, $"{Prefix}{ProcessSpace()}-*").Where(path => IsLeftOver(path[owners.Length..])))
            TakeAway(left);

        var path = string.Create(CultureInfo.InvariantCulture, $"{owners}{Environment.ProcessId}-{Path.GetRandomFileName()}");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whether the process that a folder names is no longer there.</summary>
    private static bool IsLeftOver(string owner)
    {
        if (!int.TryParse(owner.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return false;

        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static void TakeAway(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // another user's, or another run was faster
            Debug.WriteLine(e.Message);
        }
    }

    /// <summary>Numbers of processes mean something within one PID namespace only; containers may share a folder.</summary>
    private static string ProcessSpace() =>
        string.Concat((new FileInfo("/proc/self/ns/pid").LinkTarget ?? "0").Where(char.IsAsciiDigit));
}
