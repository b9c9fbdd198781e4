using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Files;
using Xunit;

namespace Contracts.Tests.Storage;

/// <summary>Temporary folders are gone with their process, and nobody else's folder is touched.</summary>
public sealed class TemporaryFolderTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("folders-").FullName;

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public void Made_IsReadableByItsUserAlone_AndGoneWhenDisposed()
    {
        var folder = new TemporaryFolder("test", parent);
        File.WriteAllText(Path.Combine(folder.Path, "file"), "x");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        folder.Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(parent));
        folder.Dispose();
    }

    [Fact]
    public void Made_TakesAwayWhatNobodyHolds_AndNothingElse()
    {
        using var held = new TemporaryFolder("held", parent);
        var left = Folder("dataspoc-left", owner: true);
        File.CreateSymbolicLink(Path.Combine(left, "link"), held.Path);
        var kept = Folder("kept", owner: true);
        var foreign = Folder("dataspoc-foreign", owner: false);
        var open = Folder("dataspoc-open", owner: true);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        var linked = Folder("elsewhere", owner: true);
        File.CreateSymbolicLink(Path.Combine(parent, "dataspoc-link"), linked);
        var trap = Folder("dataspoc-trap", owner: false);
        File.CreateSymbolicLink(Path.Combine(trap, ".owner"), Path.Combine(linked, ".owner"));
        File.WriteAllText(Path.Combine(parent, "dataspoc-file"), "");
        File.CreateSymbolicLink(Path.Combine(parent, "dataspoc-dangling"), Path.Combine(parent, "nowhere"));

        using var next = new TemporaryFolder("next", parent);
        Assert.False(Directory.Exists(left));
        foreach (var stays in (string[])[held.Path, kept, foreign, open, linked, trap, next.Path])
            Assert.True(Directory.Exists(stays), stays);
        Assert.True(File.Exists(Path.Combine(linked, ".owner")));
        Assert.True(File.Exists(Path.Combine(held.Path, ".owner")));
    }

    [Fact]
    public void Made_WhereNothingCanBe_SaysSo()
    {
        var error = Assert.Throws<DataSpoc.Contracts.UserError>(() => new TemporaryFolder("test", Path.Combine(parent, "nowhere")));
        Assert.Contains("TMPDIR", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Made_ByManyAtOnce_EachHasItsOwn()
    {
        using var lastOne = new TemporaryFolder("one", parent);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                Folder($"dataspoc-left-{Guid.NewGuid():N}", owner: true);
                using var folder = new TemporaryFolder("many", parent);
                File.WriteAllText(Path.Combine(folder.Path, "file"), "x");
            }
        })));
        Assert.True(File.Exists(Path.Combine(lastOne.Path, ".owner")));
    }

    private string Folder(string name, bool owner)
    {
        // whole before it has its name: a sweep may come at any moment
        var (made, path) = (Path.Combine(parent, "making-" + name), Path.Combine(parent, name));
        Assert.True(Posix.MakeOwnFolder(made));
        if (owner)
            File.WriteAllText(Path.Combine(made, ".owner"), "");
        Directory.Move(made, path);
        return path;
    }
}
