using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;
using ModelContextProtocol.Server;

namespace DataSpoc.Lens.Mcp;

/// <summary><c>lens mcp</c>: the Model Context Protocol for agents, on stdin and stdout or over HTTP.</summary>
internal static class McpCommand
{
    private const int MostRows = 10_000;
    private const long MostBytes = 1 << 20;
    private const int ShortestToken = 16;

    public static ToolCommand Create()
    {
        var buckets = BucketOption.Create();
        var timeout = new Option<string?>("--timeout") { Description = "End a query after 500ms, 30s, 5m; by default 60s", HelpName = "TIME" };
        var http = new Option<string?>("--http") { Description = "Listen on a port of this machine instead of stdin; ADDRESS:PORT for other machines too", HelpName = "PORT" };
        var origins = new Option<string[]>("--allow-origin") { Description = "A site whose pages may ask over HTTP, besides those of this machine", HelpName = "ORIGIN" };
        return new("mcp", "Serve an agent over the Model Context Protocol, for reading only")
        {
            Example = "lens mcp --bucket s3://company-bronze",
            Details = "Answers hold at most 10 000 rows and 1 MiB. Queries run under the same guard as `lens sql`.\n"
                + "Over HTTP a client sends `Authorization: Bearer TOKEN`: the token is LENS_MCP_TOKEN, or one that is made for this run and told on stderr.",
            Handler = async context =>
            {
                var time = context.Value(timeout) is { } text ? TimeLimit.Parse(text) : TimeSpan.FromSeconds(60);
                var options = Options(context, context.Value(buckets) ?? [], time);
                if (context.Value(http) is { } address)
                    await ServeAsync(context, options, HttpAddress.Parse(address), context.Value(origins) ?? []);
                else
                    await ServeAsync(context, options);
                return ExitCode.Done;
            },
            Options = { buckets, timeout, http, origins },
        };
    }

    private static McpServerOptions Options(CommandContext context, IReadOnlyList<string> buckets, TimeSpan time)
    {
        var tools = new LensTools(context.Environment, ProjectOptions.Of(context), buckets, new(MostRows, MostBytes, time));
        return new()
        {
            ServerInfo = new() { Name = "dataspoc-lens", Version = LensTool.App().Version },
            ServerInstructions = "SQL over the tables of a bucket. List the tables and describe those you need before you query; tables are called layer.source_table.",
            ToolCollection = tools.Tools(),
            ResourceCollection = tools.Resources(),
        };
    }

    private static async Task ServeAsync(CommandContext context, McpServerOptions options)
    {
        await using var transport = new StreamServerTransport(context.OpenInput(), context.Environment.StandardOutput, options.ServerInfo!.Name);
        await using var server = McpServer.Create(transport, options);
        await server.RunAsync(context.Cancel);
    }

    private static async Task ServeAsync(CommandContext context, McpServerOptions options, HttpAddress address, IReadOnlyList<string> origins)
    {
        var given = context.Environment.Variable("LENS_MCP_TOKEN") is { Length: > 0 } variable ? variable : null;
        if (given is null && !address.IsLoopback)
            throw new UserError($"{address.Host} can be reached by others, and no token is set") { Hint = "set LENS_MCP_TOKEN in the environment, here and for the clients", ExitCode = ExitCode.Usage };
        if (given is { Length: < ShortestToken })
            throw new UserError("LENS_MCP_TOKEN can be guessed") { Hint = $"take at least {ShortestToken} characters: openssl rand -hex 32", ExitCode = ExitCode.Usage };
        if (!address.IsLoopback)
            context.Messages.Warn("token and rows travel without encryption", "let a proxy with TLS stand before it");
        var token = given ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var (listener, port) = address.Listen();
        using (listener)
        {
            if (given is null)
                context.Messages.Info($"token for this run: {token}");
            context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"http://{address.Host}:{port}/mcp"));
            context.Out.Flush();
            await new HttpEndpoint(options, new(token, origins), context.Messages).ServeAsync(listener, context.Cancel);
        }
    }
}
