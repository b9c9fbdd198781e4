using System.ComponentModel;
using System.Globalization;
using System.Text;
using DataSpoc.Contracts.CommandLine;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DataSpoc.Lens.Mcp;

/// <summary>
/// What an agent may ask of Lens. Every tool is a command of the command line with its JSON output and its guard: nothing can be done here that cannot be done there,
/// and nothing here writes to a bucket.
/// </summary>
/// <param name="environment">What the commands meet of the machine; their streams are their own.</param>
/// <param name="project">The options that name the project.</param>
/// <param name="buckets">The values of <c>--bucket</c>.</param>
/// <param name="limits">What an answer may hold and take.</param>
internal sealed class LensTools(CommandEnvironment environment, IReadOnlyList<string> project, IReadOnlyList<string> buckets, AnswerLimits limits)
{
    public McpServerPrimitiveCollection<McpServerTool> Tools() =>
    [
        Reading("list_tables", "All tables of the buckets: layer, name, rows, files, bytes, age", () => RunAsync("catalog")),
        Reading("describe_table", "One table: columns with types and bounds, keys, snapshot, checks, what it was made from and what was made from it", DescribeTable),
        Reading("query", "Runs one read-only SQL query (DuckDB's dialect) over the tables and answers rows as JSON", Query),
        Reading("ask", "Lets a language model that the owner of this server chose write the query for a question in plain language; answers that query, then its rows as JSON", AskModel),
        Reading("profile", "Nulls, distinct values, quartiles, distribution and frequent values of each column of a table", Profile),
        Reading("diff", "What changed between two versions of a table: columns, rows, keys", Diff),
        Reading("cache_status", "How much of distant files is kept on this machine", () => RunAsync("cache")),
        Reading("cache_table", "Copies a table of a distant bucket to this machine, so that queries over it need no network", CacheTable),
    ];

    public McpServerResourceCollection Resources() =>
        [McpServerResource.Create(() => RunTextAsync("catalog", "--detail"), new() { UriTemplate = "lens://catalog", Name = "catalog", Description = "All tables with keys, snapshots and lineage", MimeType = "application/json" })];

    private Task<CallToolResult> DescribeTable([Description("as in SQL: raw.shop_orders")] string table) => RunAsync("catalog", Value(table), "--detail");

    private Task<CallToolResult> Query(
        [Description("one SELECT, FROM, WITH, DESCRIBE, SUMMARIZE or SHOW")] string sql, [Description("rows at most")] int limit = 100, [Description("read tables as they were: a version, a day or a time")] string? as_of = null)
    {
        var rows = Math.Clamp(limit, 0, limits.Rows).ToString(CultureInfo.InvariantCulture);
        string[] words = ["sql", "-", "--limit", rows, "--timeout", Time, .. as_of is null ? [] : (string[])["--as-of", Value(as_of)]];
        return RunAsync(words, sql);
    }

    private async Task<CallToolResult> AskModel([Description("the question in plain language")] string question, [Description("rows at most")] int limit = 100)
    {
        var rows = Math.Clamp(limit, 0, limits.Rows).ToString(CultureInfo.InvariantCulture);
        var answer = await AskAsync(["ask", "--limit", rows, "--timeout", Time], "", question);
        TextContentBlock[] query = answer.IsError ? [] : [new() { Text = answer.Said.Trim() }];
        return new() { Content = [.. query, new TextContentBlock { Text = answer.Text }], IsError = answer.IsError };
    }

    private Task<CallToolResult> Profile([Description("as in SQL: raw.shop_orders")] string table) => RunAsync("profile", Value(table));

    private Task<CallToolResult> Diff(
        [Description("as in SQL: raw.shop_orders")] string table, [Description("the older version; by default the one before")] string? from = null, [Description("the newer version; by default the newest")] string? to = null) =>
        RunAsync(["diff", Value(table), .. from is null ? [] : (string[])["--from", Value(from)], .. to is null ? [] : (string[])["--to", Value(to)]]);

    private Task<CallToolResult> CacheTable([Description("as in SQL: raw.shop_orders")] string table) => RunAsync("cache", Value(table));

    private string Time => string.Create(CultureInfo.InvariantCulture, $"{(long)limits.Time.TotalMilliseconds}ms");

    private Task<CallToolResult> RunAsync(params string[] words) => RunAsync(words, "");

    private async Task<CallToolResult> RunAsync(string[] words, string input)
    {
        var (text, _, isError) = await AskAsync(words, input);
        return new() { Content = [new TextContentBlock { Text = text }], IsError = isError };
    }

    private async Task<string> RunTextAsync(params string[] words)
    {
        var (text, _, isError) = await AskAsync(words, "");
        return isError ? throw new McpException(text) : text;
    }

    private async Task<(string Text, string Said, bool IsError)> AskAsync(string[] words, string input, params string[] values)
    {
        using var output = new BoundedOutput(limits.Bytes);
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        string[] named = words[0] == "cache" && words.Length == 1 ? [] : [.. buckets.SelectMany(bucket => (string[])["--bucket", bucket])];
        var code = await LensTool.App().RunAsync([.. words, .. named, .. project, "-o", "json", "--no-color", .. values.Length > 0 ? (string[])["--", .. values] : []], environment with
        {
            OpenStandardInput = _ => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            StandardOutput = output,
            StandardError = said,
            ReadLine = static () => null,
            InputIsTerminal = false,
            OutputIsTerminal = false,
            ErrorIsTerminal = false,
            CatchSignals = false,
        });
        return (code == 0 && output.Length > 0 ? Encoding.UTF8.GetString(output.ToArray()) : said.ToString(), said.ToString(), code != 0);
    }

    // what an agent gives is a value, never an option
    private static string Value(string given) => given.StartsWith('-') ? throw new McpException($"`{given}` is an option, not a name") : given;

    private static McpServerTool Reading(string name, string description, Delegate run) => McpServerTool.Create(run, new() { Name = name, Description = description, ReadOnly = true });
}

/// <summary>What an answer to an agent may hold and take.</summary>
/// <param name="Rows">Rows of a query.</param>
/// <param name="Bytes">Bytes of an answer.</param>
/// <param name="Time">How long a query may take.</param>
internal sealed record AnswerLimits(int Rows, long Bytes, TimeSpan Time);
