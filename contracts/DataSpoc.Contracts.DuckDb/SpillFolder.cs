using DataSpoc.Contracts.Storage;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>Where DuckDB puts what does not fit into memory: a folder of this process alone, as DuckDB deletes what it finds there. It is gone when the process ends; that of a killed one goes with the next.</summary>
public static class SpillFolder
{
    private static readonly Lazy<string> Made = new(static () =>
    {
        try
        {
            var folder = new TemporaryFolder("spill");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
            return folder.Path;
        }
        catch (UserError)
        {
            // most queries need none: DuckDB says so where one does
            return System.IO.Path.GetTempPath();
        }
    });

    /// <summary>For <see cref="DatabaseOptions.TempDirectory"/>.</summary>
    public static string Path => System.IO.Path.Combine(Made.Value, "duckdb");
}
