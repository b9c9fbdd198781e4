using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Pipe.Ingestion;

namespace DataSpoc.Pipe.Commands.Ingesting;

/// <summary>What a run did, as rows on stdout, where <c>-o</c> asks for them: a row per stream.</summary>
internal sealed class IngestionReport(CommandContext context) : IDisposable
{
    private IRowWriter? _rows;

    // stdout is the bookmarks' where messages come on stdin
    private bool _isQuiet = !context.OutputGiven;

    /// <summary>The streams of a run that came to its end.</summary>
    public void Done(IngestionPlan plan, RunResult result)
    {
        _isQuiet |= plan.ReadsStdin;
        foreach (var stream in result.Streams)
            Row(plan.Pipeline, stream.Stream, stream.Location.SqlName, stream.Failure is null && result.Error is null ? "success" : "failed", stream.Rows, stream.Files, stream.Bytes, result.RunId, (stream.Failure ?? result.Error)?.What);
    }

    /// <summary>A pipeline that could not be run.</summary>
    public void Failed(string pipeline, UserError error) => Row(pipeline, null, null, "failed", 0, 0, 0, null, error.What);

    public void Complete() => _rows?.Complete();

    public void Dispose() => _rows?.Dispose();

    private void Row(string pipeline, string? stream, string? table, string status, long rows, int files, long bytes, string? runId, string? error)
    {
        if (_isQuiet)
            return;
        _rows ??= context.Rows([new("pipeline"), new("stream"), new("table"), new("status"), new("rows", RowColumnKind.Number), new("files", RowColumnKind.Number), new("bytes", RowColumnKind.Number), new("run_id"), new("error")]);
        _rows.WriteRow(pipeline, stream, table, status, rows, (long)files, bytes, runId, error);
    }
}
