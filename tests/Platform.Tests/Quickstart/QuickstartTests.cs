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

    [Theory]
    [InlineData("mock/mock.json", "{\n  \"seed\": 1,\n  \"parcels\": 500,\n}", "--rows 600", "error: ./mock holds a network of 500 parcels, and `--rows 600` asks for another\n  hint: leave `--rows` out to go on with it, or remove ./mock, ./project and ./lake to start anew\n")]
    [InlineData("lake/.dataspoc/manifest.json", "{}", "", "error: ./lake holds tables already, and ./mock, which they would go on from, is not there\n  hint: remove ./lake, or run quickstart in another folder\n")]
    public async Task Quickstart_InAFolderThatDoesNotFit_TouchesNothing(string file, string content, string args, string error)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, Cancel);
        Assert.Equal((2, "", error), await RunAsync(args));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Quickstart_OnS3WithoutAServer_SaysWhatWouldDo()
    {
        var tools = _folder.CreateSubdirectory("bin").FullName;
        foreach (var tool in new[] { "bash", "readlink", "dirname", "uname", "grep", "ls", "id", "cat", "sed", "mkdir" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), Which(tool));
        // what is checked first is there
        await File.WriteAllTextAsync(Path.Combine(tools, "ldconfig"), "#!/bin/sh\necho libxgboost.so.0\n", Cancel);
        File.CreateSymbolicLink(Path.Combine(tools, "pipe"), Which("true"));
        using (var chmod = Process.Start("chmod", ["+x", Path.Combine(tools, "ldconfig")]))
            await chmod.WaitForExitAsync(Cancel);
        var (exit, _, error) = await RunAsync($"--s3 --tools {tools}", ("PATH", tools), ("AWS_ENDPOINT_URL_S3", ""));
        Assert.Equal(2, exit);
        Assert.StartsWith("error: there is no S3 server for `--s3`\n  hint: name one with its keys: AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY; or install one", error, StringComparison.Ordinal);
        Assert.Equal(["bin"], _folder.GetFileSystemInfos().Select(static f => f.Name));
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
