using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Pipe.Commands;
using DataSpoc.Pipe.Mcp;
using ModelContextProtocol.Server;

namespace DataSpoc.Pipe.Mcp;

/// <summary><c>pipe mcp</c>: the Model Context Protocol on stdin and stdout, for agents.</summary>
internal sealed class McpCommand(PipeHost host)
{
    private readonly Option<bool> _readOnly = new("--read-only") { Description = "offer no tool that runs a pipeline" };

    public ToolCommand Create() => new("mcp", "Serve an agent over the Model Context Protocol (stdio)")
    {
        Example = "pipe mcp --project /app",
        Handler = RunAsync,
        Options = { _readOnly },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var tools = new PipeTools(() => PipeCommandLine.Create(host), context.Environment, context.ProjectWords, pipeline => context.Project.Effective("pipelines", pipeline));
        var options = new McpServerOptions
        {
            ServerInfo = new() { Name = "dataspoc-pipe", Version = typeof(McpCommand).Assembly.GetName().Version!.ToString(3) },
            ServerInstructions = "Pipelines bring data into a bucket as tables. List them first; ask for logs where one failed.",
            ToolCollection = tools.Tools(mayRun: !context.Value(_readOnly)),
        };
        await using var transport = new StreamServerTransport(context.OpenInput(), context.Environment.StandardOutput, options.ServerInfo.Name);
        await using var server = McpServer.Create(transport, options);
        await server.RunAsync(context.Cancel);
        return ExitCode.Done;
    }
}
