using System.Text.RegularExpressions;
using Ml.Tests.Commands;
using Ml.Tests.Features;
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
        await lake.WriteAsync("curated/shop/orders", FeaturesCommandTests.Orders);
        await lake.WriteAsync("curated/shop/labels", FeaturesCommandTests.Labels);
        var (commands, files) = Read();
        Assert.Equal(28, commands.Count);
        using var project = new TemporaryFolder();
        foreach (var (name, content) in new[] { "models/late.yaml", "features/customers.yaml" }.Zip(files))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(project.Path, name))!);
            await File.WriteAllTextAsync(Path.Combine(project.Path, name), content, TestContext.Current.CancellationToken);
        }
        await MlProcess.SucceedAsync("train", "late", "--dry-run", "--project", project.Path, "--bucket", lake.Bucket);
        foreach (var command in commands)
        {
            string[] words = [.. Words().Matches(command.Replace(Bucket, lake.Bucket, StringComparison.Ordinal).Replace("late.html", Path.Combine(lake.Folder, "late.html"), StringComparison.Ordinal)).Skip(1).Select(word => word.Value.Trim('"'))];
            if (words[0] == "serve")
                await ServeAsync([.. words, "--port", "0"]);
            else
                await MlProcess.SucceedAsync([.. words, "--project", project.Path]);
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

    // what is typed, and the files of a project
    private static (List<string> Commands, List<string> Files) Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not lie in the repository");
        var (commands, files) = (new List<string>(), new List<string>());
        var block = "";
        foreach (var line in File.ReadLines(Path.Combine(folder.FullName, "ml", "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                block = block.Length > 0 ? "" : line;
                if (block == "```yaml")
                    files.Add("");
            }
            else if (block == "```console" && line.StartsWith("$ ml ", StringComparison.Ordinal))
                commands.Add(line[2..]);
            else if (block == "```yaml")
                files[^1] += line + "\n";
        }
        return (commands, files);
    }

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
