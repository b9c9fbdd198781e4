using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Parquet;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Ingestion.Merging;

namespace DataSpoc.Pipe.Maintenance;

/// <summary>
/// Removes rejected records that nobody replayed in time, by one commit per table: files in which there is none stay untouched, of others the rest is written again. Records that runs
/// reject meanwhile stay; where a replay takes out the very files, the commit is refused and nothing is changed.
/// </summary>
/// <param name="contextOf">Whose run an expiry of that name is.</param>
/// <param name="database">Where files are read and rewritten.</param>
/// <param name="cache">Where files of a distant bucket are read from.</param>
/// <param name="before">Records that were rejected before this go.</param>
internal sealed class QuarantineExpiry(Func<string, RunContext> contextOf, Database database, ObjectCache cache, DateTimeOffset before)
{
    private const string RejectedAt = "rejected_at";

    /// <summary>The files of a table in quarantine that hold records which go, and how many in each; without a change of anything.</summary>
    public async Task<IReadOnlyList<(ExistingFile File, long Records)>> FindAsync(IObjectStore store, TableLocation location, CancellationToken cancel) =>
        await new TableLog(store, new CheckpointReader(database)).ReadAsync(location, cancel) is { } snapshot ? await FindAsync(store, location, snapshot, cancel) : [];

    /// <summary>Removes them from a table, and says how many records and files went.</summary>
    /// <exception cref="DataSpoc.Contracts.UserError">The files were replaced meanwhile, or the bucket fails.</exception>
    public async Task<(long Records, IReadOnlyList<AddFile> Files)> RunAsync(TableLocation location, CancellationToken cancel)
    {
        var context = contextOf(NameFolding.Fold($"expire-{location.Source}-{location.Table}"));
        if ((await FindAsync(context.Store, location, cancel)).Count == 0)
            return (0, []);
        // what an earlier expiry was killed at is finished by its start, so the table is read again
        var session = await RunSession.StartAsync(context, cancel);
        var staged = new List<StagedFile>();
        try
        {
            if (await new TableLog(context.Store, new CheckpointReader(database)).ReadAsync(location, cancel) is not { } snapshot)
                return (0, []);
            var found = await FindAsync(context.Store, location, snapshot, cancel);
            if (found.Count == 0)
                return (0, []);
            foreach (var day in found.Where(file => file.Records < file.File.File.Rows).GroupBy(file => file.File.Day))
                await RewriteAsync(context, session, location, day.Key, [.. day.Select(file => file.File)], staged, cancel);
            var change = new TableChange(location, ChangeMode.ReplaceFiles, snapshot.Metadata.Schema, context.AppId, session.NextSequence, session.RunId)
            {
                Files = staged,
                Replaced = [.. found.Select(file => file.File.File.Path)],
                Operation = "DELETE",
                PartitionColumns = snapshot.Metadata.PartitionColumns,
                Tool = context.Writer,
            };
            await session.CommitAsync([change], null, cancel);
            return (found.Sum(file => file.Records), [.. found.Select(file => file.File.File)]);
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

    private async Task<IReadOnlyList<(ExistingFile File, long Records)>> FindAsync(IObjectStore store, TableLocation location, TableSnapshot snapshot, CancellationToken cancel)
    {
        var candidates = await new ExistingFiles(store, location, cache).FetchAsync(snapshot.Files.Values.Where(MayHoldOld), cancel);
        using var connection = database.Connect();
        var found = new List<(ExistingFile, long)>();
        foreach (var file in candidates)
        {
            using var answer = connection.Query($"SELECT count(*) FROM {From(file)} WHERE {Sql.Identifier(RejectedAt)} < {Cutoff}", cancel);
            answer.NextChunk();
            if (long.Parse(answer.GetText(0, 0)!, CultureInfo.InvariantCulture) is > 0 and var records)
                found.Add((file, records));
        }
        return found;
    }

    private bool MayHoldOld(AddFile file) => file.Statistics?.MinValues?[RejectedAt] is not JsonValue least || !least.TryGetValue(out string? text)
        || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var earliest) || earliest < before;

    private async Task RewriteAsync(RunContext context, RunSession session, TableLocation location, string? day, IReadOnlyList<ExistingFile> files, List<StagedFile> staged, CancellationToken cancel)
    {
        var folder = Path.Combine(context.Store.ScratchFolder(session.RunId), FormattableString.Invariant($"day-{staged.Count}"));
        var rest = string.Join(" UNION ALL BY NAME ", files.Select(file => $"SELECT * FROM {From(file)} WHERE coalesce({Sql.Identifier(RejectedAt)} >= {Cutoff}, true)"));
        using var connection = database.Connect();
        var partition = day is null ? (DateOnly?)null : DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var file in (await Task.Run(() => ParquetFolder.Write(connection, rest, folder, LoadTarget.FileBytes, cancel), cancel)).Where(file => file.Rows > 0))
        {
            var name = DataFileName.New(location, session.RunId, staged.Count + 1, partition);
            staged.Add(new(await context.Store.StageAsync(location.KeyOf(name), session.RunId, file.Path, cancel), day, file.Rows, file.Statistics));
        }
    }

    private string Cutoff => $"TIMESTAMPTZ {Sql.Literal(before.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff+00", CultureInfo.InvariantCulture))}";

    private static string From(ExistingFile file) => $"read_parquet({Sql.Literal(GlobPath.Literal(file.Path))}, hive_partitioning=false)";
}
