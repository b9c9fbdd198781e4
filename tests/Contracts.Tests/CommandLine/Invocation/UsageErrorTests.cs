using Xunit;

namespace Contracts.Tests.CommandLine.Invocation;

public sealed class UsageErrorTests
{
    private const string ShowHelp = "`sample show --help` shows what there is";

    [Theory]
    [InlineData("shwo", "`shwo` is not a command of `sample`", "did you mean `show`?")]
    [InlineData("completely", "`completely` is not a command of `sample`", "did you mean `completion`?")]
    [InlineData("xyzzy", "`xyzzy` is not a command of `sample`", "`sample --help` shows what there is")]
    [InlineData("group innner", "`innner` is not a command of `sample group`", "did you mean `inner`?")]
    [InlineData("show --rwos 3", "`--rwos` is not an option of `sample show`", "did you mean `--rows`?")]
    [InlineData("show --outputs=csv", "`--outputs` is not an option of `sample show`", "did you mean `--output`?")]
    [InlineData("show -x", "`-x` is not an option of `sample show`", ShowHelp)]
    [InlineData("ask --nonsense", "`--nonsense` is not an option of `sample ask`", "`sample ask --help` shows what there is")]
    [InlineData("show --dry-run", "`--dry-run` is not an option of `sample show`", ShowHelp)]
    [InlineData("show --rows many", "`--rows` takes a whole number, not `many`", ShowHelp)]
    [InlineData("show --rows", "`--rows` needs a value", ShowHelp)]
    [InlineData("show -o jsn", "`--output` takes table, json, ndjson, csv or markdown, not `jsn`", "did you mean `json`?")]
    [InlineData("show extra", "`extra` is one argument too many for `sample show`", "put an argument with spaces in quotes")]
    [InlineData("ask", "`sample ask` needs QUERY", "`sample ask --help` shows what there is")]
    [InlineData("completion bsh", "`SHELL` takes bash, zsh or fish, not `bsh`", "did you mean `bash`?")]
    [InlineData("show --log-format xml", "`--log-format` takes text or json, not `xml`", ShowHelp)]
    public async Task Run_WithWrongUsage_SaysWhatAndWhatWasMeant(string line, string what, string hint)
    {
        using var tool = new SampleTool();
        var outcome = await tool.RunAsync(line);
        Assert.Equal($"---\nerror: {what}\n  hint: {hint}\n--- 2", outcome.ToString());
    }

    [Fact]
    public async Task Run_WithoutACommand_ShowsHelpOnStandardErrorAndFails()
    {
        using var tool = new SampleTool();
        foreach (var line in new[] { "", "group", "-q" })
        {
            var outcome = await tool.RunAsync(line);
            Assert.Equal((2, ""), (outcome.Exit, outcome.Out));
            Assert.Contains("usage: sample", outcome.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-- comment\nselect 1")]
    [InlineData("--x y")]
    [InlineData("@query.sql")]
    [InlineData("-5")]
    [InlineData("-")]
    public async Task Run_WithAnArgumentThatLooksOdd_TakesItAsItIs(string argument)
    {
        using var tool = new SampleTool();
        var outcome = await tool.RunAsync("ask", argument);
        Assert.Equal((0, argument), (outcome.Exit, outcome.Out));
    }

    [Fact]
    public async Task Run_AfterDoubleDash_TakesOptionsAsArguments()
    {
        using var tool = new SampleTool();
        Assert.Equal("--rows", (await tool.RunAsync("ask -- --rows")).Out);
    }
}
