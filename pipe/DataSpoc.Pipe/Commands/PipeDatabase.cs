using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Commands;

/// <summary>The DuckDB that reads and writes Pipe's files.</summary>
internal static class PipeDatabase
{
    private const string MemoryLimit = "DATASPOC_MEMORY_LIMIT";

    private static (Task<Database> Starting, DatabaseOptions Options)? s_warm;

    /// <param name="environment">Where the memory limit may be set.</param>
    /// <param name="fromChannels">Whether rows come from channels: each has one thread, so they keep their order, and row groups may be bounded by bytes.</param>
    public static DatabaseOptions Options(CommandEnvironment environment, bool fromChannels = false) => Options(environment.Variable(MemoryLimit), fromChannels);

    /// <summary>Begins to start DuckDB before the command line is understood: both take as long.</summary>
    /// <param name="fromChannels">What <see cref="OpenAsync"/> will probably be asked for.</param>
    public static void Warm(bool fromChannels)
    {
        var options = Options(Environment.GetEnvironmentVariable(MemoryLimit), fromChannels);
        s_warm = (Task.Run(() => Database.Open(options)), options);
    }

    /// <summary>The database for an ingestion; the caller disposes it.</summary>
    /// <param name="environment">As in <see cref="Options(CommandEnvironment, bool)"/>.</param>
    /// <param name="fromChannels">As in <see cref="Options(CommandEnvironment, bool)"/>.</param>
    /// <exception cref="DataSpoc.Contracts.UserError">A setting is not valid.</exception>
    public static async Task<Database> OpenAsync(CommandEnvironment environment, bool fromChannels)
    {
        var options = Options(environment, fromChannels);
        if (s_warm is not { } warm || (warm.Options.PreserveOrder, warm.Options.MemoryLimit) != (options.PreserveOrder, options.MemoryLimit))
            return Database.Open(options);
        s_warm = null;
        return await warm.Starting;
    }

    /// <summary>Waits for what was begun and not used: a process must not end while DuckDB starts in it.</summary>
    public static Task SettleAsync() => s_warm is { } warm ? Task.WhenAny(warm.Starting) : Task.CompletedTask;

    private static DatabaseOptions Options(string? memoryLimit, bool fromChannels) => new()
    {
        PreserveOrder = !fromChannels,
        MemoryLimit = memoryLimit is { Length: > 0 } ? memoryLimit : "2GB",
        TempDirectory = SpillFolder.Path,
    };
}
