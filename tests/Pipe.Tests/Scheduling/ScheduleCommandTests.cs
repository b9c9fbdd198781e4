using System.Diagnostics;
using Pipe.Tests.Commands;

namespace Pipe.Tests.Scheduling;

/// <summary><c>pipe schedule install|remove|list</c>, with a crontab of the test's own, and what cron would run of it.</summary>
public sealed class ScheduleCommandTests : IDisposable
{
    private readonly PipeLake _lake = new() { Project = "it's 100% mine" };

    public ScheduleCommandTests()
    {
        // keeps the crontab in a file, with the words and codes of Debian's
        var program = _lake.Write("bin/crontab", """
            #!/bin/sh
            here=$(dirname "$0")
            case $1 in
              -l) if [ -e "$here/tab" ]; then cat "$here/tab"; else echo "no crontab for me" >&2; exit 1; fi ;;
              -) cat > "$here/tab" ;;
            esac
            """);
        using (var chmod = Process.Start("chmod", ["+x", program]))
            chmod.WaitForExit();
        _lake.Variables["PATH"] = $"{_lake.Folder}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        _lake.Write("it's 100% mine/orders.csv", "id,amount\n1,2.5\n2,3.5\n");
        _lake.Write("it's 100% mine/pipelines/orders.yaml", $"source: {{files: [./orders.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\nschedule: {{cron: \"15 3 * * *\"}}\n");
        _lake.Write("it's 100% mine/pipelines/by_hand.yaml", $"source: {{files: [./orders.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\n");
    }

    private string Tab => Path.Combine(_lake.Folder, "bin/tab");

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Install_AddsALineThatRunsThePipeline_AndLeavesOthersAlone()
    {
        await File.WriteAllTextAsync(Tab, "MAILTO=me\n0 1 * * * backup\n", TestContext.Current.CancellationToken);
        await _lake.DoAsync("schedule install");
        await _lake.DoAsync("schedule install");
        var lines = await File.ReadAllLinesAsync(Tab, TestContext.Current.CancellationToken);
        Assert.Equal(["MAILTO=me", "0 1 * * * backup"], lines[..2]);
        var line = Assert.Single(lines[2..]);
        Assert.StartsWith("15 3 * * * ", line, StringComparison.Ordinal);

        // as cron does: \% is a %, the rest is the shell's
        using var shell = Process.Start("/bin/sh", ["-c", line["15 3 * * * ".Length..].Replace("\\%", "%", StringComparison.Ordinal)]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        var log = Assert.Single(Directory.EnumerateFiles(Path.Combine(_lake.Folder, ".dataspoc/pipe/schedule"), "orders.log", SearchOption.AllDirectories));
        Assert.True(shell.ExitCode == 0, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
        Assert.Equal(["2"], _lake.Rows("SELECT count(*) FROM $files", "raw/shop/orders"));
        Assert.Contains("2 rows", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ShowsWhatIsInTheCrontabAndWhatIsNot()
    {
        Assert.Contains("\norders,15 3 * * *,", (await _lake.DoAsync("schedule list -o csv")).Output, StringComparison.Ordinal);
        Assert.EndsWith(",no\n", (await _lake.DoAsync("schedule list -o csv")).Output, StringComparison.Ordinal);
        await _lake.DoAsync("schedule install orders");
        Assert.EndsWith(",yes\n", (await _lake.DoAsync("schedule list -o csv")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_TakesOnlyTheProjectsLines()
    {
        await File.WriteAllTextAsync(Tab, "0 1 * * * backup\n0 2 * * * x # dataspoc-pipe:orders@/elsewhere\n", TestContext.Current.CancellationToken);
        await _lake.DoAsync("schedule install");
        await _lake.DoAsync("schedule remove orders");
        Assert.Equal("0 1 * * * backup\n0 2 * * * x # dataspoc-pipe:orders@/elsewhere\n", await File.ReadAllTextAsync(Tab, TestContext.Current.CancellationToken));
        var again = await _lake.RunAsync("schedule remove orders");
        Assert.Equal(2, again.ExitCode);
    }

    [Theory]
    [InlineData("schedule install by_hand", "has no schedule")]
    [InlineData("schedule install nowhere", "there is no `pipelines/nowhere.yaml`")]
    public async Task Install_OfAPipelineWithoutATime_SaysSo(string line, string expected)
    {
        var run = await _lake.RunAsync(line);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Tab));
    }

    [Fact]
    public async Task Install_OfAWrongTime_NamesFileAndField()
    {
        _lake.Write("it's 100% mine/pipelines/wrong.yaml", "source: {tap: tap-x}\nschedule: {cron: \"61 * * * *\"}\n");
        var run = await _lake.RunAsync("schedule install");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("`61` is not a minute", run.Error, StringComparison.Ordinal);
        Assert.Contains("pipelines/wrong.yaml", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Tab));
    }
}
