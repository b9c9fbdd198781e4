using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Pipe.Ingestion.Merging;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>
/// What a run rejects of one table, on its way to <c>quarantine/&lt;source&gt;/&lt;table&gt;</c>: the record, why, and where it came from. It is committed together with the rows that
/// were accepted, so a record is in one of both, once.
/// </summary>
/// <param name="target">The run.</param>
/// <param name="table">The table the records were for.</param>
/// <param name="stream">The source's name of it.</param>
internal sealed class QuarantineLoad(LoadTarget target, TableLocation table, string stream)
{
    private readonly List<(string Path, string Types, bool BeforeTransform)> _landed = [];
    private TableLoad? _load;
    private string? _lines;
    private int _longest = 1 << 20;
    private string? _others;
    private (long Version, IReadOnlyList<string> Paths)? _replaced;

    /// <summary>Whether there is anything to commit.</summary>
    public bool HasChanges => Records > 0 || _replaced is not null;

    /// <summary>Records since the last commit.</summary>
    public long Records { get; private set; }

    /// <summary>Records that are in quarantine for good.</summary>
    public long Total { get; private set; }

    /// <summary>The reasons met first, a few.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>Takes a record that the source could not give as a row.</summary>
    /// <param name="record">The record.</param>
    /// <param name="json">It, with its columns masked.</param>
    public void Add(RejectedRecord record, string json)
    {
        _lines ??= NewFile("ndjson");
        var line = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?> { ["record"] = json, ["reason"] = record.Reason, ["line"] = record.Line, ["types"] = record.BeforeTransform });
        _longest = Math.Max(_longest, line.Length + 1);
        using var file = new FileStream(_lines, FileMode.Append);
        file.Write(line);
        file.WriteByte((byte)'\n');
        Count(1, record.Reason);
    }

    /// <summary>Takes a landed file of which some rows are rejected.</summary>
    /// <param name="path">The file; of its columns those of <see cref="LandedRows"/> that tell of rejected rows.</param>
    /// <param name="rejected">How many are.</param>
    /// <param name="types">The types that its source had.</param>
    /// <param name="beforeTransform">Whether they have yet to go through the pipeline's transform.</param>
    public void Add(string path, long rejected, string types, bool beforeTransform = false)
    {
        _landed.Add((path, types, beforeTransform));
        Count(rejected, null);
    }

    /// <summary>Writes what was rejected since the last commit.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        if (_load?.HasChanges == true)
            return;
        _load ??= await TableLoad.OpenAsync(target, new(Layer.Quarantine, table.Source, table.Table), null, TablePlan.Plain, false, cancel);
        _load.Mode = ChangeMode.Append;
        _load.Schema.Admit(RejectedColumns.All, _load.Location);
        using (var connection = target.Database.Connect())
            await _load.StageAsync(await Task.Run(() => ParquetWriter.Write(connection, Select(), NewFile("parquet"), new(), cancel), cancel), "{}", cancel);
        await _load.FinishAsync(cancel);
    }

    /// <summary>Puts what was rejected, and records of others, in the place of what the table in quarantine holds.</summary>
    /// <param name="snapshot">The table in quarantine.</param>
    /// <param name="files">All of its files.</param>
    /// <param name="others">The SELECT of its records that stay as they are.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task ReplaceAsync(TableSnapshot snapshot, IReadOnlyList<ExistingFile> files, string others, CancellationToken cancel)
    {
        (_replaced, _others) = ((snapshot.Version, [.. files.Select(file => file.File.Path)]), others);
        await FinishAsync(cancel);
    }

    /// <summary>The change that commits it.</summary>
    public TableChange ToChange() => _replaced is not { } replaced ? _load!.ToChange()
        : _load!.ToChange() with { Mode = ChangeMode.ReplaceFiles, Replaced = replaced.Paths, ReadVersion = replaced.Version };

    /// <summary>After a commit.</summary>
    public void Clear(TableSnapshot snapshot)
    {
        _load!.Clear(snapshot);
        _load.Mode = ChangeMode.Append;
        Total += Records;
        Forget();
    }

    /// <summary>Gives up what has not been committed.</summary>
    public async Task DiscardAsync(CancellationToken cancel)
    {
        if (_load is not null)
            await _load.DiscardAsync(cancel);
        Forget();
    }

    private string Select()
    {
        var parts = _landed.Select(landed => $"SELECT {LandedRows.Record} AS record, {LandedRows.Reason} AS reason, NULL::BIGINT AS line, {LandedRows.Number} AS number, {Sql.Literal(landed.Types)} AS types, {(landed.BeforeTransform ? "true" : "NULL::BOOLEAN")} AS before_transform "
            + $"FROM read_parquet({Sql.Literal(landed.Path)}, hive_partitioning=false) WHERE {LandedRows.Reason} IS NOT NULL").ToList();
        if (_lines is not null)
            parts.Add(FormattableString.Invariant($"SELECT record, reason, line, NULL::BIGINT AS number, types, types IS NOT NULL AS before_transform FROM read_json({Sql.Literal(_lines)}, format = 'newline_delimited', maximum_object_size = {_longest}, columns = {{record: 'VARCHAR', reason: 'VARCHAR', line: 'BIGINT', types: 'VARCHAR'}})"));
        var now = target.Context.Time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.ffffff+00", CultureInfo.InvariantCulture);
        if (parts.Count == 0)
            return _others!;
        return (_others is null ? "" : _others + " UNION ALL BY NAME ") + $"SELECT record, reason, {Sql.Literal(stream)} AS stream, {Sql.Literal(target.Session.RunId)} AS run_id, {Sql.Literal(target.Context.Name)} AS pipeline, line, number AS record_number, types, "
            + $"TIMESTAMPTZ {Sql.Literal(now)} AS rejected_at, before_transform FROM ({string.Join(" UNION ALL ", parts)})";
    }

    private void Count(long records, string? reason)
    {
        Records += records;
        if (reason is not null && Reasons.Count < 3 && !Reasons.Contains(reason))
            Reasons.Add(reason);
    }

    private void Forget()
    {
        _landed.Clear();
        if (_lines is not null)
            File.Delete(_lines);
        (_lines, _others, _replaced) = (null, null, null);
        Records = 0;
    }

    private string NewFile(string extension) => Path.Combine(target.Store.ScratchFolder(target.Session.RunId), $"rejected-{table.SqlTable}-{Guid.NewGuid():N}.{extension}");
}
