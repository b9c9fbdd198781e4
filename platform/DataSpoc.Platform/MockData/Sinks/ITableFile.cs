using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>A file that is being written. Disposed before it is complete, it is of no use.</summary>
internal interface ITableFile : IDisposable
{
    ICellWriter Cells { get; }

    /// <summary>Writes what is left.</summary>
    void Complete();
}

/// <summary>A file of lines: CSV or JSON.</summary>
internal sealed class TextFile : ITableFile
{
    private readonly FileStream _file;
    private readonly IRowWriter _writer;

    public TextFile(string path, OutputFormat format, TableShape shape)
    {
        _file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        _writer = RowWriterFactory.Create(_file, format, [.. shape.Columns.Select(static c => c.ForRows)]);
        Cells = new RowCells(_writer);
    }

    public ICellWriter Cells { get; }

    public void Complete() => _writer.Complete();

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }
}
