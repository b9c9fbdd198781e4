using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Lens.Export;

/// <summary>What kind of file is written.</summary>
internal enum ExportFormat
{
    /// <summary>As <c>-o csv</c>.</summary>
    Csv,

    /// <summary>As <c>-o json</c>.</summary>
    Json,

    /// <summary>As <c>-o ndjson</c>.</summary>
    Ndjson,

    /// <summary>By DuckDB.</summary>
    Parquet,
}

/// <summary>The file of <c>--export</c>. Rows go into a file beside it, which takes its name when all are there: a failed query leaves what was there before.</summary>
/// <param name="Shown">As it was given.</param>
/// <param name="FullPath">Absolute.</param>
/// <param name="Format">By its extension.</param>
internal sealed record ExportTarget(string Shown, string FullPath, ExportFormat Format) : IDisposable
{
    /// <summary>The file that is written to.</summary>
    public string PartialPath { get; } = Path.Combine(Path.GetDirectoryName(FullPath)!, $".{Path.GetFileName(FullPath)}.{Guid.NewGuid():N}.partial");

    /// <summary>Reads the value of <c>--export</c>.</summary>
    /// <exception cref="UserError">The extension is not known, or the folder is not there (<see cref="ExitCode.Usage"/>).</exception>
    public static ExportTarget Parse(string given, CommandEnvironment environment)
    {
        var path = environment.FullPath(given);
        ExportFormat? format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => ExportFormat.Csv,
            ".json" => ExportFormat.Json,
            ".ndjson" or ".jsonl" => ExportFormat.Ndjson,
            ".parquet" => ExportFormat.Parquet,
            _ => null,
        };
        if (format is null)
            throw Wrong(given, $"`{given}` has no extension that says how to write it", "end it in .csv, .json, .ndjson or .parquet");
        if (Directory.Exists(path))
            throw Wrong(given, $"`{given}` is a folder", "name a file");
        return Directory.Exists(Path.GetDirectoryName(path))
            ? new(given, path, format.Value)
            : throw Wrong(given, $"there is no folder for `{given}`", $"make it first: mkdir -p {Path.GetDirectoryName(given)}");
    }

    /// <summary>The empty file, to write rows to.</summary>
    public FileStream Open() => Guarded(() => new FileStream(PartialPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));

    /// <summary>Gives the complete file its name.</summary>
    /// <returns>Its bytes.</returns>
    public long Publish() => Guarded(() =>
    {
        File.Move(PartialPath, FullPath, overwrite: true);
        return new FileInfo(FullPath).Length;
    });

    /// <summary>What the disk says, as an error for people.</summary>
    public UserError Failed(IOException error) => new($"`{Shown}` cannot be written: {error.Message}", error) { Where = [("file", FullPath)] };

    /// <summary>Removes what is not complete.</summary>
    public void Dispose()
    {
        if (File.Exists(PartialPath))
            File.Delete(PartialPath);
    }

    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IOException error)
        {
            throw Failed(error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UserError($"`{Shown}` may not be written: {error.Message}", error) { Where = [("file", FullPath)] };
        }
    }

    private static UserError Wrong(string given, string what, string hint) => new(what) { Where = [("option", $"--export {given}")], Hint = hint, ExitCode = ExitCode.Usage };
}
