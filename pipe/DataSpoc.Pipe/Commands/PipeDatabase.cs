using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Commands;

/// <summary>The DuckDB that reads and writes Pipe's files.</summary>
internal static class PipeDatabase
{
    // of this process alone: DuckDB deletes what it finds there
    private static readonly Lazy<string> Spilled = new(static () =>
    {
        try
        {
            var folder = new TemporaryFolder("pipe");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
            return folder.Path;
        }
        catch (UserError)
        {
            // most runs need none: DuckDB says so where one does
            return Path.GetTempPath();
        }
    });

    /// <summary>Where what does not fit into memory is written.</summary>
    public static string TempDirectory => Path.Combine(Spilled.Value, "duckdb");

    /// <param name="environment">Where the memory limit may be set.</param>
    /// <param name="fromChannels">Whether rows come from channels: each has one thread, so they keep their order, and row groups may be bounded by bytes.</param>
    public static DatabaseOptions Options(CommandEnvironment environment, bool fromChannels = false) => new()
    {
        PreserveOrder = !fromChannels,
        MemoryLimit = environment.Variable("DATASPOC_MEMORY_LIMIT") is { Length: > 0 } limit ? limit : "2GB",
        TempDirectory = TempDirectory,
    };
}
