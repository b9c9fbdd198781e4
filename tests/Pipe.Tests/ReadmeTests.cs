using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using Pipe.Tests.Commands;

namespace Pipe.Tests;

/// <summary>
/// What the README shows is what happens: its files are written, its commands are typed in their order, and what they say is compared, where <c>…</c> stands for anything.
/// On S3 where there is a server, else on a folder.
/// </summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Readme_FromNothingToAScheduledPipeline_IsWhatHappens()
    {
        await using var bucket = await BucketAsync();
        _lake.OpenStore = (uri, options) => uri.ToString() != "s3://company-bronze" ? ObjectStores.Open(uri, options)
            : bucket?.Open() ?? ObjectStores.Open(BucketUri.Parse(_lake.Bucket), options);
        Crontab();
        _lake.IsTerminal = true;
        var (ran, wrong) = (0, new StringBuilder());
        foreach (Match block in Blocks().Matches(await File.ReadAllTextAsync(PathOfReadme(), TestContext.Current.CancellationToken)))
        {
            if (block.Groups["file"].Value is { Length: > 0 } file)
                _lake.Write(file, block.Groups["text"].Value);
            if (block.Groups["kind"].Value != "console")
                continue;
            foreach (var (command, expected) in Commands(block.Groups["text"].Value))
            {
                // `cat file | pipe …`: the file is what comes on stdin
                var (input, typed) = command.Split(" | ") is [var cat, var rest] ? (await File.ReadAllTextAsync(Path.Combine(_lake.Folder, cat.Split(' ')[1]), TestContext.Current.CancellationToken), rest) : ("", command);
                var run = await _lake.RunWordsAsync([.. Words().Matches(typed).Select(word => word.Value.Trim('\'', '"')).Skip(1)], input);
                var said = Plain(run.Said, bucket?.Name);
                if (run.ExitCode != 0 || !Fits(expected, said))
                    wrong.Append($"$ {command}\n{said}exit code {run.ExitCode}; the README says\n{expected}\n");
                ran++;
            }
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(ran >= 15, $"only {ran} commands were found");
    }

    [Fact]
    public void Readme_NamesEveryCommand()
    {
        var readme = File.ReadAllText(PathOfReadme());
        foreach (var command in DataSpoc.Pipe.Commands.PipeCommandLine.Create(new()).Commands)
            Assert.Contains($"pipe {command.Name}", readme, StringComparison.Ordinal);
    }

    private string Plain(string said, string? bucket) =>
        (bucket is null ? said : said.Replace(bucket, "company-bronze", StringComparison.Ordinal)).Replace(_lake.Bucket, "s3://company-bronze", StringComparison.Ordinal).Replace(_lake.Folder, "/home/ana", StringComparison.Ordinal);

    private static bool Fits(string expected, string said)
    {
        // columns are as wide as their values, which are not the same everywhere
        string[] Lines(string text) => [.. text.TrimEnd('\n').Split('\n').Select(line => Widths().Replace(line.Trim(), match => match.Value[..1]))];
        var pattern = string.Join('\n', Lines(expected).Select(line => Regex.Escape(line).Replace("…", ".*", StringComparison.Ordinal)));
        return expected.Trim().Length == 0 || Regex.IsMatch(string.Join('\n', Lines(said)), $"^{pattern}$", RegexOptions.CultureInvariant);
    }

    private static async Task<S3Bucket?> BucketAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DATASPOC_TEST_S3_ENDPOINT")))
            return null;
        var bucket = new S3Bucket();
        await bucket.MakeAsync();
        return bucket;
    }

    private void Crontab()
    {
        var program = _lake.Write("bin/crontab", "#!/bin/sh\nhere=$(dirname \"$0\")\ncase $1 in\n-l) [ -e \"$here/tab\" ] && cat \"$here/tab\" || { echo 'no crontab for me' >&2; exit 1; } ;;\n-) cat > \"$here/tab\" ;;\nesac\n");
        using (var chmod = Process.Start("chmod", ["+x", program]))
            chmod.WaitForExit();
        _lake.Variables["PATH"] = $"{_lake.Folder}/bin:{Environment.GetEnvironmentVariable("PATH")}";
    }

    private static IEnumerable<(string Command, string Expected)> Commands(string block)
    {
        foreach (var part in block.Split("$ ", StringSplitOptions.RemoveEmptyEntries))
            yield return (part.Split('\n')[0], part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    private static string PathOfReadme()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "global.json")))
                return Path.Combine(at.FullName, "pipe", "README.md");
        throw new DirectoryNotFoundException("not run from a repository");
    }

    [GeneratedRegex("^```(?<kind>[a-z]+)(?: (?<file>[^\n]+))?\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(" {2,}|─+")]
    private static partial Regex Widths();

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
