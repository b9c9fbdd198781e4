using System.Globalization;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Sql;

/// <summary>How DuckDB is started for a query.</summary>
internal static class Engine
{
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
            TempDirectory = configuration.TempDirectory ?? Path.Combine(Path.GetTempPath(), $"lens-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}"),
            Settings = settings,
        };
    }

    // the machine's memory, or what a container may use of it
    private static long Available() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
}
