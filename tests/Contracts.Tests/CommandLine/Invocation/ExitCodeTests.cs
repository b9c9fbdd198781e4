using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using Xunit;

namespace Contracts.Tests.CommandLine.Invocation;

public sealed class ExitCodeTests
{
    private static readonly UserError NotANumber = new("`orders.amount` is not a number in line 48213 of tap-shop: \"12,50\"")
    {
        Where = [("stream", "orders (12 400 records committed so far: none)"), ("file", "a.csv, line 3")],
        Hint = "declare it as string, or set `schema.types: quarantine` in pipelines/shop.yaml",
        ExitCode = ExitCode.Refused,
    };

    [Fact]
    public async Task Run_EndingInAUserError_SaysWhatWhereAndWhatToDo()
    {
        using var tool = new SampleTool { Handler = _ => throw NotANumber };
        Assert.Equal(
            """
            ---
            error: `orders.amount` is not a number in line 48213 of tap-shop: "12,50"
              stream   orders (12 400 records committed so far: none)
              file     a.csv, line 3
              hint: declare it as string, or set `schema.types: quarantine` in pipelines/shop.yaml
            --- 3
            """,
            (await tool.RunAsync("act")).ToString());
    }

    [Fact]
    public async Task Run_EndingInAUserErrorWithVerbose_AlsoShowsTheStack()
    {
        using var tool = new SampleTool { Handler = _ => throw NotANumber };
        Assert.Contains("   at Contracts.Tests.", (await tool.RunAsync("act -v")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EndingInAUserErrorWithJsonLog_WritesOneObject()
    {
        using var tool = new SampleTool { Handler = _ => throw NotANumber };
        var outcome = await tool.RunAsync("act --log-format json");
        var line = JsonDocument.Parse(outcome.Error).RootElement;
        Assert.Equal(3, outcome.Exit);
        Assert.Equal("error", line.GetProperty("level").GetString());
        Assert.Equal(NotANumber.What, line.GetProperty("message").GetString());
        Assert.Equal("a.csv, line 3", line.GetProperty("where").GetProperty("file").GetString());
        Assert.Equal(3, line.GetProperty("exit_code").GetInt32());
        Assert.EndsWith("}\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EndingInABug_SaysSoInOneLineAndHowToReportIt()
    {
        using var tool = new SampleTool { Handler = _ => throw new InvalidOperationException("boom\nsecond line") };
        Assert.Equal(
            """
            ---
            error: sample 1.2.3 has a bug: InvalidOperationException: boom
              hint: report it in the issues of DataSpoc for .NET, with the command and what it says with `-v`
            --- 1
            """,
            (await tool.RunAsync("act")).ToString());
        Assert.Contains("   at Contracts.Tests.", (await tool.RunAsync("act -v")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhoseReaderHasGone_EndsQuietly()
    {
        using var tool = new SampleTool { Handler = _ => throw new BrokenPipeException() };
        Assert.Equal("---\n--- 0", (await tool.RunAsync("act")).ToString());
    }

    [Fact]
    public async Task Run_CancelledByItselfWithoutASignal_IsABug()
    {
        using var tool = new SampleTool { Handler = _ => throw new OperationCanceledException() };
        Assert.Contains("has a bug", (await tool.RunAsync("act")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.Done, 0)]
    [InlineData(ExitCode.Failed, 1)]
    [InlineData(ExitCode.NotPermitted, 4)]
    public async Task Run_ReturningACode_EndsWithIt(ExitCode code, int exit)
    {
        using var tool = new SampleTool { Handler = _ => Task.FromResult(code) };
        Assert.Equal(exit, (await tool.RunAsync("act")).Exit);
    }

    [Fact]
    public async Task Run_FailingAfterItWroteText_KeepsTheText()
    {
        using var tool = new SampleTool
        {
            Handler = async c =>
            {
                await c.Out.WriteAsync("so far");
                throw NotANumber;
            },
        };
        Assert.Equal("so far", (await tool.RunAsync("act")).Out);
    }
}
