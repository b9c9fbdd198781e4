using DataSpoc.Contracts;
using Xunit;

namespace Contracts.Tests.CommandLine.Invocation;

public sealed class ConfirmationTests
{
    [Theory]
    [InlineData("y", true)]
    [InlineData(" Yes ", true)]
    [InlineData("", false)]
    [InlineData("n", false)]
    [InlineData("yonder", false)]
    public async Task Confirm_OnATerminal_AsksAndTakesOnlyYes(string answer, bool expected)
    {
        bool? confirmed = null;
        using var tool = new SampleTool { Terminal = true, Input = answer };
        tool.Handler = c =>
        {
            confirmed = c.Confirm("delete 3 files of `raw/shop/orders`");
            return Task.FromResult(ExitCode.Done);
        };
        Assert.Equal("delete 3 files of `raw/shop/orders`? [y/N] ", (await tool.RunAsync("act")).Error);
        Assert.Equal(expected, confirmed);
    }

    [Fact]
    public async Task Confirm_WithYes_DoesNotAsk()
    {
        using var tool = new SampleTool { Handler = c => Task.FromResult(c.Confirm("go") ? ExitCode.Done : ExitCode.Failed) };
        Assert.Equal("---\n--- 0", (await tool.RunAsync("act --yes")).ToString());
    }

    [Fact]
    public async Task Confirm_WithNobodyToAsk_IsWrongUsage()
    {
        using var tool = new SampleTool { Handler = c => Task.FromResult(c.Confirm("delete it") ? ExitCode.Done : ExitCode.Failed) };
        Assert.Equal("---\nerror: nobody can be asked whether to delete it\n  hint: add `--yes`\n--- 2", (await tool.RunAsync("act")).ToString());
    }

    [Theory]
    [InlineData("act --dry-run", true)]
    [InlineData("act", false)]
    public async Task DryRun_IsWhatTheCommandLineSays(string line, bool expected)
    {
        bool? dry = null;
        using var tool = new SampleTool();
        tool.Handler = c =>
        {
            dry = c.DryRun;
            return Task.FromResult(ExitCode.Done);
        };
        Assert.Equal(0, (await tool.RunAsync(line)).Exit);
        Assert.Equal(expected, dry);
    }
}
