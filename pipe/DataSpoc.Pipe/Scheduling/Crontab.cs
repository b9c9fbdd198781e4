using System.Text;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Scheduling;

/// <summary>A line of a crontab that runs a pipeline.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Cron">When.</param>
internal sealed record CrontabEntry(string Pipeline, string Cron);

/// <summary>
/// The text of a person's crontab. The lines of a project end with the comment <c># dataspoc-pipe:name@folder</c>; all others are left as they are.
/// </summary>
internal static class Crontab
{
    private const string Mark = " # dataspoc-pipe:";

    /// <summary>The entries of a project.</summary>
    public static IReadOnlyList<CrontabEntry> Entries(string crontab, string project) =>
        [.. crontab.Split('\n').Select(line => Entry(line, project)).OfType<CrontabEntry>()];

    /// <summary>The crontab without the entries of a project for which <paramref name="isRemoved"/> is true.</summary>
    public static string Without(string crontab, string project, Func<string, bool> isRemoved)
    {
        var kept = crontab.Split('\n').Where(line => Entry(line, project) is not { } entry || !isRemoved(entry.Pipeline));
        var text = string.Join('\n', kept).TrimEnd('\n');
        return text.Length == 0 ? "" : text + "\n";
    }

    /// <summary>The crontab with one more line.</summary>
    /// <param name="crontab">Ends with a line end, or is empty.</param>
    /// <param name="project">The project's folder.</param>
    /// <param name="entry">What runs when.</param>
    /// <param name="command">What the shell runs.</param>
    /// <exception cref="UserError">The folder's name has a line end: a crontab cannot hold it.</exception>
    public static string With(string crontab, string project, CrontabEntry entry, string command)
    {
        var line = $"{entry.Cron} {command}{Mark}{entry.Pipeline}@{project}";
        if (line.AsSpan().ContainsAny('\n', '\r'))
            throw new UserError("a crontab cannot hold a path with a line end") { Where = [("project", project)], ExitCode = ExitCode.Usage };
        // cron takes an unescaped % for a line end
        return crontab + line.Replace("%", "\\%", StringComparison.Ordinal) + "\n";
    }

    /// <summary>A word of a shell's command line.</summary>
    public static string Quote(string word) => new StringBuilder("'").Append(word.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'').ToString();

    private static CrontabEntry? Entry(string line, string project)
    {
        var text = line.Replace("\\%", "%", StringComparison.Ordinal);
        var mark = text.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0 || text.StartsWith('#') || text[(mark + Mark.Length)..].Split('@', 2) is not [var pipeline, var folder] || folder != project)
            return null;
        return new(pipeline, string.Join(' ', text.Split(' ').Take(5)));
    }
}
