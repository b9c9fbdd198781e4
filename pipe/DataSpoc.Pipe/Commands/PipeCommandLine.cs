using DataSpoc.Contracts.CommandLine;
using DataSpoc.Pipe.Commands.History;
using DataSpoc.Pipe.Commands.Ingesting;
using DataSpoc.Pipe.Commands.Looking;
using DataSpoc.Pipe.Commands.Projects;
using DataSpoc.Pipe.Commands.Transforming;
using DataSpoc.Pipe.Commands.Upkeep;
using DataSpoc.Pipe.Mcp;
using DataSpoc.Pipe.Scheduling;

namespace DataSpoc.Pipe.Commands;

/// <summary>The command line of <c>pipe</c>.</summary>
internal static class PipeCommandLine
{
    /// <summary>The tool and its version, as it signs what it writes.</summary>
    public static string Writer { get; } = $"pipe {typeof(PipeCommandLine).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>The command line with the commands that arguments can mean; without arguments all.</summary>
    public static CommandLineApp Create(PipeHost host, params string[] args) => new()
    {
        Name = "pipe",
        Description = "Brings data into a bucket as tables, exactly once",
        Example = "pipe ingest ./orders.csv --to file:///data/lake --table shop/orders",
        ConfigurationFolders = ["pipelines"],
        ProjectFolders = ["transforms"],
        FormerHome = ".dataspoc-pipe",
        // an ingestion is started often and may be over in a moment: that is no time to make all the others
        Commands = args is ["ingest" or "run", ..] ? [new IngestCommand(host).Create()] :
        [
            new InitCommand().Create(),
            new AddCommand(host).Create(),
            new DiscoverCommand(host).Create(),
            new PreviewCommand(host).Create(),
            new ValidateCommand(host).Create(),
            new IngestCommand(host).Create(),
            new TransformCommand(host).Create(),
            new ScheduleCommand(host).Create(),
            new StatusCommand(host).Create(),
            new LogsCommand(host).Create(),
            new ManifestCommand(host).Create(),
            new RecoverCommand(host).Create(),
            new ReplayCommand(host).Create(),
            new CompactCommand(host).Create(),
            new VacuumCommand(host).Create(),
            new McpCommand(host).Create(),
        ],
    };
}
