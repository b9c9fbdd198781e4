using System.Runtime.Versioning;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>What the file system refuses a folder: permissions, a read-only mount, a full disk.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileBucketRefusalTests : IDisposable
{
    private const string Nobody = "65534";
    private readonly string folder = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Write_WithoutPermission_EndsWithExitCodeFour()
    {
        await using (var store = ObjectStores.Open(BucketUri.Parse(folder)))
            await store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);

        foreach (var command in new string[][] { ["put", "raw/x", "y"], ["put", "raw/new/y", "y"], ["delete", "raw/x"] })
        {
            var probe = await AsNobody(command[0], folder, command[1..]);
            Assert.Equal((int)ExitCode.NotPermitted, probe.ExitCode);
            Assert.Contains($"error: not permitted to {(command[0] == "put" ? "write" : "delete")} `{command[1]}` in `file://{folder}`", probe.Errors, StringComparison.Ordinal);
        }
        Assert.Equal("x\n", (await AsNobody("get", folder, "raw/x")).Output);
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(folder, "raw/x"), Cancel));
    }

    [Fact]
    public async Task Read_WithoutPermission_EndsWithExitCodeFour()
    {
        await using (var store = ObjectStores.Open(BucketUri.Parse(folder)))
            await store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_000_000);

        foreach (var command in new string[][] { ["get", "raw/x"], ["list", "raw/"] })
        {
            var probe = await AsNobody(command[0], folder, command[1..]);
            Assert.Equal((int)ExitCode.NotPermitted, probe.ExitCode);
            Assert.Contains($"error: not permitted to {(command[0] == "get" ? "read" : "list")} `{command[1]}` in `file://{folder}`", probe.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Write_OnAReadOnlyMount_EndsWithExitCodeFour()
    {
        await using var mount = await Mount.TryAsync(folder, "size=1m");
        await using var store = ObjectStores.Open(BucketUri.Parse(folder));
        await store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);
        await mount.RemountReadOnlyAsync();

        var error = await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/x", "y"u8.ToArray(), default, Cancel));

        Assert.Equal(ExitCode.NotPermitted, error.ExitCode);
        Assert.Contains("read-only file system", error.What, StringComparison.Ordinal);
        Assert.NotNull(await store.GetAsync("raw/x", Cancel));
    }

    [Fact]
    public async Task Write_OnAFullDisk_SaysSoAndLeavesNothing()
    {
        await using var mount = await Mount.TryAsync(folder, "size=1m");
        await using var store = ObjectStores.Open(BucketUri.Parse(folder));
        await store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);
        var large = Path.GetTempFileName();
        await File.WriteAllBytesAsync(large, new byte[2_000_000], Cancel);

        var put = await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/x", new byte[2_000_000], default, Cancel));
        var stage = await Assert.ThrowsAsync<UserError>(() => store.StageAsync("raw/y", "run7", large, Cancel));

        Assert.Contains($"no space left on the disk of `file://{folder}` to write `raw/x`", put.What, StringComparison.Ordinal);
        Assert.Contains("no space left", stage.What, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, put.ExitCode);
        Assert.True(File.Exists(large), "what could not be staged is still there");
        Assert.Equal(1, (await store.GetAsync("raw/x", Cancel))!.Bytes.Length);
        Assert.Empty(await store.ListStagedAsync(Cancel).ToListAsync(Cancel));
        File.Delete(large);
    }

    [Fact]
    public async Task Download_ToAFullDisk_SaysSoAndLeavesNothing()
    {
        var bucket = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;
        await using var mount = await Mount.TryAsync(folder, "size=1m");
        await using var store = ObjectStores.Open(BucketUri.Parse(bucket));
        await store.PutAsync("raw/x", new byte[2_000_000], default, Cancel);

        var error = await Assert.ThrowsAsync<UserError>(() => store.DownloadAsync("raw/x", null, Path.Combine(folder, "x"), Cancel));

        Assert.Contains("cannot bring `raw/x` to this machine", error.What, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
        Directory.Delete(bucket, recursive: true);
    }

    /// <summary>Runs the probe as a user without rights; root itself is refused nothing.</summary>
    private static async Task<ProcessResult> AsNobody(string command, string bucket, string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("only root can run a process as another user");
        string[] asNobody = ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", Probe.Path];
        var noHome = new Dictionary<string, string?> { ["HOME"] = "/nonexistent", ["DOTNET_EnableDiagnostics"] = "0" };
        var probe = await Probe.RunAsync("/usr/bin/setpriv", [.. asNobody, command, $"file://{bucket}", .. arguments], noHome);
        if (probe.ExitCode is 126 or 127)
            Assert.Skip("another user cannot enter the folder of this build");
        return probe;
    }

    private static Task<ProcessResult> AsNobody(string command, string bucket, string argument) => AsNobody(command, bucket, [argument]);

    /// <summary>A small file system in memory over a folder.</summary>
    private sealed class Mount(string folder) : IAsyncDisposable
    {
        public static async Task<Mount> TryAsync(string folder, string options)
        {
            if (!Environment.IsPrivilegedProcess || (await RunAsync("/usr/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", folder)).ExitCode != 0)
                Assert.Skip("a file system cannot be mounted here (not root, or a container without the right)");
            return new(folder);
        }

        public async Task RemountReadOnlyAsync() =>
            Assert.Equal(0, (await RunAsync("/usr/bin/mount", "-o", "remount,ro", folder)).ExitCode);

        public async ValueTask DisposeAsync() => await RunAsync("/usr/bin/umount", folder);

        private static Task<ProcessResult> RunAsync(string file, params string[] arguments) =>
            Probe.RunAsync(file, arguments, new Dictionary<string, string?>());
    }
}
