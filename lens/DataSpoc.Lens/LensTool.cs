using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Ask;
using DataSpoc.Lens.Browsing;
using DataSpoc.Lens.Buckets;
using DataSpoc.Lens.Caching;
using DataSpoc.Lens.Comparison;
using DataSpoc.Lens.Mcp;
using DataSpoc.Lens.MlGateway;
using DataSpoc.Lens.Notebooks;
using DataSpoc.Lens.Profiling;
using DataSpoc.Lens.Publishing;
using DataSpoc.Lens.Shell;
using DataSpoc.Lens.Sql;
using DataSpoc.Lens.Transforms;

namespace DataSpoc.Lens;

/// <summary>The command line of <c>lens</c>.</summary>
internal static class LensTool
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">As given to Main.</param>
    /// <param name="environment">What the command meets of the machine; null is this process.</param>
    public static Task<int> RunAsync(string[] args, CommandEnvironment? environment = null) =>
        App(args).RunAsync(MlCommand.Means(args) ? MlCommand.Sealed(args) : args,
            // in the shell Ctrl-C stops the query that runs, not the shell
            args is ["shell", ..] ? (environment ?? CommandEnvironment.OfProcess()) with { CatchSignals = false } : environment);

    /// <summary>The command line with the commands that arguments can mean; without arguments all.</summary>
    public static CommandLineApp App(params string[] args) => new()
    {
        Name = "lens",
        Description = "SQL over all tables of a bucket, for analysts and their agents",
        ProjectFolders = ["transforms"],
        // a query is asked often and answered in a moment: that is no time to make all the others
        Commands = args is ["sql" or "query", ..] ? [SqlCommand.Create()] :
        [
            SqlCommand.Create(), AskCommand.Create(), CatalogCommand.Create(), ProfileCommand.Create(), DiffCommand.Create(), TransformCommand.Create(), CacheCommand.Create(), PublishCommand.Create(), NotebookCommand.Create(), MlCommand.Create(),
            ShellCommand.Create(), McpCommand.Create(),
            InitCommand.Create(), BucketCommand.Create(), BucketCommand.Add("add-bucket", "lens add-bucket s3://company-bronze"),
        ],
    };
}
