using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Ml.Features;

/// <summary>Writes a table below <c>ml/features/</c>: its rows take the place of the former ones, in one commit.</summary>
/// <param name="context">Whose run it is.</param>
/// <param name="session">The run.</param>
/// <param name="location">The table.</param>
internal sealed class FeatureTable(RunContext context, RunSession session, TableLocation location)
{
    private const long FileBytes = 128L << 20;

    /// <summary>Writes and commits.</summary>
    /// <param name="connection">Where the query runs.</param>
    /// <param name="select">Gives <paramref name="columns"/> and, with <paramref name="byDay"/>, <c>dt</c>.</param>
    /// <param name="columns">Names and types.</param>
    /// <param name="byDay">Whether the rows are filed by <c>dt</c>.</param>
    /// <param name="key">The columns that name a row.</param>
    /// <param name="inputs">What the rows were made from.</param>
    /// <param name="cancel">Until the commit is recorded.</param>
    /// <param name="days">The days whose rows these are, and the version of the table that they were made from; null: they are all rows.</param>
    public async Task<CommittedChange> WriteAsync(
        Connection connection, string select, IReadOnlyList<(string Name, LogicalType Type)> columns, bool byDay, IReadOnlyList<string> key, IReadOnlyList<string> inputs, CancellationToken cancel,
        (IReadOnlyList<string> Days, long Version)? days = null)
    {
        var staged = await StageAsync(connection, select, byDay, cancel);
        var schema = StorageTypes.ToDelta(columns.Select(c => (c.Name, StorageTypes.Stored(c.Type))));
        var change = new TableChange(
            location, days is null ? ChangeMode.Overwrite : ChangeMode.OverwritePartitions, byDay ? new([.. schema.Fields, new(DataFileName.PartitionColumn, PrimitiveType.Date)]) : schema, context.AppId, session.NextSequence, session.RunId)
        {
            Files = staged,
            Partitions = days?.Days ?? [],
            ReadVersion = days?.Version,
            PartitionColumns = byDay ? [DataFileName.PartitionColumn] : [],
            PrimaryKey = key,
            Inputs = inputs,
            Tool = context.Writer,
        };
        return (await session.CommitAsync([change], null, cancel))[0];
    }

    // what fails from the commit on is finished by the next start, which needs what is staged
    private async Task<IReadOnlyList<StagedFile>> StageAsync(Connection connection, string select, bool byDay, CancellationToken cancel)
    {
        var folder = Path.Combine(context.Store.ScratchFolder(session.RunId), "rows");
        var staged = new List<StagedFile>();
        try
        {
            var files = await Task.Run(() => ParquetFolder.Write(connection, select, folder, FileBytes, cancel, byDay ? DataFileName.PartitionColumn : null), cancel);
            foreach (var file in files.Where(f => f.Rows > 0))
            {
                var day = byDay ? DataFileName.PartitionOf(file.Path) : null;
                var stage = await context.Store.StageAsync(location.KeyOf(DataFileName.New(location, session.RunId, staged.Count + 1, day)), session.RunId, file.Path, cancel);
                staged.Add(new(stage, day is { } of ? DataFileName.PartitionValue(of) : null, file.Rows, file.Statistics));
            }
            return staged;
        }
        catch
        {
            foreach (var file in staged)
                await context.Store.AbandonAsync(file.Staged, CancellationToken.None);
            throw;
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
