using System.CommandLine;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Ask;

/// <summary><c>lens ask</c>: a question in plain language.</summary>
internal static class AskCommand
{
    public static ToolCommand Create()
    {
        var question = new Argument<string>("question") { Description = "The question" };
        var buckets = BucketOption.Create();
        var model = new Option<string?>("--model") { Description = "The model that is asked, instead of that of lens.yaml", HelpName = "NAME" };
        var noSamples = new Option<bool>("--no-samples") { Description = "Show the model no rows, only names, types and comments" };
        var onlySql = new Option<bool>("--sql") { Description = "Show the query, and do not run it" };
        var limit = new Option<long?>("--limit") { Description = "Stop after so many rows; by default 1 000", HelpName = "ROWS" };
        var timeout = new Option<string?>("--timeout") { Description = "End the query after 500ms, 30s, 5m or 2h", HelpName = "TIME" };
        var export = new Option<string?>("--export") { Description = "Write the result to a file: .csv, .json, .ndjson or .parquet", HelpName = "FILE" };
        var debug = new Option<bool>("--debug") { Description = "Show what the model is told and what it answers" };
        return new("ask", "Ask a question in plain language; a language model writes the query")
        {
            Example = "lens ask \"how many orders are there per status?\" --bucket file:///data/lake",
            Details = "The model is Ollama's on this machine, or what `ask:` in lens.yaml says. It is sent the names, types and comments of tables and three rows of each,\n"
                + "but no value of a column that semantics.yaml marks private. Its query is checked against the catalog, shown, and run under the guard of `lens sql`.",
            Handler = context => new AskRun(context, new(context.Value(question)!)
            {
                Buckets = context.Value(buckets) ?? [],
                Model = context.Value(model),
                NoSamples = context.Value(noSamples),
                OnlySql = context.Value(onlySql),
                Limit = context.Value(limit),
                Timeout = context.Value(timeout),
                Export = context.Value(export),
                Debug = context.Value(debug),
            }).RunAsync(),
            Arguments = { question },
            Options = { buckets, model, noSamples, onlySql, limit, timeout, export, debug },
        };
    }
}
