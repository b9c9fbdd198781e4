using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Storage.RunCommits;

/// <summary>
/// One run of one pipeline (CONTRACT section 5): it reads the bookmark, and commits tables and a new bookmark together, once or several times.
/// Whoever starts a pipeline first finishes what an earlier run of it had committed but not carried through.
/// </summary>
public sealed class RunSession
{
    private readonly RunContext _context;
    private RunRegister _register;
    private bool _recorded;

    private RunSession(RunContext context, RunRegister register, ReadOnlyMemory<byte>? bookmark)
    {
        _context = context;
        _register = register;
        Bookmark = bookmark;
        RunId = Layout.RunId.New(context.Time);
    }

    /// <summary>This run's id.</summary>
    public string RunId { get; }

    /// <summary>The last committed Singer STATE or other bookmark, byte for byte; null where there is none yet.</summary>
    public ReadOnlyMemory<byte>? Bookmark { get; private set; }

    /// <summary>The sequence number the next commit will carry.</summary>
    public long NextSequence => (_register.Record?.Sequence ?? 0) + 1;

    /// <summary>Starts a run: waits for, or finishes, a commit of an earlier run, then reads the bookmark.</summary>
    /// <exception cref="UserError">A document of the pipeline or the catalog cannot be read, or an earlier commit cannot be finished.</exception>
    public static async Task<RunSession> StartAsync(RunContext context, CancellationToken cancel)
    {
        var register = await RunRecovery.FinishEarlierAsync(context, cancel);
        // a bucket of another contract version, or a catalog that cannot be merged into, is found out before anything is written
        _ = await context.Manifest.ReadAsync(cancel);
        var bookmark = context.StateKey is { } key ? await context.Store.GetAsync(key, cancel) : null;
        return new(context, register, bookmark?.Bytes);
    }

    /// <summary>
    /// Commits all changes and the bookmark, or nothing. After the record is in place the commit is carried through whatever happens to
    /// <paramref name="cancel"/>; where this process dies, the next start finishes it.
    /// </summary>
    /// <param name="changes">One per table, made with <see cref="RunId"/> and <see cref="NextSequence"/>; their files are staged.</param>
    /// <param name="bookmark">The new bookmark, or null to leave it as it is.</param>
    /// <param name="cancel">Honoured until the record is written.</param>
    /// <exception cref="UserError">Another run of the pipeline got in between (its staged files are discarded), or a change does not fit its table:
    /// nothing of any table is committed then.</exception>
    public async Task<IReadOnlyList<CommittedChange>> CommitAsync(IReadOnlyList<TableChange> changes, ReadOnlyMemory<byte>? bookmark, CancellationToken cancel)
    {
        if (await SeeTablesAsync(changes, cancel) is not { } seen)
            throw await StaleAsync(changes, cancel);
        var record = new RunRecord(RunId, NextSequence, RunStatus.Committing)
        {
            ExpiresAt = _context.Time.GetUtcNow() + _context.Lease,
            Tables = changes,
            State = bookmark,
        };
        // from here on the record may name the staged files, whatever this process comes to know of it
        _recorded = true;
        if (await RunRegister.SwapAsync(_context, _register, record, cancel) is not { } committing)
        {
            _recorded = false;
            throw await StaleAsync(changes, cancel);
        }
        var completed = await new RunCompletion(_context).FinishAsync(committing, seen, CancellationToken.None);
        (_register, _recorded) = (completed.Register, false);
        if (completed.Refusal is { } refusal)
            throw refusal;
        Bookmark = bookmark ?? Bookmark;
        return completed.Tables;
    }

    // every change is planned before the record is written: what a table refuses must not be found out after it
    private async Task<Dictionary<TableChange, TableSnapshot?>?> SeeTablesAsync(IReadOnlyList<TableChange> changes, CancellationToken cancel)
    {
        var seen = new Dictionary<TableChange, TableSnapshot?>(ReferenceEqualityComparer.Instance);
        try
        {
            foreach (var change in changes)
                seen[change] = await _context.Tables.CheckAsync(change, cancel);
            return seen;
        }
        catch (UserError)
        {
            // a table refuses the sequence number where another run took it; the register says so more plainly
            if ((await RunRegister.ReadAsync(_context, cancel)).ETag == _register.ETag)
                throw;
            return null;
        }
    }

    private async Task<UserError> StaleAsync(IReadOnlyList<TableChange> changes, CancellationToken cancel)
    {
        await DiscardAsync(changes.SelectMany(change => change.Files), cancel);
        return new($"another run of `{_context.Name}` committed in between, this one's bookmark is stale")
        {
            Where = [("bucket", _context.Store.Bucket.ToString()), ("run", RunId)],
            Hint = "nothing of this run was kept; run again, or use `--retry`",
        };
    }

    /// <summary>
    /// Discards staged files that this run will not commit. Those of a commit that was recorded and did not come to its end (the bucket could not be reached any more) stay: the
    /// next start finishes it.
    /// </summary>
    public async Task DiscardAsync(IEnumerable<StagedFile> files, CancellationToken cancel)
    {
        if (_recorded)
            return;
        foreach (var file in files)
            await _context.Store.AbandonAsync(file.Staged, cancel);
    }
}

/// <summary>A table as a commit left it.</summary>
/// <param name="Change">What was committed.</param>
/// <param name="Snapshot">The table after it.</param>
public sealed record CommittedChange(TableChange Change, TableSnapshot Snapshot);
