namespace Pipe.Tests.Conformance;

/// <summary>
/// A rule, as a script: lines with <c>#</c> say it; sections begin with <c>--- </c> and happen in order.
/// <list type="bullet">
/// <item><c>--- source</c>: more lines of the pipeline's source, YAML</item>
/// <item><c>--- file NAME</c>, <c>--- gzip NAME</c>: a file beside the tap; <c>--- parquet NAME</c>: the rows of a SELECT</item>
/// <item><c>--- tap</c>: what the tap prints, in a run that ends well; <c>--- tap exits N</c>: a run of pipe that ends with this code</item>
/// <item><c>--- says</c>: parts of what the last run wrote to stderr, a line each</item>
/// <item><c>--- table NAME</c>: the table's columns and types, then its rows, parted by bars; <c>--- no table NAME</c></item>
/// <item><c>--- state</c>: the bookmark, as JSON</item>
/// </list>
/// <c>$FOLDER</c> is the folder of the tap.
/// </summary>
/// <param name="Sections">A heading without its dashes, and the lines.</param>
internal sealed record RuleFile(IReadOnlyList<(string Heading, IReadOnlyList<string> Lines)> Sections)
{
    private const string Mark = "--- ";

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Conformance", "rules"), "*.rule").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static RuleFile Read(string name, string folder)
    {
        var sections = new List<(string, IReadOnlyList<string>)>();
        var lines = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Conformance", "rules", name + ".rule")))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
                sections.Add((line[Mark.Length..], lines = []));
            else if (!line.StartsWith('#'))
                lines.Add(line.Replace("$FOLDER", folder, StringComparison.Ordinal));
        }

        return new(sections);
    }
}
