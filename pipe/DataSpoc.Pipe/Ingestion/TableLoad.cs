using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Contracts.Transforms.Checks;
using DataSpoc.Pipe.Ingestion.Merging;
using DataSpoc.Pipe.Ingestion.Quarantine;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// What a run brings to one table until it commits. Files of rows that only have to be added are staged as soon as they are written; those that must be seen together (a merge,
/// checks, days, small files) stay on this machine until <see cref="FinishAsync"/>.
/// </summary>
internal sealed class TableLoad
{
    /// <summary>Files below this are put together before they are staged: a run of many streams writes many.</summary>
    private const long SmallBytes = 8L << 20;

    private readonly LoadTarget _target;
    private readonly List<StagedFile> _staged = [];
    private readonly List<ParquetFile> _held = [];
    private readonly IReadOnlyList<AdoptedFile> _adopted;
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private TableSnapshot? _snapshot;
    private ShapedTable? _shaped;
    private int _files;
    private int _numbers;
    private long _stagedRows;
    private bool _changed;

    private TableLoad(LoadTarget target, TableLocation location, TablePlan plan, TableSnapshot? snapshot, TableSchema schema, IReadOnlyList<AdoptedFile> adopted) =>
        (_target, Location, Plan, _snapshot, Schema, _adopted) = (target, location, plan, snapshot, schema, adopted);

    public TableLocation Location { get; }

    public TablePlan Plan { get; }

    /// <summary>The table's columns, which grow with what the source brings.</summary>
    public TableSchema Schema { get; }

    /// <summary>The columns that identify a row, as the table spells them: those of the plan, or else those the source names.</summary>
    public IReadOnlyList<string> PrimaryKey
    {
        get => [.. field.Select(name => Schema.Fields.FirstOrDefault(own => own.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name ?? name)];
        set => field = Plan.Key.Count > 0 ? Plan.Key : value;
    } = [];

    /// <summary>The key the table's log tells; none where it tells none.</summary>
    public IReadOnlyList<string> KnownKey => _snapshot is null ? [] : ManifestEntry.From(Location, _snapshot, null).PrimaryKey;

    /// <summary>The source's name of the table where folding changed it.</summary>
    public string? SourceName { get; init; }

    /// <summary>Whether the rows that are there are kept.</summary>
    public ChangeMode Mode { get; set; }

    /// <summary>How rows meet those that are kept.</summary>
    public WriteMode Writes => Plan.Mode ?? WriteMode.Append;

    /// <summary>The version that alone stays of what came before, or null.</summary>
    public ActiveVersion? Activated { get; private set; }

    /// <summary>Rows that will have come in.</summary>
    public long StagedRows => _stagedRows + (_shaped?.Rows ?? 0);

    /// <summary>Bytes on their way.</summary>
    public long StagedBytes => _staged.Sum(file => file.Staged.Size) + (_shaped is null ? _held.Sum(file => file.Bytes) : 0);

    public int StagedFiles => _staged.Count;

    /// <summary>What is rejected of the table's rows.</summary>
    public QuarantineLoad Rejected => field ??= new(_target, Location, SourceName ?? Location.Table);

    /// <summary>Whether what is staged was made from the rows that are there.</summary>
    public bool DependsOnTable => _shaped is { ReadVersion: not null } or { Replaced.Count: > 0 };

    /// <summary>What the checks found.</summary>
    public CheckReport Checks => _shaped?.Checks ?? new([]);

    /// <summary>What a person should know although the rows are in order.</summary>
    public IReadOnlyList<string> Notices => Schema.UnmetMasks.Count == 0 ? [] : [$"{UnmetMasks}: it is in the clear if the column has another name"];

    /// <summary>Whether there is anything to commit.</summary>
    public bool HasChanges => _changed;

    /// <summary>Opens a table for loading: reads its log, or finds what lies in its folder without one.</summary>
    /// <param name="replaces">The source begins the table anew.</param>
    public static async Task<TableLoad> OpenAsync(LoadTarget target, TableLocation location, string? sourceName, TablePlan plan, bool replaces, CancellationToken cancel) =>
        await OpenAsync(target, location, await new TableLog(target.Store).ReadAsync(location, cancel), sourceName, plan, replaces, cancel);

    /// <summary>Opens a table whose log has been read: null where there is none.</summary>
    public static async Task<TableLoad> OpenAsync(LoadTarget target, TableLocation location, TableSnapshot? snapshot, string? sourceName, TablePlan plan, bool replaces, CancellationToken cancel)
    {
        // what is said of a table holds, unless everything is to begin anew
        var mode = replaces || plan.Mode == WriteMode.Overwrite || (target.Mode == ChangeMode.Overwrite && (target.Full || plan.Mode is null)) ? ChangeMode.Overwrite : ChangeMode.Append;
        var folder = snapshot is null ? await FolderWithoutLog.ReadAsync(target.Store, location, target.Database, cancel) : FolderWithoutLog.Empty;
        // what is overwritten need not fit, unless a contract says so
        var existing = mode == ChangeMode.Overwrite && !plan.Contract.Binds ? null : snapshot?.Metadata.Schema ?? folder.Schema;
        return new(target, location, plan, snapshot, new(existing, plan), folder.Files) { Mode = mode, SourceName = sourceName, PrimaryKey = [] };
    }

    /// <summary>A new local path for a data file of this table; they are numbered in their order.</summary>
    public string NewLocalFile() => Path.Combine(_target.Store.ScratchFolder(_target.Session.RunId), $"{Location.Layer.Name}-{Location.SqlTable}-{Interlocked.Increment(ref _files):000000}.parquet");

    /// <summary>Notes that the table is to be committed even where no rows come: its columns are known.</summary>
    public void Touch() => _changed = true;

    /// <summary>Rows of other versions that came before this are gone with the next commit (Singer's ACTIVATE_VERSION); those without a version that came in this run stay.</summary>
    public async Task ActivateVersionAsync(long version, CancellationToken cancel)
    {
        foreach (var other in _staged.Where(file => FileBounds.Version(file.Statistics) is { } own && own != version).ToArray())
        {
            _staged.Remove(other);
            _stagedRows -= other.Rows;
            await _target.Store.AbandonAsync(other.Staged, cancel);
        }
        Activated = new(version, _held.Count, _own);
        _changed = true;
        if (_adopted.Count > 0)
            Mode = ChangeMode.Overwrite;
    }

    /// <summary>Takes a written file; one without rows is dropped, its columns count.</summary>
    /// <param name="file">The file, which is taken away.</param>
    /// <param name="types">The types that its source had, for records that are rejected.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task StageAsync(ParquetFile file, string types, CancellationToken cancel)
    {
        _changed = true;
        if (file.Rows == 0)
        {
            File.Delete(file.Path);
            return;
        }
        if (Schema.IsWidened && _staged.Count > 0)
            throw new UserError($"a column of `{Location.SqlName}` changed its type in the middle of the run") { Where = [("table", Location.Folder)], Hint = "run again with `--full`, or give the column a type (`types:`)", ExitCode = ExitCode.Refused };
        if (!Plan.IsShaped && !Schema.IsWidened && file.Bytes >= SmallBytes && !file.Columns.Any(column => column.Name == LandedRows.Reason))
        {
            await PutAsync(file, _target.Day, cancel);
            _stagedRows += file.Rows;
            return;
        }
        var path = NewLocalFile();
        File.Move(file.Path, path);
        _held.Add(file with { Path = path });
        if (TableShaping.Rejected(file) is > 0 and var rejected)
            Rejected.Add(path, rejected, types);
    }

    /// <summary>Makes what was held ready to be committed.</summary>
    /// <exception cref="UserError">A check refuses the rows (<see cref="ExitCode.Refused"/>), they cannot be merged, or a mask of a new table is about no column of it.</exception>
    public async Task FinishAsync(CancellationToken cancel)
    {
        // what is misspelt would be stored in the clear; of a table that is there already, it is said
        if (!Schema.IsKnown && Schema.UnmetMasks.Count > 0)
            throw new UserError(UnmetMasks)
            {
                Where = [("table", Location.Folder), ("columns", string.Join(", ", Schema.Fields.Select(field => field.Name)))],
                Hint = "correct the name, which is that of a column, not of a field inside of one; of a column that comes later, say the type too (`types:`)",
                ExitCode = ExitCode.Refused,
            };
        if (_held.Count == 0 && !Schema.IsWidened && Activated is null && Writes != WriteMode.OverwritePartition && !Plan.JudgesTheRun)
            return;
        if (_adopted.Count > 0 && Mode != ChangeMode.Overwrite && (Writes == WriteMode.Merge || Schema.IsWidened))
            throw new UserError($"`{Location.SqlName}` was written by DataSpoc 1.0 and has no log yet, so nothing can be merged into it") { Where = [("table", Location.Folder)], Hint = "write it anew with `--full`" };
        if (_held is [var only] && !Plan.IsShaped && Activated is null && Writes != WriteMode.OverwritePartition && !Schema.IsWidened && !only.Columns.Any(column => column.Name == LandedRows.Reason))
            _shaped = new([(only, _target.Day)], Mode, only.Rows);
        else
            _shaped = await new TableShaping(_target, this, _snapshot).RunAsync(_held, cancel);
        foreach (var (file, day) in _shaped.Files)
            await PutAsync(file, day, cancel);
    }

    /// <summary>Does that again with the table as it is now.</summary>
    public async Task ReshapeAsync(CancellationToken cancel)
    {
        if (Schema.IsWidened)
            throw new UserError($"`{Location.SqlName}` was changed while a column got another type") { Where = [("table", Location.Folder)], Hint = "run again: nothing was written" };
        foreach (var file in _staged)
            await _target.Store.AbandonAsync(file.Staged, cancel);
        _staged.Clear();
        _snapshot = await new TableLog(_target.Store).ReadAsync(Location, cancel);
        await FinishAsync(cancel);
    }

    /// <summary>The commit intent of all that is staged.</summary>
    public TableChange ToChange() =>
        new(Location, _shaped?.Mode ?? Mode, Schema.WithPartition(), _target.Context.AppId, _target.Session.NextSequence, _target.Session.RunId)
        {
            Files = [.. _staged],
            Adopted = _adopted,
            Replaced = _shaped?.Replaced ?? [],
            Partitions = _shaped?.Days ?? [],
            ReadVersion = _shaped?.ReadVersion,
            KeepHistory = Plan.History,
            Operation = Writes == WriteMode.Merge ? "MERGE" : "WRITE",
            PartitionColumns = [DataFileName.PartitionColumn],
            PrimaryKey = PrimaryKey,
            SourceName = SourceName,
            Checks = Plan.Checks.Count > 0 ? (JsonNode)Checks.ToJson() : null,
            Tool = _target.Context.Writer,
        };

    /// <summary>After a commit: what was staged is the table's.</summary>
    /// <param name="snapshot">The table after it.</param>
    public void Clear(TableSnapshot snapshot)
    {
        _snapshot = snapshot;
        _own.UnionWith(_staged.Select(file => file.Staged.Key[(Location.Folder.Length + 1)..]));
        Forget();
        (_shaped, _stagedRows, _changed, Activated) = (null, 0, false, null);
        Schema.Committed();
        // a table is replaced by a run's first commit; what comes after that is added
        Mode = ChangeMode.Append;
    }

    /// <summary>Gives up what is staged.</summary>
    public async Task DiscardAsync(CancellationToken cancel)
    {
        await _target.Session.DiscardAsync(_staged, cancel);
        Forget();
        (_shaped, _stagedRows, _changed, Activated) = (null, 0, false, null);
        await Rejected.DiscardAsync(cancel);
    }

    private string UnmetMasks => $"`mask` of `{Location.SqlName}` is about {string.Join(", ", Schema.UnmetMasks.Select(name => $"`{name}`"))}, which is no column of it";

    private void Forget()
    {
        foreach (var file in _held.Where(file => File.Exists(file.Path)))
            File.Delete(file.Path);
        _held.Clear();
        _staged.Clear();
    }

    private async Task PutAsync(ParquetFile file, DateOnly day, CancellationToken cancel)
    {
        // never used twice, also not for what was given up
        var name = DataFileName.New(Location, _target.Session.RunId, ++_numbers, day);
        var staged = await _target.Store.StageAsync(Location.KeyOf(name), _target.Session.RunId, file.Path, cancel);
        _staged.Add(new(staged, DataFileName.PartitionValue(day), file.Rows, file.Statistics));
    }
}
