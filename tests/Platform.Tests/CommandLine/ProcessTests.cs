using System.Runtime.InteropServices;
using Xunit;

namespace Platform.Tests.CommandLine;

/// <summary>What only a real process shows: closed pipes, signals, bytes of the streams.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Output_WhoseReaderGoesAway_EndsTheCommandQuietlyLongBeforeItsEnd()
    {
        using var tap = Start("mock", "tap", "--rows", "100000000", "-q");
        Assert.StartsWith("{\"type\":\"SCHEMA\"", await tap.Out.ReadLineAsync(Cancel), StringComparison.Ordinal);
        tap.Out.Close();
        Assert.Equal((0, ""), await tap.EndAsync(Cancel));
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task Signal_Once_StopsTheCommandAndSaysWhatIsKept(PosixSignal signal)
    {
        using var mock = Start("mock", "--rows", "100000000", "--out", "data");
        await FirstBytesAsync("data/parcels.csv.part");
        mock.Signal(signal);
        var (exit, error) = await mock.EndAsync(Cancel);
        Assert.Equal(130, exit);
        Assert.Equal(
            """
            stopping at the next safe point; Ctrl-C again ends at once
            interrupted: the files of this run are gone, older ones are as they were

            """,
            error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.FullName, "data")));
    }

    [Fact]
    public async Task Signal_Twice_EndsACommandThatCannotStop()
    {
        using var tap = Start("mock", "tap", "--rows", "100000000");
        await tap.Out.ReadLineAsync(Cancel);
        // nobody reads on: the tap hangs in a write, where no token is looked at
        tap.Signal(PosixSignal.SIGINT);
        while (true)
        {
            tap.Signal(PosixSignal.SIGINT);
            var ended = tap.EndAsync(Cancel);
            if (await Task.WhenAny(ended, Task.Delay(50, Cancel)) == ended)
            {
                Assert.Equal(130, (await ended).Exit);
                return;
            }
        }
    }

    [Fact]
    public async Task Output_ToAFileSharedWithStandardError_IsNotOverwritten()
    {
        var script = $"{{ echo before; '{PlatformProcess.Program}' mock tap --rows 1; echo after; }} > all.txt 2>&1";
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = _folder.FullName })!;
        await bash.WaitForExitAsync(Cancel);
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "all.txt"), Cancel);
        Assert.Equal(("before", "after"), (lines[0], lines[^1]));
        Assert.Contains(lines, l => l.StartsWith("tap: 1 parcel ·", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("{\"type\":\"STATE\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_ToAFullDisk_IsAnErrorAndNotABug()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this machine has no /dev/full");
        var script = $"'{PlatformProcess.Program}' mock tap --rows 1 -q > /dev/full";
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = _folder.FullName, RedirectStandardError = true })!;
        var error = await bash.StandardError.ReadToEndAsync(Cancel);
        await bash.WaitForExitAsync(Cancel);
        Assert.Equal((1, "error: stdout cannot be written: No space left on device\n  hint: free space where stdout goes to, or send it elsewhere\n"), (bash.ExitCode, error));
    }

    [Fact]
    public async Task Output_IsUtf8WithoutAByteOrderMark()
    {
        using var tap = Start("mock", "tap", "--rows", "1", "-q");
        using var bytes = new MemoryStream();
        await tap.Out.BaseStream.CopyToAsync(bytes, Cancel);
        Assert.Equal((byte)'{', bytes.ToArray()[0]);
        Assert.DoesNotContain("\\u00", System.Text.Encoding.UTF8.GetString(bytes.ToArray()), StringComparison.OrdinalIgnoreCase);
    }

    private PlatformProcess Start(params string[] args) => PlatformProcess.Start(_folder.FullName, args);

    private async Task FirstBytesAsync(string file)
    {
        var path = Path.Combine(_folder.FullName, file);
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
            await Task.Delay(20, Cancel);
    }
}
