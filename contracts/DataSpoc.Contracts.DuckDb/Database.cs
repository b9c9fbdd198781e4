using System.Globalization;
using DataSpoc.Contracts.DuckDb.Native;
using DataSpoc.Contracts.DuckDb.Streaming;
using DataSpoc.Contracts.DuckDb.Values;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>A DuckDB database in memory: the engine, its threads and its memory. Thread-safe.</summary>
public sealed class Database : IDisposable
{
    private readonly DatabaseHandle handle;

    private Database(DatabaseHandle handle, DatabaseOptions options) => (this.handle, Options) = (handle, options);

    /// <summary>The version of DuckDB, for example <c>v1.5.6</c>.</summary>
    public static string Version => NativeText.Borrowed(NativeMethods.LibraryVersion());

    /// <summary>What it was opened with.</summary>
    public DatabaseOptions Options { get; }

    internal ChunkSources Sources { get; } = new();

    /// <summary>Opens a database in memory.</summary>
    /// <exception cref="UserError">A setting is not valid (<see cref="ExitCode.Usage"/>).</exception>
    public static Database Open(DatabaseOptions options)
    {
        Check(NativeMethods.CreateConfig(out var config));
        using (config)
        {
            foreach (var (name, value) in Settings(options))
                if (NativeMethods.SetConfig(config, name, value) != NativeState.Success)
                    throw new UserError($"DuckDB has no setting `{name}` with the value `{value}`") { ExitCode = ExitCode.Usage };
            if (NativeMethods.OpenExt(null, out var handle, config, out var error) == NativeState.Success)
                return Configured(new(handle, options));
            handle.Dispose();
            throw new UserError($"DuckDB did not start: {NativeText.Owned(error)}") { ExitCode = ExitCode.Usage };
        }
    }

    /// <summary>A new connection; it keeps the database open as long as it lives.</summary>
    public Connection Connect()
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        Check(NativeMethods.Connect(handle, out var connection));
        return new(this, connection);
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private static Database Configured(Database database)
    {
        // These settings belong to extensions, so they are not known yet while the database is being opened.
        // Geometries are read as the bytes they are: WKB is stored without loss, DuckDB's own type is not.
        using var connection = database.Connect();
        connection.Execute("SET GLOBAL TimeZone = 'UTC'; SET GLOBAL enable_geoparquet_conversion = false");
        TextFunctions.Register(connection);
        return database;
    }

    private static IEnumerable<(string Name, string Value)> Settings(DatabaseOptions options)
    {
        yield return ("autoinstall_known_extensions", "false");
        yield return ("autoload_known_extensions", "false");
        yield return ("preserve_insertion_order", options.PreserveOrder ? "true" : "false");
        yield return ("temp_directory", options.TempDirectory ?? "");
        if (options.MemoryLimit is not null)
            yield return ("memory_limit", options.MemoryLimit);
        if (options.Threads is { } threads)
            yield return ("threads", threads.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in options.Settings)
            yield return (name, value);
    }

    private static void Check(NativeState state)
    {
        if (state != NativeState.Success)
            throw new DuckDbException("DuckDB did not start", DuckDbError.Fatal);
    }
}
