using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Commands;

/// <summary>The DuckDB that reads and writes Pipe's files.</summary>
internal static class PipeDatabase
{
    /// <param name="environment">Where the memory limit may be set.</param>
    /// <param name="fromChannels">Whether rows come from channels: each has one thread, so they keep their order, and row groups may be bounded by bytes.</param>
    public static DatabaseOptions Options(CommandEnvironment environment, bool fromChannels = false) => new()
    {
        PreserveOrder = !fromChannels,
        MemoryLimit = environment.Variable("DATASPOC_MEMORY_LIMIT") is { Length: > 0 } limit ? limit : "2GB",
        TempDirectory = SpillFolder.Path,
    };
}
