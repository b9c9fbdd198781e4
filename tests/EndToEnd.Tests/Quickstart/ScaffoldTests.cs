using System.Diagnostics;
using Xunit;

namespace EndToEnd.Tests.Quickstart;

/// <summary>A project that <c>platform new</c> made, as it is.</summary>
public sealed class ScaffoldTests
{
    [Fact]
    public async Task NewProject_RunsAsItIs()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var made = await ToolProcess.RunAsync("platform", ["new", "shop"], folder: folder.Path);
        Assert.True(made.ExitCode == 0, made.ToString());
        var project = Path.Combine(folder.Path, "shop");
        using var run = Process.Start(new ProcessStartInfo(Path.Combine(project, "run"))
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}", ["LAKE"] = null },
        })!;
        var (output, error) = (run.StandardOutput.ReadToEndAsync(cancel), run.StandardError.ReadToEndAsync(cancel));
        await run.WaitForExitAsync(cancel);
        Assert.True(run.ExitCode == 0, $"{await output}{await error}");
        Assert.Contains("weather,service,parcels,late", await output, StringComparison.Ordinal);
        var lake = new Lake($"file://{project}/lake", folder.Path);
        Assert.Equal("true,true", await lake.RowsAsync("select (select count(*) from gold.parcels_lateness) > 0, (select count(*) from predictions.late) > 0"));
        // the model was trained with what the view knew
        Assert.Contains("\"origins__late_share\"", await File.ReadAllTextAsync(Path.Combine(project, "lake", "ml", "models", "late", "features.json"), cancel), StringComparison.Ordinal);
        var manifests = await ToolProcess.RunAsync("platform", ["deploy", "late@prod", "--project", Path.Combine(project, "hub"), "--render", "kubernetes"], folder: folder.Path);
        Assert.Equal(8, manifests.Output.Split("\nkind: CronJob\n").Length - 1);
    }
}
