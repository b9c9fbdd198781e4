using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using Xunit;

namespace Contracts.Tests.CommandLine.Invocation;

public sealed class OutputTests
{
    private const string Said = "2 rows shown\n";

    [Theory]
    [InlineData("show", "id,name,note\n1,n1,\n2,n2,\"\"\n")]
    [InlineData("show -o csv", "id,name,note\n1,n1,\n2,n2,\"\"\n")]
    [InlineData("show --output json", "[\n{\"id\":1,\"name\":\"n1\",\"note\":null},\n{\"id\":2,\"name\":\"n2\",\"note\":\"\"}\n]\n")]
    [InlineData("show -o ndjson", "{\"id\":1,\"name\":\"n1\",\"note\":null}\n{\"id\":2,\"name\":\"n2\",\"note\":\"\"}\n")]
    [InlineData("show -o NDJSON", "{\"id\":1,\"name\":\"n1\",\"note\":null}\n{\"id\":2,\"name\":\"n2\",\"note\":\"\"}\n")]
    [InlineData("show -o markdown", "| id | name | note |\n| ---: | --- | --- |\n| 1 | n1 | *NULL* |\n| 2 | n2 |  |\n")]
    [InlineData("show -o table", "id  name  note\n──  ────  ────\n 1  n1    NULL\n 2  n2    \n")]
    [InlineData("-o table show --rows 2", "id  name  note\n──  ────  ────\n 1  n1    NULL\n 2  n2    \n")]
    public async Task Output_OffATerminal_IsPlainAndCsvUnlessAsked(string line, string expected)
    {
        using var tool = new SampleTool();
        Assert.Equal($"{expected}---\n{Said}--- 0", (await tool.RunAsync(line)).ToString());
    }

    [Theory]
    [InlineData("show", "", true)]
    [InlineData("show --no-color", "", false)]
    [InlineData("show", "NO_COLOR=1", false)]
    [InlineData("show", "NO_COLOR=", true)]
    [InlineData("show", "TERM=dumb", false)]
    [InlineData("show -o csv", "", false)]
    public async Task Output_OnATerminal_IsATableInColourUnlessTheyAreOff(string line, string variable, bool color)
    {
        using var tool = new SampleTool { Terminal = true, Width = 80 };
        if (variable.Split('=') is [var name, var value])
            tool.Variables[name] = value;
        var outcome = await tool.RunAsync(line);
        Assert.Equal(color, outcome.Out.Contains('\e', StringComparison.Ordinal));
        Assert.Equal(line != "show -o csv", outcome.Out.Contains('─', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_AreSaidByVerbosity()
    {
        using var tool = new SampleTool
        {
            Handler = c =>
            {
                c.Messages.Detail("detail");
                c.Messages.Info("info");
                c.Messages.Success("success");
                c.Messages.Warn("warn", "hint");
                c.Messages.Error(new UserError("one of several"));
                return Task.FromResult(ExitCode.Failed);
            },
        };
        const string always = "warning: warn\n  hint: hint\nerror: one of several\n";
        Assert.Equal($"---\ninfo\ndone: success\n{always}--- 1", (await tool.RunAsync("act")).ToString());
        Assert.Equal($"---\n{always}--- 1", (await tool.RunAsync("act -q")).ToString());
        Assert.StartsWith($"---\ndetail\ninfo\ndone: success\n{always}", (await tool.RunAsync("act -v")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_WithJsonLog_AreOneObjectPerLine()
    {
        using var tool = new SampleTool { Terminal = true, Time = new Terminal.ManualTime() };
        tool.Handler = c =>
        {
            c.Messages.Info("Évora \"quoted\"");
            c.Messages.Warn("careful");
            using var line = c.Progress.Begin("orders");
            line.Advance(5, 100);
            line.Done();
            return Task.FromResult(ExitCode.Done);
        };
        var outcome = await tool.RunAsync("act --log-format json");
        Assert.Equal(
            """
            {"time":"2026-11-20T00:00:00.000Z","level":"info","message":"Évora \"quoted\""}
            {"time":"2026-11-20T00:00:00.000Z","level":"warning","message":"careful"}
            {"time":"2026-11-20T00:00:00.000Z","level":"info","message":"orders done","what":"orders","rows":5,"bytes":100,"seconds":0}

            """,
            outcome.Error);
        Assert.All(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => JsonDocument.Parse(l).Dispose());
    }
}
