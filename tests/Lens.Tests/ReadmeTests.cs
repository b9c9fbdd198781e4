using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using DataSpoc.Lens;
using Xunit;

namespace Lens.Tests;

/// <summary>
/// What the README shows is what happens: its files are written, its commands are typed in their order, and what they say is compared, where <c>…</c> stands for anything.
/// </summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task Readme_Commands_AnswerWhatItSays()
    {
        await using var lake = Lake.New();
        await using var finance = Lake.New("finance");
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", """
            SELECT id::BIGINT AS id, customer, status, total::DECIMAL(9,2) AS total, (dt || ' 10:00:00+00')::TIMESTAMPTZ AS placed_at, dt::DATE AS dt
            FROM (VALUES (1, 'A', 'paid', 19.99, '2026-01-01'), (2, 'B', 'shipped', 5, '2026-01-01'), (3, 'A', 'new', 70, '2026-01-02'), (4, 'A', 'new', 4.90, '2026-01-03')) t(id, customer, status, total, dt)
            """);
        await lake.WriteAsync("curated/sales/customers", "SELECT * FROM (VALUES ('A', 'Ann'), ('B', 'Bob')) t(code, name)");
        await lake.WriteAsync("ml/predictions/late", "SELECT 1 AS id, 0.25 AS probability");
        await finance.WriteAsync("raw/erp/invoices", "SELECT * FROM (VALUES (1::BIGINT, 19.99), (2, 5.00)) t(id, paid)");
        await using var model = new LoopbackServer(_ => (200, "{\"message\":{\"content\":\"```sql\\nselect status, count(*) as orders from orders group by all order by all\\n```\"}}"));
        lens.Variables["DATASPOC_LLM_URL"] = model.Url;

        var (ran, wrong) = (0, new StringBuilder());
        foreach (Match block in Blocks().Matches(await File.ReadAllTextAsync(PathOfReadme(), TestContext.Current.CancellationToken)))
        {
            if (block.Groups["file"].Value is { Length: > 0 } file)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(lens.PathOf(file))!);
                lens.Write(file, Here(block.Groups["text"].Value));
            }
            if (block.Groups["kind"].Value != "console")
                continue;
            foreach (var (command, expected) in Commands(block.Groups["text"].Value))
            {
                var outcome = await TypeAsync(lens, Here(command));
                var said = outcome.Error + outcome.Out;
                said = said.Replace(lake.Uri, "file:///data/lake", StringComparison.Ordinal).Replace(finance.Uri, "file:///data/finance", StringComparison.Ordinal).Replace(lens.WorkingFolder, "/home/ana", StringComparison.Ordinal);
                if (outcome.Exit != 0 || !Fits(expected, said))
                    wrong.Append($"$ {command}\n{said}exit code {outcome.Exit}; the README says\n{expected}\n");
                ran++;
            }
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(ran >= 20, $"only {ran} commands were found");

        string Here(string text) => text.Replace("file:///data/lake", lake.Uri, StringComparison.Ordinal).Replace("file:///data/finance", finance.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_NamesEveryCommand()
    {
        var readme = File.ReadAllText(PathOfReadme());
        foreach (var command in LensTool.App().Commands.Where(command => command.Name != "add-bucket"))
            Assert.Contains($"lens {command.Name}", readme, StringComparison.Ordinal);
    }

    // as it would be typed; what stands before a pipe is run by the system's shell
    private static async Task<Outcome> TypeAsync(LensProcess lens, string command)
    {
        lens.Input = "";
        if (command.LastIndexOf("| lens ", StringComparison.Ordinal) is > 0 and var pipe)
        {
            using var left = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command[..pipe]]) { RedirectStandardOutput = true })!;
            lens.Input = await left.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            command = command[(pipe + 2)..];
        }
        string[] words = [.. Words().Matches(command).Select(word => word.Value.Trim('"')).Skip(1)];
        // rows as on a terminal
        var hasRows = words is ["sql" or "ask" or "catalog" or "profile" or "bucket" or "cache", ..] or ["transform", "list" or "plan", ..];
        return await lens.RunAsync(hasRows && !words.Contains("-o") ? [.. words, "-o", "table"] : words);
    }

    private static bool Fits(string expected, string said)
    {
        // columns are as wide as their values, which are not the same everywhere
        string[] Lines(string text) => [.. text.TrimEnd('\n').Split('\n').Select(line => Widths().Replace(line.Trim(), match => match.Value[..1]))];
        var pattern = string.Join('\n', Lines(expected).Select(line => Regex.Escape(line).Replace("…", ".*", StringComparison.Ordinal)));
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
                return Path.Combine(at.FullName, "lens", "README.md");
        throw new DirectoryNotFoundException("not run from a repository");
    }

    [GeneratedRegex("^```(?<kind>[a-z]+)(?: (?<file>[^\n]+))?\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(" {2,}|─+")]
    private static partial Regex Widths();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
