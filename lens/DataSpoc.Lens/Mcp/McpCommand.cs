using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;
using ModelContextProtocol.Server;

namespace DataSpoc.Lens.Mcp;

/// <summary><c>lens mcp</c>: the Model Context Protocol on stdin and stdout, for agents.</summary>
internal static class McpCommand
{
    private const int MostRows = 10_000;
    private const long MostBytes = 1 << 20;

    public static ToolCommand Create()
    {
        var buckets = BucketOption.Create();
        var timeout = new Option<string?>("--timeout") { Description = "End a query after 500ms, 30s, 5m; by default 60s", HelpName = "TIME" };
        return new("mcp", "Serve an agent over the Model Context Protocol (stdio), for reading only")
        {
            Example = "lens mcp --bucket s3://company-bronze",
            Details = "Answers hold at most 10 000 rows and 1 MiB. Queries run under the same guard as `lens sql`.",
            Handler = context => RunAsync(context, context.Value(buckets) ?? [], context.Value(timeout) is { } text ? TimeLimit.Parse(text) : TimeSpan.FromSeconds(60)),
            Options = { buckets, timeout },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, IReadOnlyList<string> buckets, TimeSpan time)
    {
        var tools = new LensTools(context.Environment, ProjectOptions.Of(context), buckets, new(MostRows, MostBytes, time));
        var options = new McpServerOptions
        {
            ServerInfo = new() { Name = "dataspoc-lens", Version = LensTool.App().Version },
            ServerInstructions = "SQL over the tables of a bucket. List the tables and describe those you need before you query; tables are called layer.source_table.",
            ToolCollection = tools.Tools(),
            ResourceCollection = tools.Resources(),
        };
        await using var transport = new StreamServerTransport(context.OpenInput(), context.Environment.StandardOutput, options.ServerInfo.Name);
        await using var server = McpServer.Create(transport, options);
        await server.RunAsync(context.Cancel);
        return ExitCode.Done;
    }
}
