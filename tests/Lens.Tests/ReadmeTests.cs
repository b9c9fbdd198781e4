using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Lens.Tests;

/// <summary>What the README shows is what happens.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task Readme_Commands_AnswerWhatItSays()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", """
            SELECT id::BIGINT AS id, customer, status, total::DECIMAL(9,2) AS total, (dt || ' 10:00:00+00')::TIMESTAMPTZ AS placed_at, dt::DATE AS dt
            FROM (VALUES (1, 'A', 'paid', 19.99, '2026-01-01'), (2, 'B', 'shipped', 5, '2026-01-01'), (3, 'A', 'new', 70, '2026-01-02'), (4, 'A', 'new', 4.90, '2026-01-03')) t(id, customer, status, total, dt)
            """);
        await lake.WriteAsync("curated/sales/customers", "SELECT * FROM (VALUES ('A', 'Ann'), ('B', 'Bob')) t(code, name)");
        await lake.WriteAsync("ml/predictions/late", "SELECT 1 AS id, 0.25 AS probability");

        await using var model = new LoopbackServer(_ => (200, "{\"message\":{\"content\":\"```sql\\nselect status, count(*) as orders from orders group by all order by all\\n```\"}}"));
        lens.Variables["DATASPOC_LLM_URL"] = model.Url;

        var ran = 0;
        foreach (var (command, expected) in Commands(await File.ReadAllTextAsync(PathOfReadme(), TestContext.Current.CancellationToken)))
        {
            var args = Words().Matches(command).Select(word => word.Value.Trim('"')).Skip(1).Select(word => word.Replace("file:///data/lake", lake.Uri, StringComparison.Ordinal));
            var outcome = await lens.RunAsync(command.Contains(" -o ", StringComparison.Ordinal) ? [.. args] : [.. args, "-o", "table"]);
            Assert.True(outcome.Exit == 0, $"{command}\n{outcome.Error}");
            Assert.True(expected == outcome.Out.Replace(lake.Uri, "file:///data/lake", StringComparison.Ordinal), $"{command}\n{outcome.Out}");
            ran++;
        }
        Assert.True(ran >= 5);
    }

    private static IEnumerable<(string Command, string Expected)> Commands(string readme)
    {
        foreach (Match block in Blocks().Matches(readme))
        {
            string? command = null;
            var expected = new StringBuilder();
            foreach (var line in block.Groups[1].Value.TrimEnd('\n').Split('\n'))
            {
                if (!line.StartsWith("$ ", StringComparison.Ordinal))
                {
                    expected.Append(line).Append('\n');
                    continue;
                }
                if (command is not null)
                    yield return (command, expected.ToString());
                (command, expected) = (line[2..], new());
            }
            yield return (command!, expected.ToString());
        }
    }

    private static string PathOfReadme()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "global.json")))
                return Path.Combine(at.FullName, "lens", "README.md");
        throw new DirectoryNotFoundException("not run from a repository");
    }

    [GeneratedRegex("^```console\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
