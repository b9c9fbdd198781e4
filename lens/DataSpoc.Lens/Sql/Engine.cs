using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Clusters;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Sql;

/// <summary>How DuckDB is started for a query.</summary>
internal static class Engine
{
    /// <summary>DuckDB over copies of what is distant: the default.</summary>
    public const string Own = "duckdb";

    /// <summary>DuckDB with its extension for S3.</summary>
    public const string Httpfs = "httpfs";

    private static Task<Database>? s_warm;
    private static Task s_starting = Task.CompletedTask;

    /// <summary>The settings of <c>lens.yaml</c>, or those that leave the machine room for others.</summary>
    public static DatabaseOptions Options(LensConfiguration configuration)
    {
        var settings = new Dictionary<string, string>();
        if (configuration.MaxTempSize is { } size)
            settings["max_temp_directory_size"] = Bytes(size.Bytes);
        return new()
        {
            MemoryLimit = Bytes(configuration.MemoryLimit?.Bytes ?? Available() / 10 * 7),
            Threads = configuration.Threads,
            TempDirectory = configuration.TempDirectory ?? SpillFolder.Path,
            Settings = settings,
        };
    }

    /// <summary>Begins to start DuckDB before it is known how the project wants it: as by default, which it mostly does.</summary>
    public static void Warm() => s_starting = s_warm = Start(new());

    /// <summary>DuckDB with the project's settings, started on another thread; the caller disposes it.</summary>
    public static Task<Database> OpenAsync(LensConfiguration configuration)
    {
        if (configuration is { MemoryLimit: null, Threads: null, TempDirectory: null, MaxTempSize: null } && Interlocked.Exchange(ref s_warm, null) is { } warm)
            return warm;
        var starting = Start(configuration);
        s_starting = Task.WhenAll(s_starting, starting);
        return starting;
    }

    /// <summary>Waits for what was begun and not used, where a command ended early: a process must not end while DuckDB starts in it.</summary>
    public static Task SettleAsync() => Task.WhenAny(s_starting);

    private static Task<Database> Start(LensConfiguration configuration) => Task.Run(() => Database.Open(Options(configuration)));

    /// <summary>Whether an engine of <c>lens.yaml</c> or <c>--engine</c> is a cluster.</summary>
    /// <exception cref="UserError">There is no such engine (<see cref="ExitCode.Usage"/>).</exception>
    public static bool IsCluster(string engine) => ClickHouseAddress.Is(engine) || (engine is Own or Httpfs ? false
        : throw new UserError($"there is no engine `{engine}`") { Hint = "duckdb (the default), httpfs, or clickhouse://host", ExitCode = ExitCode.Usage });

    // the machine's memory, or what a container may use of it
    private static long Available() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
}
