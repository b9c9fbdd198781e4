using System.Globalization;
using System.Text.RegularExpressions;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>DuckDB's complaints about a file, as the suite says them: what, where, what to do.</summary>
internal static partial class FileErrors
{
    /// <summary>Whether it is a file that is complained about, and not what is made of its rows.</summary>
    public static bool IsOne(DuckDbException error, IReadOnlyList<SourceFile> files) =>
        error.Message.Contains("CSV Error", StringComparison.Ordinal) || TypeRefusal.In(error) is not null || Unwritten().IsMatch(error.Message)
        || error.Error == DuckDbError.OutOfMemory || files.Any(file => file.LocalPath is { } path && error.Message.Contains(path, StringComparison.Ordinal));

    public static UserError Of(DuckDbException error, FileKind kind, IReadOnlyList<SourceFile> files)
    {
        var message = error.Message.ReplaceLineEndings("\n");
        if (Unwritten().Match(message) is { Success: true } unwritten)
            return new("the rows cannot be written", error)
            {
                Where = [("file", unwritten.Groups[1].Value), ("reason", unwritten.Groups[2].Value)],
                Hint = "make room there and run again: nothing of this run was kept",
            };
        if (message.Contains("option cannot exceed a size", StringComparison.Ordinal))
            return new("what quotes fields, and what begins a comment, is one character", error) { Where = [("reason", Cut(Reason(message)))], Hint = "write --quote \"'\" or --comment '#'", ExitCode = ExitCode.Usage };
        var named = files.FirstOrDefault(file => file.LocalPath is { } path && message.Contains(path, StringComparison.Ordinal)) ?? (files.Count == 1 ? files[0] : null);
        var where = new List<(string Label, string Value)>();
        if (named is not null)
            where.Add(("file", LineOf(message) is { } line ? $"{named.Uri}, line {line}" : named.Uri));
        if (Original().Match(message) is { Success: true } original)
            where.Add(("content", Cut(original.Groups[1].Value)));
        where.Add(("reason", Cut(Reason(message))));
        var what = named is null ? "a file" : $"`{Path.GetFileName(named.Uri)}`";
        if (JsonMisfit().Match(message) is { Success: true } json)
            // DuckDB counts the records of a part of the file, some from 0, some from 1
            return Refused($"a value is not of its column's type, in {what}", [.. where.Where(one => one.Label == "file").Select(one => (one.Label, named!.Uri)), ("reason", Cut(json.Groups[1].Value))], error);
        if (CsvMisfit().Match(message) is { Success: true } csv)
            return Refused($"{TypeRefusal.Of(csv.Groups[1].Value, csv.Groups[3].Value)}{Cut(csv.Groups[2].Value)}, in {what}", where[..^1], error);
        if (TypeRefusal.In(error) is { } refused)
            return Refused($"{refused}, in {what}", where[..^1], error);
        return new($"{what} cannot be read as {kind.Format switch { FileFormat.Csv => "CSV", FileFormat.Json => "JSON", _ => "Parquet" }}", error)
        {
            Where = where,
            Hint = message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase) ? "give it more memory: DATASPOC_MEMORY_LIMIT=4GB" : message.Contains("Permission denied", StringComparison.Ordinal) ? "this user may not read it: see `ls -l`" : kind.Format switch
            {
                FileFormat.Csv when message.Contains("unicode", StringComparison.OrdinalIgnoreCase) || message.Contains("not utf-8 encoded", StringComparison.OrdinalIgnoreCase) => "the file is not UTF-8; convert it first: iconv -f latin1 -t utf-8",
                FileFormat.Csv => "every line needs the same number of fields as the header; quotes inside a quoted field are doubled",
                FileFormat.Json => "every record is one JSON object on a line of its own, or the file is one array of objects",
                _ => "the file is damaged or was not written to its end; get it again from its source",
            },
        };
    }

    private static UserError Refused(string what, IReadOnlyList<(string Label, string Value)> where, DuckDbException error) => new(what, error)
    {
        Where = where,
        Hint = "correct the type, have such records kept apart (`schema: {types: quarantine}`), or write the table anew with `--full`",
        ExitCode = ExitCode.Refused,
    };

    // the first sentence that says something, without DuckDB's advice on its own options
    private static string Reason(string message)
    {
        var lines = message.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("LINE ", StringComparison.Ordinal) && !CsvLine().IsMatch(line) && !Original().IsMatch(line)).ToArray();
        return lines.Length == 0 ? message : Malformed().Replace(lines[0], "");
    }

    // of line-delimited JSON, DuckDB counts the lines from 2 on
    private static string? LineOf(string message) =>
        Malformed().Match(message) is { Success: true } json
            ? long.TryParse(json.Groups[1].Value, CultureInfo.InvariantCulture, out var next) ? (next - 1).ToString(CultureInfo.InvariantCulture) : null
            : Line().Match(message) is { Success: true } line ? line.Groups[1].Value : null;

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";

    [GeneratedRegex(@"[Ll]ine:? (\d+)")]
    private static partial Regex Line();

    [GeneratedRegex(@"CSV Error on Line: \d+")]
    private static partial Regex CsvLine();

    [GeneratedRegex(@"^Invalid Input Error: Malformed JSON in file "".*"", at byte \d+ in (?:line (\d+)|\S+ \d+): ")]
    private static partial Regex Malformed();

    [GeneratedRegex("""Error when converting column "(.*?)"\. Could not convert string "(.*?)" to '(.*?)'""", RegexOptions.Singleline)]
    private static partial Regex CsvMisfit();

    [GeneratedRegex(@"JSON transform error in file "".*"", in \w+ \d+: (.*)")]
    private static partial Regex JsonMisfit();

    [GeneratedRegex(@"Could not write (?:to )?file ""(.*)"": (.*)")]
    private static partial Regex Unwritten();

    [GeneratedRegex(@"Original Line: (.*)")]
    private static partial Regex Original();
}
