using System.Diagnostics;
using DataSpoc.Pipe.Sources.Taps;
using Xunit;

namespace Pipe.Tests.Sources.Taps;

public sealed class SecretFolderTests : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("pipe-tests-");

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public async Task Write_FolderOfAProcessThatIsGone_IsTakenAway()
    {
        string own;
        using (var folder = new SecretFolder(parent.FullName))
            own = Path.GetDirectoryName(await folder.WriteAsync("config.json", "{}"u8.ToArray(), TestContext.Current.CancellationToken))!;
        Assert.False(Directory.Exists(own));

        var gone = own.Replace($"-{Environment.ProcessId}-", $"-{IdOfAProcessThatIsGone()}-", StringComparison.Ordinal);
        var alive = own.Replace($"-{Environment.ProcessId}-", "-1-", StringComparison.Ordinal);
        var foreign = Path.Combine(parent.FullName, "pipe-tap-0-1-x");
        foreach (var path in (string[])[gone, alive, foreign])
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(path).FullName, "config.json"), "{}");
        using (var folder = new SecretFolder(parent.FullName))
            await folder.WriteAsync("config.json", "{}"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(((string[])[alive, foreign]).Order(), parent.EnumerateDirectories().Select(d => d.FullName).Order());
    }

    private static int IdOfAProcessThatIsGone()
    {
        using var process = Process.Start("/bin/true");
        process.WaitForExit();
        return process.Id;
    }
}
