using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Pipe.Ingestion.Masking;
using DataSpoc.Pipe.Ingestion.Quarantine;
using DataSpoc.Pipe.Sources.BatchTransforms;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// Brings files into one table: DuckDB reads them, runs the transform where there is one, and writes Parquet; no row passes through managed code. The bookmark is the list of files that are in the table,
/// so that the same command again does nothing, and only new files are read.
/// </summary>
/// <param name="target">Where the rows go.</param>
/// <param name="cache">Where objects of other buckets are read from.</param>
/// <param name="open">Opens the bucket of an <c>s3://</c> file.</param>
internal sealed class FileIngestion(LoadTarget target, ObjectCache cache, Func<BucketUri, IObjectStore> open)
{
    private long _records;
    private long _judged;

    /// <summary>Whether the first line of CSV files names the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What a person said of the files.</summary>
    public FileReading Reading { get; init; } = FileReading.Usual;

    /// <summary>What is made of the rows before they are written, or null.</summary>
    public BatchTransform? Transform { get; init; }

    /// <summary>Whether files that are in the table already, as the bookmark says, are read again and appended.</summary>
    public bool Again { get; init; }

    /// <summary>Files that were changed since are read, whatever the bookmark says, and no others; null: those that are new.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Reads the files that are new and commits their rows; nothing where none is new.</summary>
    /// <exception cref="UserError">A file cannot be read, has changed since it was ingested, or does not fit the table.</exception>
    public async Task<RunResult> RunAsync(IReadOnlyList<SourceFile> files, TableLocation location, string? sourceName, CancellationToken cancel)
    {
        var ingested = target.Mode == ChangeMode.Append ? FileBookmark.Parse(target.Session.Bookmark) : FileBookmark.Empty;
        var fresh = Since is { } moment ? [.. files.Where(file => file.Modified >= moment)] : Again ? files : files.Where(file => !ingested.Holds(file)).ToArray();
        var table = await TableLoad.OpenAsync(target, location, sourceName, target.Plans.For(location.Table, sourceName), false, cancel);
        if (fresh.Count == 0)
            return new(target.Session.RunId, [new(location.Table, location, 0, 0, 0, null)], null);
        try
        {
            var local = await FetchAsync(fresh, cancel);
            foreach (var group in local.GroupBy(file => (Kind: FileKind.Of(file.Uri), Alone: Reading.RowNumber is null ? null : file.Uri)))
                await LoadAsync(table, group.Key.Kind, [.. group], cancel);
            await table.FinishAsync(cancel);
            var done = new StreamResult(location.Table, location, table.StagedRows, table.StagedFiles, table.StagedBytes, null) { Checks = table.Checks };
            await LoadCommit.RunAsync(target, [table], ingested.With(fresh).Serialize(), cancel);
            return new(target.Session.RunId, [done with { Rejected = table.Rejected.Total }], null) { Notices = table.Notices };
        }
        catch
        {
            await table.DiscardAsync(CancellationToken.None);
            throw;
        }
    }

    private async Task LoadAsync(TableLoad table, FileKind kind, IReadOnlyList<SourceFile> files, CancellationToken cancel)
    {
        using var connection = target.Database.Connect();
        var query = new FileQuery(connection, kind, [.. files.Select(file => file.LocalPath!)], HasHeader) { Reading = Reading, Names = [.. files.Select(file => file.Uri)] };
        var copies = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), $"exact-{Guid.NewGuid():N}");
        try
        {
            query = await Task.Run(() => ExactJson.Of(query, connection, copies, cancel), cancel);
            var apart = GivenOf(table) == GivenMisfit.KeptApart ? await RefusedRows.WriteAsync(target, query, connection, _judged, cancel) : null;
            var (written, types) = await WriteAsync(table, query, connection, wholeFile: false, cancel);
            foreach (var file in written)
                await table.StageAsync(file, types, cancel);
            apart?.AddTo(table);
            _judged += apart?.Read ?? 0;
        }
        catch (DuckDbException error)
        {
            throw TransformOf(table) is { } transform && !FileErrors.IsOne(error, files) ? transform.Failed(table.Location.Table, error) : Refused(table, FileErrors.Of(error, kind, files));
        }
        finally
        {
            if (Directory.Exists(copies))
                Directory.Delete(copies, recursive: true);
        }
    }

    private async Task<(IReadOnlyList<ParquetFile> Files, string Types)> WriteAsync(TableLoad table, FileQuery query, Connection connection, bool wholeFile, CancellationToken cancel)
    {
        var judges = table.Plan.Contract.Types is Reaction.Quarantine or Reaction.Discard;
        var read = TransformOf(table) is { } transform
            ? FileColumns.OfTransform(transform, table.Location.Table, query, connection, table.Schema.TypeOf, judges, wholeFile, GivenOf(table))
            : FileColumns.Of(query, table.Schema.TypeOf, judges, wholeFile);
        var rows = LandedRows.Of(table.Schema.Admit(read.Columns, table.Location), read.Values, _records);
        var select = string.Join(", ", rows.Columns.Zip(rows.Values, (column, value) => $"CAST({value} AS {column.Type}) AS {Sql.Identifier(column.Name)}"));
        if (rows.Hashes)
            connection.Execute(Mask.Prepare(target.Salt), cancel);
        var folder = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), string.Create(CultureInfo.InvariantCulture, $"query-{Guid.NewGuid():N}"));
        try
        {
            var files = await Task.Run(() => ParquetFolder.Write(connection, $"SELECT {select} FROM {read.From}", folder, LoadTarget.FileBytes, cancel), cancel);
            _records += files.Sum(file => file.Rows);
            return (files, rows.Types);
        }
        catch (DuckDbException) when (!wholeFile && (!table.Schema.IsKnown || TransformOf(table) is not null) && !table.HasChanges)
        {
            // what a transform makes of the rows says nothing of the files' types; the types found in the first rows do not hold for all: look at all rows, then read again; nothing was staged
            table.Schema.Reset();
            return await WriteAsync(table, query, connection, wholeFile: true, cancel);
        }
    }

    private GivenMisfit GivenOf(TableLoad table) => TransformOf(table) is null ? GivenMisfit.Refused : table.Plan.ForGivenTypes(transformed: true);

    private UserError Refused(TableLoad table, UserError error) =>
        error.ExitCode == ExitCode.Refused && TransformOf(table) is not null && !RecordRefusal.IsKeptApart(table.Plan, beforeTransform: true) ? RecordRefusal.Error(error, table.Plan) : error;

    private BatchTransform? TransformOf(TableLoad table) => Transform?.IsFor(table.Location.Table) == true ? Transform : null;

    private async Task<IReadOnlyList<SourceFile>> FetchAsync(IReadOnlyList<SourceFile> files, CancellationToken cancel)
    {
        var local = new List<SourceFile>();
        foreach (var file in files)
        {
            if (file.LocalPath is not null)
            {
                local.Add(file);
                continue;
            }
            var slash = file.Uri.IndexOf('/', "s3://".Length);
            await using var store = open(BucketUri.Parse(file.Uri[..slash]));
            local.Add(file with { LocalPath = await cache.FetchAsync(store, file.Uri[(slash + 1)..], file.Size, file.Version, cancel) });
        }
        return local;
    }
}
