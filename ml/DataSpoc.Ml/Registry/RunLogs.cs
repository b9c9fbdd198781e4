using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Ml.Registry;

/// <summary>One log per run below <c>.dataspoc/ml/logs/&lt;model&gt;/</c>.</summary>
internal sealed class RunLogs(IObjectStore store)
{
    /// <summary>Does a run's work and writes its log: also of work that failed, but not where the bucket's IAM refuses or the usage was wrong.</summary>
    /// <param name="run">Its name, id, start, and what else stands in the log.</param>
    /// <param name="work">Gives what was committed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="unlogged">Told why the log of a failed run could not be written.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task<T> RecordAsync<T>(LoggedRun run, Func<Task<(T Result, LoggedWork Work)>> work, TimeProvider time, Action<UserError> unlogged, CancellationToken cancel)
    {
        try
        {
            var (result, done) = await work();
            // the work is done, so its log is written whatever comes
            await WriteAsync(Log(run, "success", done, null, time), CancellationToken.None);
            return result;
        }
        catch (UserError error) when (error.ExitCode is ExitCode.Failed or ExitCode.Refused)
        {
            try
            {
                await WriteAsync(Log(run, "failed", new(null, new Dictionary<string, StreamLog>(), []), error.What, time), cancel);
            }
            catch (UserError second)
            {
                unlogged(second);
            }
            throw;
        }
    }

    /// <summary>Writes a log. Two runs of one model in the same millisecond: the later start of the two gets the next one's name.</summary>
    private async Task WriteAsync(RunLog log, CancellationToken cancel)
    {
        var content = log.Serialize();
        for (var at = log.StartedAt; ; at = at.AddMilliseconds(1))
        {
            var key = DocumentKeys.Log(WritingTool.Ml, log.Pipeline, at);
            if (await store.PutAsync(key, content, WriteCondition.Absent, cancel) is not null)
                return;
            // refused although it had landed
            if (await store.GetAsync(key, cancel) is { } there && there.Bytes.Span.SequenceEqual(content))
                return;
        }
    }

    private static RunLog Log(LoggedRun run, string status, LoggedWork work, string? error, TimeProvider time) =>
        new(run.Model, run.RunId, work.Sequence, status, run.StartedAt, time.GetUtcNow(), work.Tables)
        {
            Error = error,
            Others = new([.. run.About, .. work.About]),
        };
}

/// <summary>A run as it begins.</summary>
/// <param name="Model">The model.</param>
/// <param name="RunId">The run.</param>
/// <param name="StartedAt">When.</param>
/// <param name="About">Further members of the log.</param>
internal sealed record LoggedRun(string Model, string RunId, DateTimeOffset StartedAt, IReadOnlyList<KeyValuePair<string, JsonNode?>> About);

/// <summary>What a run did.</summary>
/// <param name="Sequence">Of its commit, where it committed a table.</param>
/// <param name="Tables">Per table read or written.</param>
/// <param name="About">Further members of the log.</param>
internal sealed record LoggedWork(long? Sequence, IReadOnlyDictionary<string, StreamLog> Tables, IReadOnlyList<KeyValuePair<string, JsonNode?>> About);
