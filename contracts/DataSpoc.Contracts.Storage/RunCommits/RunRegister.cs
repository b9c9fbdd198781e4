using DataSpoc.Contracts.Documents;

namespace DataSpoc.Contracts.Storage.RunCommits;

/// <summary>A pipeline's <c>run.json</c> as read, with the ETag that a compare-and-swap starts from.</summary>
internal sealed record RunRegister(RunRecord? Record, string? ETag)
{
    /// <summary>Whether it says that a commit, or taking one back, is under way.</summary>
    public bool IsOpen => Record?.Status is RunStatus.Committing or RunStatus.Accepted or RunStatus.Aborting;

    /// <summary>Whether it still says that this commit is to be carried through.</summary>
    public bool IsAccepted(RunRecord record) => Record?.Status == RunStatus.Accepted && IsOf(record);

    public bool IsOf(RunRecord record) => Record is { } own && own.RunId == record.RunId && own.Sequence == record.Sequence;

    public static async Task<RunRegister> ReadAsync(RunContext context, CancellationToken cancel) =>
        await context.Store.GetAsync(context.RunKey, cancel) is { } content
            ? new(RunRecord.Parse(content.Bytes, context.RunKey), content.Metadata.ETag)
            : new(null, null);

    /// <summary>Swaps in <paramref name="next"/> where the register is still <paramref name="current"/>; null where it is not.</summary>
    public static async Task<RunRegister?> SwapAsync(RunContext context, RunRegister current, RunRecord next, CancellationToken cancel)
    {
        var etag = await context.Store.PutAsync(context.RunKey, next.Serialize(), WriteCondition.Unchanged(current.ETag), cancel);
        if (etag is not null)
            return new(next, etag);
        // a retried write that had landed is refused: what is there tells whether it was ours
        var there = await ReadAsync(context, cancel);
        return there.IsOf(next) && there.Record!.Status == next.Status ? new(next, there.ETag) : null;
    }
}
