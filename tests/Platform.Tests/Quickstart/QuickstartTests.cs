using System.Diagnostics;
using Xunit;

namespace Platform.Tests.Quickstart;

/// <summary>What quickstart says before it builds anything; the tour itself is walked by the end-to-end tests.</summary>
public sealed class QuickstartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quickstart-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--rwos 5", "error: `--rwos` is not an option of `quickstart`\n  hint: `quickstart --help` shows what there is\n")]
    [InlineData("--rows many", "error: `--rows` takes a number of parcels, not `many`\n")]
    [InlineData("--rows 0", "error: `--rows` takes a number of parcels, not `0`\n")]
    [InlineData("--tools nowhere", "error: `nowhere` does not hold the tools\n  hint: leave `--tools` out to build them\n")]
    [InlineData("--rows", "error: `--rows` takes a number of parcels, not ``\n")]
    public async Task Quickstart_WithWrongUsage_SaysSo(string args, string error) => Assert.Equal((2, "", error), await RunAsync(args));

    [Fact]
    public async Task Quickstart_OnAMachineWithoutSdkAndNpm_NamesBothAndHowToGetThem()
    {
        var tools = _folder.CreateSubdirectory("bin").FullName;
        foreach (var tool in new[] { "bash", "readlink", "dirname", "uname", "grep", "ls", "id", "cat" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), Which(tool));
        var (exit, output, error) = await RunAsync("", ("PATH", tools), ("HOME", _folder.FullName));
        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith(
            """
            error: this machine lacks the .NET SDK 10
              hint: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0   (into ~/.dotnet, no root needed)
            error: this machine lacks npm (Node.js 20 or later), which brings libduckdb by name and hash
              hint: https://nodejs.org, or: apt-get install -y nodejs npm

            """,
            error,
            StringComparison.Ordinal);
        Assert.Empty(_folder.EnumerateDirectories("lake"));
    }

    [Fact]
    public async Task Quickstart_Help_HasAnExample()
    {
        var (exit, output, error) = await RunAsync("--help");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("example:\n  mkdir -p ~/tour && cd ~/tour && ~/dataspoc/platform/quickstart\n", output, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Out, string Error)> RunAsync(string args, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Which("bash"), [Script(), .. args.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        var error = bash.StandardError.ReadToEndAsync(Cancel);
        var output = await bash.StandardOutput.ReadToEndAsync(Cancel);
        await bash.WaitForExitAsync(Cancel);
        return (bash.ExitCode, output, await error);
    }

    private static string Which(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/bin").Append("/usr/bin").Select(p => Path.Combine(p, tool)).First(File.Exists);

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "platform", "quickstart");
            if (File.Exists(script))
                return script;
        }
        throw new InvalidOperationException("platform/quickstart is not above the tests");
    }
}
