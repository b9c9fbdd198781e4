using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests;

/// <summary>
/// What the README shows is what happens: its <c>platform.yaml</c> is written, its commands are typed into a shell in their order, on the real S3 server, and what they say is compared where
/// it is shown; <c>…</c> stands for anything. Those of mock data are typed with fewer rows.
/// </summary>
public sealed partial class ReadmeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readme_FromNothingToALake_IsWhatHappens()
    {
        await using var lake = new TestLake();
        var variables = await VariablesAsync(lake);
        var (ran, wrong) = (0, new StringBuilder());
        foreach (Match block in Blocks().Matches(await File.ReadAllTextAsync(PathOfReadme(), Cancel)))
        {
            if (block.Groups["file"].Value is { Length: > 0 } file)
                await File.WriteAllTextAsync(Path.Combine(lake.Folder, file), Named(block.Groups["text"].Value, lake.Name), Cancel);
            foreach (var (command, expected) in block.Groups["kind"].Value == "console" ? Commands(block.Groups["text"].Value) : MockCommands(block.Groups["text"].Value))
            {
                var (exit, said) = await TypedAsync(Named(command, lake.Name), lake.Folder, variables);
                var plain = said.Replace(lake.Name, "acme", StringComparison.Ordinal);
                if (exit != 0 || (expected.Trim().Length > 0 && !Regex.IsMatch(plain.Trim(), $"^{Regex.Escape(expected.Trim()).Replace("…", ".*", StringComparison.Ordinal)}$")))
                    wrong.Append($"$ {command}\n{plain}exit code {exit}; the README says\n{expected}\n");
                ran++;
            }
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(ran >= 17, $"only {ran} commands were found");
        Assert.All(["lake.tf.json", "access.sh", "policies.json", "buckets.json", "late.yaml", "late.k8s.yaml", "late-policy.json"], file => Assert.NotEqual(0, new FileInfo(Path.Combine(lake.Folder, file)).Length));
    }

    [Fact]
    public void Readme_NamesEveryCommand()
    {
        var readme = File.ReadAllText(PathOfReadme());
        foreach (var command in DataSpoc.Platform.PlatformCommandLine.Create().Commands)
            Assert.True(readme.Contains($"platform {command.Name}", StringComparison.Ordinal) || readme.Contains($"`{command.Name}`", StringComparison.Ordinal), command.Name);
    }

    /// <summary>The server as its owner, and a profile of each principal that the README names.</summary>
    private static async Task<Dictionary<string, string?>> VariablesAsync(TestLake lake)
    {
        var profiles = new List<string>();
        foreach (var name in new[] { "pipe-sales", "ana", "audrey" })
        {
            var user = await TestUsers.MakeAsync(lake.Server, name, Cancel);
            profiles.Add($"[{name}]\naws_access_key_id = {user.AccessKey}\naws_secret_access_key = {user.SecretKey}\n");
        }
        await File.WriteAllLinesAsync(lake.CredentialsFile, profiles, Cancel);
        return new(lake.Server.EnvironmentOf(lake.Server.Alice))
        {
            ["AWS_SHARED_CREDENTIALS_FILE"] = lake.CredentialsFile,
            ["HOME"] = lake.Folder,
            ["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}",
        };
    }

    private static string Named(string text, string lake) => Lake().Replace(text, lake);

    private static async Task<(int Exit, string Said)> TypedAsync(string command, string folder, Dictionary<string, string?> variables)
    {
        var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-c", command]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        shell.StandardInput.Close();
        var error = shell.StandardError.ReadToEndAsync(Cancel);
        var output = await shell.StandardOutput.ReadToEndAsync(Cancel);
        await shell.WaitForExitAsync(Cancel);
        return (shell.ExitCode, output + await error);
    }

    private static IEnumerable<(string Command, string Expected)> Commands(string block)
    {
        foreach (var part in block.Split("$ ", StringSplitOptions.RemoveEmptyEntries))
            yield return (part.Split('\n')[0], part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    // what needs a database or another tool is typed by other tests
    private static IEnumerable<(string Command, string Expected)> MockCommands(string block) =>
        from line in block.Split('\n')
        where line.StartsWith("platform mock ", StringComparison.Ordinal) && !line.Contains("postgres:", StringComparison.Ordinal) && !line.Contains('|', StringComparison.Ordinal)
        select (line.Replace("--rows 50000", "--rows 300", StringComparison.Ordinal).Replace("--scale 20", "--scale 0.01", StringComparison.Ordinal), "");

    internal static string PathOfReadme()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "global.json")))
                return Path.Combine(at.FullName, "platform", "README.md");
        throw new DirectoryNotFoundException("not run from a repository");
    }

    [GeneratedRegex("^```(?<kind>[a-z]*)(?: (?<file>[^\n]+))?\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\bacme(?=[-\s]|$)")]
    private static partial Regex Lake();
}
