using System.Runtime.CompilerServices;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Contracts.Transforms;

/// <summary>What became of one of several transforms.</summary>
/// <param name="Planned">The transform.</param>
public sealed record TransformOutcome(PlannedTransform Planned)
{
    /// <summary>What it did; null where it failed or was not run.</summary>
    public TransformResult? Result { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public UserError? Error { get; init; }

    /// <summary>The transform that failed before, and whose table it reads: it was not run.</summary>
    public Transform? Waits { get; init; }
}

/// <summary>Runs transforms one after the other: one that fails keeps only those from running that read its table. Each run is logged in the bucket.</summary>
/// <param name="database">Where they run.</param>
/// <param name="cache">Where files of a distant bucket are copied to.</param>
/// <param name="tables">Reads the catalog; asked before each transform, because the one before may have made a table.</param>
/// <param name="contextOf">Whose run a transform's is.</param>
public sealed class TransformBatch(Database database, ObjectCache cache, Func<CancellationToken, Task<TransformTables>> tables, Func<Transform, RunContext> contextOf)
{
    /// <summary>Runs them in the order given.</summary>
    /// <param name="planned">As <see cref="TransformOrder.Of"/> orders them.</param>
    /// <param name="full">Whether all rows of the inputs are read, whatever the modes say.</param>
    /// <param name="cancel">Stops before the next commit.</param>
    public async IAsyncEnumerable<TransformOutcome> RunAsync(IReadOnlyList<PlannedTransform> planned, bool full, [EnumeratorCancellation] CancellationToken cancel)
    {
        var failed = new HashSet<Transform>();
        foreach (var one in planned)
        {
            var outcome = one.Needs.FirstOrDefault(failed.Contains) is { } need ? new(one) { Waits = need } : await RunOneAsync(one, full, cancel);
            if (outcome.Result is null)
                failed.Add(one.Transform);
            yield return outcome;
        }
    }

    private async Task<TransformOutcome> RunOneAsync(PlannedTransform planned, bool full, CancellationToken cancel)
    {
        var context = contextOf(planned.Transform);
        var started = context.Time.GetUtcNow();
        try
        {
            var result = await new TransformRun(database, await tables(cancel), cache).RunAsync(planned, context, full, cancel);
            var stream = new StreamLog(result.Rows) { Files = result.Files, Bytes = result.Bytes, Checks = result.Checks.Results.Count > 0 ? result.Checks.ToJson() : null };
            if (result.Sequence is { } sequence)
                await LogAsync(context, new(context.Name, result.RunId, sequence, "success", started, context.Time.GetUtcNow(), new Dictionary<string, StreamLog> { [planned.Transform.Location.SqlName] = stream }), cancel);
            return new(planned) { Result = result };
        }
        catch (UserError error)
        {
            // whoever may not write there leaves nothing there
            if (error.ExitCode != ExitCode.NotPermitted)
                await LogFailureAsync(context, new(context.Name, RunId.New(context.Time), null, "failed", started, context.Time.GetUtcNow(), new Dictionary<string, StreamLog>()) { Error = error.What });
            return new(planned) { Error = error };
        }
    }

    private static async Task LogFailureAsync(RunContext context, RunLog log)
    {
        try
        {
            await LogAsync(context, log, CancellationToken.None);
        }
        catch (UserError)
        {
            // the failure itself is the news
            return;
        }
    }

    private static Task LogAsync(RunContext context, RunLog log, CancellationToken cancel) =>
        context.Store.PutAsync(DocumentKeys.Log(context.Tool, context.Name, log.StartedAt), log.Serialize(), WriteCondition.None, cancel);
}
