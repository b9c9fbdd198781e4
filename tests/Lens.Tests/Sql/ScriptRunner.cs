using DataSpoc.Contracts.Delta;
using Xunit;

namespace Lens.Tests.Sql;

/// <summary>Carries out one script.</summary>
internal sealed class ScriptRunner : IAsyncDisposable
{
    private readonly Dictionary<string, Lake> _lakes = [];
    private readonly LensProcess _lens = new();

    public int Checked { get; private set; }

    public async Task RunAsync(string path)
    {
        foreach (var (line, block) in Blocks(await File.ReadAllLinesAsync(path)))
            await RunAsync($"{Path.GetFileName(path)}, line {line}", block);
    }

    public async ValueTask DisposeAsync()
    {
        _lens.Dispose();
        foreach (var lake in _lakes.Values)
            await lake.DisposeAsync();
    }

    private static IEnumerable<(int Line, string[] Block)> Blocks(string[] lines)
    {
        var block = new List<string>();
        var begin = 0;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && lines[i].StartsWith('#'))
                continue;
            if (i < lines.Length && lines[i].Length > 0)
            {
                if (block.Count == 0)
                    begin = i + 1;
                block.Add(lines[i]);
            }
            else if (block.Count > 0)
            {
                yield return (begin, [.. block]);
                block.Clear();
            }
        }
    }

    private async Task RunAsync(string place, string[] block)
    {
        var words = block[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var text = string.Join('\n', block.Skip(1));
        switch (words[0])
        {
            case "table":
                await LakeOf(words).WriteAsync(words[1], text);
                break;
            case "overwrite":
                await LakeOf(words).WriteAsync(words[1], text, ChangeMode.Overwrite);
                break;
            case "file":
                LakeOf(words).WriteFile(words[1], text);
                break;
            case "text":
                LakeOf(words).WriteText(words[1], text);
                break;
            case "query":
                var rows = await AskAsync(words, block);
                Assert.True(rows.Outcome.Exit == 0, $"{place}\n{rows.Outcome.Error}");
                Same(place, rows.Expected, rows.Outcome.Out);
                break;
            case "error":
                var error = await AskAsync(["query", .. words.Skip(2)], block);
                Assert.True(error.Outcome.Exit.ToString(System.Globalization.CultureInfo.InvariantCulture) == words[1], $"{place}: exit code {error.Outcome.Exit}\n{error.Outcome.Error}{error.Outcome.Out}");
                Same(place, error.Expected, error.Outcome.Error);
                break;
            default:
                Assert.Fail($"{place}: `{words[0]}` is not known");
                break;
        }
    }

    private async Task<(string Expected, Outcome Outcome)> AskAsync(string[] words, string[] block)
    {
        var separator = Array.IndexOf(block, "----");
        Assert.True(separator > 0, $"`----` is missing after {block[0]}");
        Checked++;
        var query = string.Join('\n', block.Skip(1).Take(separator - 1));
        var buckets = _lakes.SelectMany(lake => new[] { "--bucket", lake.Key.Length == 0 ? lake.Value.Uri : $"{lake.Key}={lake.Value.Uri}" });
        var outcome = await _lens.RunAsync(["sql", query, .. buckets, .. words.Skip(1)]);
        return (string.Join('\n', block.Skip(separator + 1)) + "\n", Shown(outcome));
    }

    // where the bucket lies differs in every run
    private Outcome Shown(Outcome outcome)
    {
        var error = outcome.Error;
        foreach (var (name, lake) in _lakes)
            error = error.Replace(lake.Uri, $"<{(name.Length == 0 ? "lake" : name)}>", StringComparison.Ordinal).Replace(lake.Folder, $"<{(name.Length == 0 ? "lake" : name)}>", StringComparison.Ordinal);
        return outcome with { Error = error };
    }

    private Lake LakeOf(string[] words)
    {
        var name = words.Length > 2 ? words[2] : "";
        if (!_lakes.TryGetValue(name, out var lake))
            _lakes[name] = lake = Lake.New();
        return lake;
    }

    private static void Same(string place, string expected, string actual) =>
        Assert.True(expected == actual || (expected == "\n" && actual.Length == 0), $"{place}\n--- expected\n{expected}--- actual\n{actual}");
}
