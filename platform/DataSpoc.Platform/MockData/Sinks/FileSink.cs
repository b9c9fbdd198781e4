using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>A file that was written.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Table">Of which table.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record WrittenFile(string Path, string Table, long Rows, long Bytes);

/// <summary>
/// A file per table. They are written under another name first and renamed together, so that an interrupted run leaves no file that looks whole.
/// </summary>
/// <param name="folder">Made where it is not there.</param>
/// <param name="format">Of all files.</param>
/// <param name="suffix">Put behind the table's name: empty, or <c>-2026-11-01</c>; with it, tables without rows get no file.</param>
/// <param name="cancel">Stops a writer that waits.</param>
internal sealed class FileSink(string folder, MockFormat format, string suffix, CancellationToken cancel) : ITableSink, IDisposable
{
    private readonly List<(string Table, string Temporary, string Final, ITableFile File)> _files = [];
    private Database? _database;

    public ICellWriter Open(TableShape shape)
    {
        Directory.CreateDirectory(folder);
        var final = Path.Combine(folder, $"{shape.Name}{suffix}.{format.ToString().ToLowerInvariant()}");
        var temporary = final + ".part";
        ITableFile file = format == MockFormat.Parquet
            ? new ParquetTableFile(_database ??= ParquetTableFile.OpenDatabase(), temporary, shape, cancel)
            : new TextFile(temporary, format == MockFormat.Csv ? OutputFormat.Csv : OutputFormat.Ndjson, shape);
        _files.Add((shape.Name, temporary, final, file));
        return file.Cells;
    }

    public void DayBegins(DateOnly day)
    {
        // files have no use for days
    }

    public void DayEnds(DateOnly day)
    {
        // files have no use for days
    }

    /// <summary>Ends all files and gives them their names.</summary>
    /// <param name="written">Called in between: nothing that was there before has changed by then, and little can go wrong any more.</param>
    public IReadOnlyList<WrittenFile> Complete(Action? written = null)
    {
        foreach (var (_, _, _, file) in _files)
        {
            file.Complete();
            file.Dispose();
        }
        written?.Invoke();
        var kept = _files.Where(f => suffix.Length == 0 || f.File.Cells.Rows > 0).ToList();
        foreach (var (_, temporary, final, _) in kept)
            File.Move(temporary, final, overwrite: true);
        return [.. kept.Select(static f => new WrittenFile(f.Final, f.Table, f.File.Cells.Rows, new FileInfo(f.Final).Length))];
    }

    public void Dispose()
    {
        foreach (var (_, temporary, _, file) in _files)
        {
            file.Dispose();
            File.Delete(temporary);
        }
        _database?.Dispose();
    }
}
