using System.Text;
using System.Text.RegularExpressions;

namespace Pipe.Tests;

/// <summary>
/// What the README shows is what happens: its files are written, its commands are typed in their order, and what they say is compared, where <c>…</c> stands for anything.
/// On S3 and PostgreSQL where there are servers; without, on a folder, and what needs a database is passed over.
/// </summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task Readme_FromNothingToAScheduledPipeline_IsWhatHappens()
    {
        await using var place = await ReadmePlace.MakeAsync();
        var (ran, wrong) = (0, new StringBuilder());
        foreach (Match block in Blocks().Matches(await File.ReadAllTextAsync(PathOfReadme(), TestContext.Current.CancellationToken)))
        {
            if (block.Groups["file"].Value is { Length: > 0 } file)
                place.Write(file, block.Groups["text"].Value);
            if (block.Groups["kind"].Value != "console")
                continue;
            foreach (var (command, expected) in Commands(block.Groups["text"].Value).Where(line => place.CanType(line.Command)))
            {
                var (exitCode, said) = await place.TypeAsync(command);
                if (exitCode != 0 || !Fits(expected, said))
                    wrong.Append($"$ {command}\n{said}exit code {exitCode}; the README says\n{expected}\n");
                ran++;
            }
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(ran >= 35, $"only {ran} commands were found");
    }

    [Fact]
    public void Readme_NamesEveryCommand()
    {
        var readme = File.ReadAllText(PathOfReadme());
        foreach (var command in DataSpoc.Pipe.Commands.PipeCommandLine.Create(new()).Commands)
            Assert.Contains($"pipe {command.Name}", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_CodeThatIsNoFileAndNoCommand_IsOnlySettings()
    {
        // a block that nothing writes or types would be believed by nobody who tried it
        foreach (Match block in Blocks().Matches(File.ReadAllText(PathOfReadme())))
            Assert.True(block.Groups["file"].Length > 0 || block.Groups["kind"].Value is "console" or "yaml" or "sql", $"nothing tries\n{block.Value}");
    }

    private static bool Fits(string expected, string said)
    {
        // columns are as wide as their values, which are not the same everywhere
        string[] Lines(string text) => [.. text.TrimEnd('\n').Split('\n').Select(line => Widths().Replace(line.Trim(), match => match.Value[..1]))];
        // a line of … alone stands for any lines
        var pattern = string.Join('\n', Lines(expected).Select(line => line == "…" ? "(?s:.*?)" : Regex.Escape(line).Replace("…", ".*", StringComparison.Ordinal)));
        return expected.Trim().Length == 0 || Regex.IsMatch(string.Join('\n', Lines(said)), $"^{pattern}$", RegexOptions.CultureInvariant);
    }

    private static IEnumerable<(string Command, string Expected)> Commands(string block)
    {
        foreach (var part in ("\n" + block).Split("\n$ ", StringSplitOptions.RemoveEmptyEntries))
            yield return (part.Split('\n')[0], part.Contains('\n', StringComparison.Ordinal) ? part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..] : "");
    }

    private static string PathOfReadme()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "global.json")))
                return Path.Combine(at.FullName, "pipe", "README.md");
        throw new DirectoryNotFoundException("not run from a repository");
    }

    [GeneratedRegex("^```(?<kind>[a-z]*)(?: (?<file>[^\n]+))?\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(" {2,}|─+")]
    private static partial Regex Widths();
}
