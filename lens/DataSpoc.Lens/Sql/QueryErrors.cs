using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Sql;

/// <summary>What DuckDB says of a query, as an error for people: DuckDB's own sentence, where in the query, and what to do.</summary>
internal static class QueryErrors
{
    /// <summary>The error for a failure that has nothing to do with a table's files.</summary>
    public static UserError Explain(DuckDbException error)
    {
        var message = DuckDbMessage.Parse(error.Message);
        return new(What(error.Error, message), error) { Where = [.. message.Where, .. Details(error.Error, message)], Hint = Hint(error.Error, message) };
    }

    /// <summary>The error for a data file that DuckDB cannot read.</summary>
    public static UserError UnreadableFile(DuckDbException error, LoadedTable table, string key) => new($"a file of table `{table.Table.Table}` cannot be read", error)
    {
        Where = [("bucket", table.Content.Store.Bucket.ToString()), ("file", key), ("reason", DuckDbMessage.Parse(error.Message).Text)],
        Hint = "the file is damaged or is no Parquet: write the table's rows again with `pipe`",
    };

    /// <summary>The error for a data file that was there when the query began.</summary>
    public static UserError VanishedFile(DuckDbException error, LoadedTable table, string key) => new($"table `{table.Table.Table}` was replaced while the query read it", error)
    {
        Where = [("bucket", table.Content.Store.Bucket.ToString()), ("file", key)],
        Hint = "run it again to read the new rows; a pipeline with `history` keeps the old files as long as queries need them",
    };

    /// <summary>The name in <c>Table with name … does not exist!</c>, or null.</summary>
    public static string? MissingTable(DuckDbException error)
    {
        const string Before = "Table with name ";
        const string After = " does not exist!";
        var text = DuckDbMessage.Parse(error.Message).Text;
        var begin = text.IndexOf(Before, StringComparison.Ordinal);
        var end = text.IndexOf(After, StringComparison.Ordinal);
        return error.Error == DuckDbError.Catalog && begin >= 0 && end > begin ? text[(begin + Before.Length)..end].Trim('"') : null;
    }

    private static string What(DuckDbError error, DuckDbMessage message)
    {
        var text = Backticks(message.Text.TrimEnd('.', '!'));
        return error switch
        {
            DuckDbError.Permission => "a query reads the tables of its buckets and nothing else: " + Lowered(text),
            DuckDbError.OutOfMemory => "the query needs more memory than it may have",
            DuckDbError.Internal or DuckDbError.Fatal => $"DuckDB failed: {text}",
            _ => Lowered(text),
        };
    }

    private static IEnumerable<(string, string)> Details(DuckDbError error, DuckDbMessage message) =>
        // what DuckDB advises then are settings that nobody can change here
        error == DuckDbError.OutOfMemory ? [] : message.Rest.Where(line => !IsCandidates(line)).Take(5).Select(line => ("", line));

    private static string? Hint(DuckDbError error, DuckDbMessage message)
    {
        if (error == DuckDbError.OutOfMemory)
            return "raise `memory_limit` in lens.yaml, or ask for fewer columns or rows";
        if (error == DuckDbError.Permission)
            return "bring a file into a bucket with `pipe ingest FILE --to BUCKET`";
        foreach (var line in message.Rest)
        {
            if (DuckDbMessage.Quoted(line, "Did you mean") is { } meant)
                return $"did you mean `{meant}`?";
            if (line.StartsWith("Candidate bindings: ", StringComparison.Ordinal))
                return $"there is {Backticks(line["Candidate bindings: ".Length..])}";
            if (line.StartsWith("Candidate functions:", StringComparison.Ordinal))
                return $"there is {string.Join("; ", message.Rest.SkipWhile(l => l != line).Skip(1).Take(4))}";
        }
        return null;
    }

    private static bool IsCandidates(string line) =>
        line.StartsWith("Candidate", StringComparison.Ordinal) || line.StartsWith("Did you mean", StringComparison.Ordinal);

    // names are in backticks, not in quotes
    private static string Backticks(string text) => text.Replace('"', '`');

    private static string Lowered(string text) =>
        text.Length > 1 && char.IsAsciiLetterUpper(text[0]) && !char.IsAsciiLetterUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
