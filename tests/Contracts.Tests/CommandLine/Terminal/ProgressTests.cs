using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using Xunit;

namespace Contracts.Tests.CommandLine.Terminal;

public sealed class ProgressTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Progress_OffATerminal_IsOneLineAtItsEnd()
    {
        using var tool = Tool(terminal: false);
        Assert.Equal("---\norders: 1\u202f240\u202f000 rows · 118\u202fMB · 539\u202f000 rows/s · 2.3\u202fs · 3 files\n--- 0", (await tool.RunAsync("act")).ToString());
    }

    [Fact]
    public async Task Progress_OnATerminal_IsDrawnAboveNothingAndLeavesOneLine()
    {
        using var tool = Tool(terminal: true);
        var error = (await tool.RunAsync("act")).Error;
        Assert.Contains("orders  ██████████░░░░░░░░░░ 50% · 620\u202f000 rows · 59\u202fMB · 1\u202f240\u202f000 rows/s · 500\u202fms\n", error, StringComparison.Ordinal);
        Assert.EndsWith("orders: 1\u202f240\u202f000 rows · 118\u202fMB · 539\u202f000 rows/s · 2.3\u202fs · 3 files\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("act -q", true)]
    [InlineData("act -q", false)]
    public async Task Progress_WhenQuiet_IsNotSaid(string line, bool terminal)
    {
        using var tool = Tool(terminal);
        Assert.Equal("", (await tool.RunAsync(line)).Error);
    }

    [Fact]
    public async Task Progress_OfWorkThatFails_VanishesBeforeTheError()
    {
        using var tool = new SampleTool { Terminal = true, Width = 80, Time = _time };
        tool.Handler = c =>
        {
            using var line = c.Progress.Begin("orders");
            _time.Advance(TimeSpan.FromSeconds(1));
            throw new UserError("it broke");
        };
        Assert.EndsWith("\e[1F\e[J\e[1;31merror: \e[0mit broke\n", (await tool.RunAsync("act")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_DuringProgress_AppearAboveIt()
    {
        using var tool = new SampleTool { Terminal = true, Width = 40, Time = _time };
        tool.Handler = c =>
        {
            using var one = c.Progress.Begin("one");
            using var two = c.Progress.Begin("a stream whose name is longer than the terminal is wide");
            _time.Advance(TimeSpan.FromMilliseconds(300));
            c.Messages.Warn("look", "there");
            return Task.FromResult(ExitCode.Done);
        };
        var error = (await tool.RunAsync("act --no-color")).Error;
        Assert.Contains("\e[2F\e[Jwarning: look\none  0 rows · 300\u202fms\na stream whose name is longer than the…\n", error, StringComparison.Ordinal);
    }

    private SampleTool Tool(bool terminal) => new()
    {
        Terminal = terminal,
        Width = 100,
        Time = _time,
        Handler = c =>
        {
            using var line = c.Progress.BeginBytes("orders", 118_000_000);
            line.Report(620_000, 59_000_000);
            _time.Advance(TimeSpan.FromMilliseconds(500));
            line.Advance(620_000, 59_000_000);
            _time.Advance(TimeSpan.FromMilliseconds(1800));
            line.Done("3 files");
            return Task.FromResult(ExitCode.Done);
        },
    };
}
