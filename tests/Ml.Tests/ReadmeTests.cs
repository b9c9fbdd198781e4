using System.Text.RegularExpressions;
using Ml.Tests.Commands;
using Xunit;

namespace Ml.Tests;

/// <summary>The commands of the README do what it says.</summary>
public sealed partial class ReadmeTests
{
    private const string Bucket = "file:///data/lake";

    [Fact]
    public async Task Readme_Commands_Run()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("curated/parcels/deliveries", TrainAndPredictTests.Parcels);
        var commands = Commands();
        Assert.Equal(21, commands.Count);
        foreach (var command in commands)
        {
            string[] words = [.. Words().Matches(command.Replace(Bucket, lake.Bucket, StringComparison.Ordinal).Replace("late.html", Path.Combine(lake.Folder, "late.html"), StringComparison.Ordinal)).Skip(1).Select(word => word.Value.Trim('"'))];
            if (words[0] == "serve")
                await ServeAsync([.. words, "--port", "0"]);
            else
                await MlProcess.SucceedAsync(words);
        }
        Assert.Equal(4000L, lake.Query("ml/predictions/late", "SELECT count(*) FROM {0}")[0][0]);
    }

    // a server does not end by itself: it is asked for a row, and interrupted
    private static async Task ServeAsync(string[] args)
    {
        using var process = ToolProcess.Start(new Dictionary<string, string?>(), args);
        var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        var address = Address().Match(line ?? "");
        Assert.True(address.Success, line);
        using var http = new HttpClient();
        var answer = await http.PostAsync(address.Value, new StringContent("""{"weight_kg": 7.5, "distance_km": 420, "region": "north"}"""), TestContext.Current.CancellationToken);
        Assert.Contains("\"prediction\":\"true\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, ProcessTests.Kill(process.Id, ProcessTests.SigInt));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+/predict")]
    private static partial Regex Address();

    private static List<string> Commands()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not lie in the repository");
        var commands = new List<string>();
        var console = false;
        foreach (var line in File.ReadLines(Path.Combine(folder.FullName, "ml", "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                console = line == "```console";
            else if (console && line.StartsWith("$ ml ", StringComparison.Ordinal))
                commands.Add(line[2..]);
        }
        return commands;
    }

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
