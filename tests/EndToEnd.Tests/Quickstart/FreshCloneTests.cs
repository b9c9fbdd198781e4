using System.Diagnostics;
using Xunit;

namespace EndToEnd.Tests.Quickstart;

/// <summary>The newcomer's path: a clone, an empty folder, one command. What is not committed, and what only this machine has built, is not there.</summary>
public sealed class FreshCloneTests
{
    [Fact]
    public async Task Quickstart_FromAClone_BuildsTheToolsAndWalksTheTour()
    {
        using var folder = new TemporaryFolder();
        var (clone, tour, temporary) = (Path.Combine(folder.Path, "clone"), Directory.CreateDirectory(Path.Combine(folder.Path, "tour")).FullName, Directory.CreateDirectory(Path.Combine(folder.Path, "tmp")).FullName);
        await CloneAsync(Repository(), clone);
        // packages and npm's registry are those of the machine; what the tests themselves were given is not
        var environment = new Dictionary<string, string?> { ["TMPDIR"] = temporary, ["XDG_CACHE_HOME"] = temporary, ["AWS_ENDPOINT_URL_S3"] = null, ["DOTNET_ROOT"] = null };

        var walked = await BashAsync($"'{clone}/platform/quickstart' --rows 3000", tour, environment);

        Assert.All(["building platform …", "building pipe …", "building lens …", "building ml …", "Five things to try:"], said => Assert.Contains(said, walked, StringComparison.Ordinal));
        Assert.Equal(["lake", "mock", "project"], Directory.GetFileSystemEntries(tour).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
        Assert.Equal("n\n3000\n", await BashAsync($"'{clone}/artifacts/bin/lens' sql 'select count(*) as n from raw.parcels_parcels' --bucket ./lake -o csv", tour, environment));
        Assert.Empty(await BashAsync("[ ! -e .git ] || git status --short", clone, environment));
    }

    private static async Task CloneAsync(string repository, string clone)
    {
        if (Path.Exists(Path.Combine(repository, ".git")))
        {
            await BashAsync($"git clone -q '{repository}' '{clone}'", Path.GetDirectoryName(clone)!, []);
            return;
        }
        Directory.CreateDirectory(clone);
        await BashAsync($"tar -c --exclude=bin --exclude=obj --exclude=node_modules --exclude=artifacts . | tar -x -C '{clone}'", repository, []);
    }

    private static async Task<string> BashAsync(string line, string folder, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-o", "pipefail", "-c", line]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        bash.StandardInput.Close();
        var error = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, $"{line}\nexit {bash.ExitCode}\n{output}\n{await error}");
        return output;
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                return folder.FullName;
        throw new InvalidOperationException("the repository is not above the tests");
    }
}
