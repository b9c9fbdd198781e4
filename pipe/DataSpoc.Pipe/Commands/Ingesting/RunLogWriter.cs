using DataSpoc.Contracts;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Pipe.Ingestion;

namespace DataSpoc.Pipe.Commands.Ingesting;

/// <summary>Writes the log of a run (CONTRACT section 4).</summary>
internal sealed class RunLogWriter(IObjectStore store, string pipeline, DateTimeOffset started, TimeProvider time)
{
    public Task WriteAsync(RunSession session, RunResult result, CancellationToken cancel)
    {
        var status = result.FirstError is null ? "success" : result.Error is null ? "partial" : "failed";
        var streams = result.Streams.ToDictionary(stream => stream.Stream, stream => new StreamLog(stream.Rows) { Files = stream.Files, Bytes = stream.Bytes, Rejected = stream.Rejected, Checks = stream.Checks.Results.Count > 0 ? stream.Checks.ToJson() : null, Error = stream.Failure?.What });
        return WriteAsync(new(pipeline, result.RunId, session.NextSequence - 1, status, started, time.GetUtcNow(), streams) { Error = result.FirstError?.What }, cancel);
    }

    /// <summary>Writes that a run failed; where even that is not possible, the failure itself is the news.</summary>
    public async Task WriteFailureAsync(RunSession session, UserError error, CancellationToken cancel)
    {
        // whoever may not write there leaves nothing there
        if (error.ExitCode == ExitCode.NotPermitted)
            return;
        try
        {
            await WriteAsync(new(pipeline, session.RunId, null, "failed", started, time.GetUtcNow(), new Dictionary<string, StreamLog>()) { Error = error.What }, cancel);
        }
        catch (UserError)
        {
            return;
        }
    }

    private Task WriteAsync(RunLog log, CancellationToken cancel) =>
        store.PutAsync(DocumentKeys.Log(WritingTool.Pipe, pipeline, started), log.Serialize(), WriteCondition.None, cancel);
}
