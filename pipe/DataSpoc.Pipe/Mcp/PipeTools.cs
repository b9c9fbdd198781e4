using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DataSpoc.Pipe.Mcp;

/// <summary>What an agent may ask of Pipe. Every tool is a command of the command line, with its JSON output; nothing can be done here that cannot be done there.</summary>
/// <param name="app">The command line.</param>
/// <param name="environment">What the commands meet of the machine; their streams are their own.</param>
/// <param name="project">The options that name the project.</param>
/// <param name="configuration">A pipeline's configuration as it is used, secrets masked.</param>
internal sealed class PipeTools(Func<CommandLineApp> app, CommandEnvironment environment, IReadOnlyList<string> project, Func<string, JsonObject> configuration)
{
    public McpServerPrimitiveCollection<McpServerTool> Tools(bool mayRun)
    {
        List<McpServerTool> tools =
        [
            Reading("list_pipelines", "The project's pipelines: how each one's last run went, when it runs next, which bucket it writes", ListPipelines),
            Reading("pipeline_config", "The configuration of a pipeline as it is used; values from the environment are masked", PipelineConfig),
            Reading("pipeline_status", "How the last run of every pipeline in a bucket went", PipelineStatus),
            Reading("pipeline_logs", "The runs of a pipeline, the newest first; with a run, its streams", PipelineLogs),
            Reading("show_manifest", "The tables of a bucket: rows, files, bytes, newest snapshot", ShowManifest),
            Reading("validate_pipeline", "Checks a pipeline's configuration, source and bucket without ingesting anything", ValidatePipeline),
            Reading("discover", "The streams of a pipeline's source with their columns and keys", Discover),
            Reading("preview", "The first rows of a pipeline's source, and the schema that would be written; writes nothing", Preview),
        ];
        if (mayRun)
            tools.Add(McpServerTool.Create(RunPipeline, new() { Name = "run_pipeline", Description = "Runs a pipeline now: ingests what is new, and commits it exactly once", Destructive = false, OpenWorld = true }));
        return [.. tools];
    }

    private Task<CallToolResult> ListPipelines() => RunAsync("status");

    private CallToolResult PipelineConfig([Description("the pipeline's name")] string pipeline)
    {
        try
        {
            return Answer(configuration(pipeline).ToJsonString(), isError: false);
        }
        catch (UserError error)
        {
            return Answer($"{error.What}\n{error.Hint}", isError: true);
        }
    }

    private Task<CallToolResult> PipelineStatus([Description("file:///folder or s3://bucket")] string bucket) => RunAsync("status", "--bucket", Value(bucket));

    private Task<CallToolResult> PipelineLogs(
        [Description("the pipeline's name")] string pipeline, [Description("a run's id, or `last`, for its streams")] string? run = null, [Description("so many runs")] int limit = 20) =>
        RunAsync(["logs", Value(pipeline), "--limit", limit.ToString(CultureInfo.InvariantCulture), .. run is null ? [] : (string[])["--run", Value(run)]]);

    private Task<CallToolResult> ShowManifest([Description("file:///folder or s3://bucket")] string bucket) => RunAsync("manifest", "show", "--bucket", Value(bucket));

    private Task<CallToolResult> ValidatePipeline([Description("the pipeline's name")] string pipeline) => RunAsync("validate", Value(pipeline));

    private Task<CallToolResult> Discover([Description("the pipeline's name")] string pipeline) => RunAsync("discover", Value(pipeline));

    private Task<CallToolResult> Preview([Description("the pipeline's name")] string pipeline) => RunAsync("preview", Value(pipeline));

    private Task<CallToolResult> RunPipeline(
        [Description("the pipeline's name")] string pipeline, [Description("start anew: replace the tables, forget the bookmark")] bool full = false) =>
        RunAsync(["ingest", Value(pipeline), .. full ? (string[])["--full"] : []]);

    private async Task<CallToolResult> RunAsync(params string[] words)
    {
        using var output = new MemoryStream();
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        var code = await app().RunAsync([.. words, .. project, "-o", "json", "--no-color"], environment with
        {
            OpenStandardInput = static _ => Stream.Null,
            StandardOutput = output,
            StandardError = said,
            ReadLine = static () => null,
            InputIsTerminal = false,
            OutputIsTerminal = false,
            ErrorIsTerminal = false,
            CatchSignals = false,
        });
        var rows = Encoding.UTF8.GetString(output.ToArray());
        return Answer(code == 0 && rows.Length > 0 ? rows : said.ToString(), code != 0);
    }

    // what an agent gives is a value, never an option
    private static string Value(string given) => given.StartsWith('-') ? throw new McpException($"`{given}` is an option, not a name") : given;

    private static CallToolResult Answer(string text, bool isError) => new() { Content = [new TextContentBlock { Text = text }], IsError = isError };

    private static McpServerTool Reading(string name, string description, Delegate run) => McpServerTool.Create(run, new() { Name = name, Description = description, ReadOnly = true });
}
