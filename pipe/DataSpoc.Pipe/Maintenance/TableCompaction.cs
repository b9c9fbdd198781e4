using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Ingestion.Merging;

namespace DataSpoc.Pipe.Maintenance;

/// <summary>What a compaction did, or would do.</summary>
/// <param name="Before">Small files that were put together.</param>
/// <param name="After">Files that took their place.</param>
/// <param name="Bytes">Their size.</param>
internal sealed record CompactedTable(int Before, int After, long Bytes);

/// <summary>
/// Puts a table's small files together, day by day, by one commit in which no row changes (Delta's <c>dataChange: false</c>). Appends that come meanwhile stay; a change of
/// the very files makes the commit fail, and nothing is changed.
/// </summary>
/// <param name="contextOf">Whose run a compaction of that name is.</param>
/// <param name="database">Where files are rewritten.</param>
/// <param name="cache">Where files of a distant bucket are read from.</param>
internal sealed class TableCompaction(Func<string, RunContext> contextOf, Database database, ObjectCache cache)
{
    /// <summary>Files below this are small.</summary>
    public long SmallBytes { get; init; } = LoadTarget.FileBytes / 2;

    /// <summary>The files that would be put together, by day.</summary>
    public IReadOnlyList<IReadOnlyList<AddFile>> Plan(TableSnapshot snapshot) =>
        [.. snapshot.Files.Values.Where(file => file.Size < SmallBytes).GroupBy(file => file.PartitionValues.GetValueOrDefault(DataFileName.PartitionColumn))
            .Where(day => day.Count() > 1).Select(day => (IReadOnlyList<AddFile>)[.. day.OrderBy(file => file.ModificationTime).ThenBy(file => file.Path, StringComparer.Ordinal)])];

    /// <summary>Compacts a table; null where it has no small files to put together.</summary>
    /// <exception cref="UserError">The table was changed meanwhile, or the bucket fails.</exception>
    public async Task<CompactedTable?> RunAsync(TableLocation location, CancellationToken cancel)
    {
        var context = contextOf(NameFolding.Fold($"compact-{location.Layer.Folder}-{location.Source}-{location.Table}"));
        if (await new TableLog(context.Store, new CheckpointReader(database)).ReadAsync(location, cancel) is not { } snapshot || Plan(snapshot) is not { Count: > 0 } days)
            return null;
        var session = await RunSession.StartAsync(context, cancel);
        var staged = new List<StagedFile>();
        try
        {
            foreach (var day in days)
                await RewriteAsync(context, session, location, snapshot, day, staged, cancel);
            var change = new TableChange(location, ChangeMode.ReplaceFiles, snapshot.Metadata.Schema, context.AppId, session.NextSequence, session.RunId)
            {
                Files = staged,
                Replaced = [.. days.SelectMany(day => day).Select(file => file.Path)],
                DataChange = false,
                KeepHistory = TableHistory.Of(snapshot.Metadata),
                Operation = "OPTIMIZE",
                PartitionColumns = snapshot.Metadata.PartitionColumns,
                Tool = context.Writer,
            };
            await session.CommitAsync([change], null, cancel);
            return new(change.Replaced.Count, staged.Count, staged.Sum(file => file.Staged.Size));
        }
        catch
        {
            await session.DiscardAsync(staged, CancellationToken.None);
            throw;
        }
        finally
        {
            context.Store.DeleteScratch(session.RunId);
        }
    }

    private async Task RewriteAsync(RunContext context, RunSession session, TableLocation location, TableSnapshot snapshot, IReadOnlyList<AddFile> day, List<StagedFile> staged, CancellationToken cancel)
    {
        var files = await new ExistingFiles(context.Store, location, cache).FetchAsync(day, cancel);
        var folder = Path.Combine(context.Store.ScratchFolder(session.RunId), FormattableString.Invariant($"day-{staged.Count}"));
        var fields = snapshot.Metadata.Schema.Fields.Where(field => !snapshot.Metadata.PartitionColumns.Contains(field.Name)).ToArray();
        using var connection = database.Connect();
        var written = await Task.Run(() => ParquetFolder.Write(connection, new TableRewrite(connection, fields, [], null).Remainder(files), folder, LoadTarget.FileBytes, cancel), cancel);
        if (written.Sum(file => file.Rows) != day.Sum(file => file.Rows ?? 0) && day.All(file => file.Rows is not null))
            throw new UserError($"files of `{location.SqlName}` hold other rows than its log says") { Where = [("table", location.Folder)], Hint = "nothing was changed; was a file replaced by hand?" };
        var value = day[0].PartitionValues.GetValueOrDefault(DataFileName.PartitionColumn);
        var partition = value is null ? (DateOnly?)null : DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var file in written.Where(file => file.Rows > 0))
        {
            var name = DataFileName.New(location, session.RunId, staged.Count + 1, partition);
            staged.Add(new(await context.Store.StageAsync(location.KeyOf(name), session.RunId, file.Path, cancel), value, file.Rows, file.Statistics));
        }
    }
}
