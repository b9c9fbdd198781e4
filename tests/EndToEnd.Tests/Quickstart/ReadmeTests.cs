using System.Diagnostics;
using Xunit;

namespace EndToEnd.Tests.Quickstart;

/// <summary>The commands of the root README, typed in an empty folder as they stand there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task CommandsOfTheReadme_InAnEmptyFolder_AllWork()
    {
        using var folder = new TemporaryFolder();
        folder.Write("orders.csv", "id,status\n1,open\n2,paid\n3,paid\n");
        folder.Write("pipe.yaml", "");
        folder.Write("pipelines/orders.yaml", $"source: {{ files: [./orders.csv], table: orders, name: again }}\ndestination: {{ bucket: \"file://{folder.Path}/lake\" }}\n");
        var lake = Lake.In(folder);
        // the tables that the machine learning of the README starts from
        await lake.DoAsync("platform", "mock", "--rows", "2000", "--seed", "1", "--out", "./mock", "-q");
        foreach (var table in new[] { "locations", "customers", "parcels", "deliveries" })
            await lake.IngestAsync($"./mock/{table}.csv", $"parcels/{table}");
        await lake.DoAsync("pipe", "transform", "--project", Path.Combine(SourceTree.Root, "platform", "sample"), "--to", lake.Bucket);

        var commands = Commands();
        Assert.True(commands.Count >= 7, $"only {commands.Count} commands");
        foreach (var command in commands)
            await TypedAsync(command
                .Replace("file:///data/lake", lake.Bucket, StringComparison.Ordinal)
                .Replace("s3://company-bronze", $"file://{folder.Path}/bronze", StringComparison.Ordinal)
                .Replace("some-singer-tap", "platform mock tap --rows 500 -q", StringComparison.Ordinal), folder.Path);

        Assert.Equal("open,1\npaid,2", await lake.RowsAsync("select status, count(*) from raw.shop_orders group by 1 order by 1"));
        Assert.Equal("3", await lake.RowsAsync("select count(*) from raw.again_orders"));
        Assert.Equal("500", await (lake with { Bucket = $"file://{folder.Path}/bronze" }).RowsAsync("select count(*) from raw.shop_parcels"));
    }

    private static List<string> Commands()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));
        var block = text[text.IndexOf("## By hand", StringComparison.Ordinal)..].Split("```")[1];
        return [.. block.Split('\n').Where(line => line.Length > 0)];
    }

    private static async Task TypedAsync(string command, string folder)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-o", "pipefail", "-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}" },
        })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(cancel), shell.StandardError.ReadToEndAsync(cancel));
        await shell.WaitForExitAsync(cancel);
        Assert.True(shell.ExitCode == 0, $"$ {command}\n{await output}{await error}");
    }
}
