using Xunit;

namespace Contracts.Tests.CommandLine.Invocation;

public sealed class HelpTests
{
    [Fact]
    public async Task Help_OfACommand_ShowsPurposeUsageExampleAndOptions()
    {
        using var tool = new SampleTool();
        Assert.Equal(
            """
            Do what the test says

            usage: sample act [options]

            example:
              sample act

            options:
              -y, --yes  Do not ask
              --dry-run  Say what would be written, and write nothing

            options of every command:
              -o, --output FORMAT  table, json, ndjson, csv or markdown (default: table on a terminal, csv elsewhere)
              --project DIR        The folder of the configuration (default: here, or ~/.dataspoc/<tool>)
              --env NAME           Lay env/NAME.yaml over the configuration
              --set KEY=VALUE      Override one value of the configuration
              -q, --quiet          Say nothing but warnings and errors
              -v, --verbose        Say how, and show the stack trace of an error
              --no-color           No colours (also: NO_COLOR=1)
              --log-format FORMAT  text, or json for one object per line on stderr
              -h, --help           Show help and an example
            ---
            --- 0
            """,
            (await tool.RunAsync("act --help")).ToString());
    }

    [Fact]
    public async Task Help_OfTheTool_ListsCommandsWithTheirAliases()
    {
        using var tool = new SampleTool();
        var help = (await tool.RunAsync("--help")).Out;
        Assert.StartsWith("A tool for tests\n\nusage: sample COMMAND [options]\n\nexample:\n  sample show --rows 2\n", help, StringComparison.Ordinal);
        Assert.Contains("\n  ask, query  Ask something\n", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfAGroup_ShowsAnExampleOfItsCommands()
    {
        using var tool = new SampleTool();
        Assert.StartsWith("Hold others\n\nusage: sample group COMMAND [options]\n\nexample:\n  sample group inner\n", (await tool.RunAsync("group --help")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ask --help")]
    [InlineData("show -h --rows")]
    public async Task Help_BesideWrongUsage_IsShownAllTheSame(string line)
    {
        using var tool = new SampleTool();
        var outcome = await tool.RunAsync(line);
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Contains("usage: sample", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsOneLineOnStandardOutput()
    {
        using var tool = new SampleTool();
        Assert.Equal("sample 1.2.3\n---\n--- 0", (await tool.RunAsync("--version")).ToString());
    }

    [Theory]
    [InlineData("sample sh", "show\n")]
    [InlineData("sample show --ro", "--rows\n")]
    [InlineData("sample show -o nd", "ndjson\n")]
    public async Task Completion_OfABeginning_IsWhatTheToolKnows(string line, string expected)
    {
        using var tool = new SampleTool();
        Assert.Equal(expected, (await tool.RunAsync($"[suggest:{line.Length}]", line)).Out.ToLowerInvariant());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_OfAShell_IsAScriptThatAsksTheTool(string shell)
    {
        using var tool = new SampleTool();
        Assert.Contains("sample \"[suggest:", (await tool.RunAsync($"completion {shell}")).Out, StringComparison.Ordinal);
    }
}
