using System.Text.Json.Nodes;
using DataSpoc.Contracts.CommandLine.Terminal;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>Errors as CLI.md shows them: what happened, where, and what to do, in that order.</summary>
internal static class ErrorRendering
{
    public static void Write(ErrorStream stderr, UserError error, Verbosity verbosity)
    {
        if (stderr.Json)
        {
            stderr.Event("error", new()
            {
                ["message"] = error.What,
                ["where"] = new JsonObject(error.Where.GroupBy(static w => w.Label).Select(static g =>
                    KeyValuePair.Create(g.Key, (JsonNode?)string.Join("; ", g.Select(static w => w.Value))))),
                ["hint"] = error.Hint,
                ["exit_code"] = (int)error.ExitCode,
                ["detail"] = verbosity == Verbosity.Verbose ? error.ToString() : null,
            });
            return;
        }
        var lines = new List<string> { stderr.Styled("\e[1;31m", "error: ") + Indented(error.What) };
        var width = error.Where.Count == 0 ? 0 : error.Where.Max(static w => w.Label.Length);
        foreach (var (label, value) in error.Where)
            lines.Add($"  {label.PadRight(width)}   {Indented(value)}");
        if (error.Hint is not null)
            lines.Add("  " + stderr.Styled("\e[36m", "hint: ") + Indented(error.Hint));
        if (verbosity == Verbosity.Verbose)
            lines.Add(error.ToString());
        stderr.Line(string.Join('\n', lines));
    }

    public static void WriteBug(ErrorStream stderr, CommandLineApp app, Exception bug, Verbosity verbosity)
    {
        var what = $"{app.Name} {app.Version} has a bug: {bug.GetType().Name}: {FirstLine(bug.Message)}";
        var hint = $"report it {app.ReportTo}, with the command and what it says with `-v`";
        if (stderr.Json)
        {
            stderr.Event("error", new() { ["message"] = what, ["hint"] = hint, ["exit_code"] = (int)ExitCode.Failed, ["detail"] = bug.ToString() });
            return;
        }
        stderr.Line($"{stderr.Styled("\e[1;31m", "error: ")}{what}\n  {stderr.Styled("\e[36m", "hint: ")}{hint}");
        if (verbosity == Verbosity.Verbose)
            stderr.Line(bug.ToString());
    }

    private static string Indented(string text) => text.TrimEnd().ReplaceLineEndings("\n    ");

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
