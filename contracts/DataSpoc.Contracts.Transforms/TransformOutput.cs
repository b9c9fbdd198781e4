using System.Globalization;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Contracts.Transforms;

/// <summary>The files that a transform's SELECT gives, on their way into its table.</summary>
internal sealed class TransformOutput(RunContext context, RunSession session, Transform transform)
{
    private readonly List<StagedFile> _staged = [];
    private IReadOnlyList<ParquetFile> _files = [];

    private string Folder => Path.Combine(context.Store.ScratchFolder(session.RunId), string.Create(CultureInfo.InvariantCulture, $"{transform.Location.SqlTable}-{session.NextSequence}"));

    /// <summary>Rows that were written.</summary>
    public long Rows => _files.Sum(file => file.Rows);

    /// <summary>The files on this machine as they follow FROM, before they are staged.</summary>
    public string Local(bool byDay) => $"read_parquet([{string.Join(", ", _files.Select(file => Sql.Literal(file.Path)))}], hive_partitioning = {(byDay ? "true, hive_types = {'dt': DATE}" : "false")})";

    /// <summary>Writes the rows as files on this machine.</summary>
    public async Task WriteAsync(Connection connection, TransformChange change, long fileBytes, CancellationToken cancel) =>
        _files = await Task.Run(() => ParquetFolder.Write(connection, change.Written, Folder, fileBytes, cancel, change.ByDay ? DataFileName.PartitionColumn : null), cancel);

    /// <summary>Brings them where they will be published.</summary>
    /// <param name="change">What is done to the table.</param>
    /// <param name="otherwise">The day of rows that do not say one; null in a table that is not kept by day.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UserError">A row has no day, or a day that was not to be replaced.</exception>
    public async Task StageAsync(TransformChange change, DateOnly? otherwise, CancellationToken cancel)
    {
        foreach (var file in _files)
        {
            if (file.Rows == 0)
            {
                File.Delete(file.Path);
                continue;
            }
            var day = change.ByDay ? DayOf(file) : otherwise;
            if (change.Mode == ChangeMode.OverwritePartitions && day is { } changed && !change.Days.Contains(DataFileName.PartitionValue(changed)))
                throw new UserError($"the SELECT of `{transform.Location.SqlName}` gives rows of {DataFileName.PartitionValue(changed)}, a day of its input that did not change")
                {
                    Where = [("file", transform.File)],
                    Hint = "with `mode: overwrite_partition` the rows of a day are made from the input's rows of the same `dt`",
                };
            var name = DataFileName.New(transform.Location, session.RunId, _staged.Count + 1, day);
            var staged = await context.Store.StageAsync(transform.Location.KeyOf(name), session.RunId, file.Path, cancel);
            _staged.Add(new(staged, day is { } filed ? DataFileName.PartitionValue(filed) : null, file.Rows, file.Statistics));
        }
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The commit intent of what is staged.</summary>
    public TableChange ToChange(TransformChange change, TransformSelect select) =>
        new(transform.Location, change.Mode, select.Schema, context.AppId, session.NextSequence, session.RunId)
        {
            Files = [.. _staged],
            Partitions = change.Days,
            PartitionColumns = select.PartitionColumns,
            PrimaryKey = transform.Key,
            Tool = context.Writer,
        };

    public Task DiscardAsync(CancellationToken cancel) => session.DiscardAsync(_staged, cancel);

    private DateOnly DayOf(ParquetFile file) => DataFileName.PartitionOf(file.Path)
        ?? throw new UserError($"the SELECT of `{transform.Location.SqlName}` gives rows whose `{transform.Partition ?? DataFileName.PartitionColumn}` is NULL") { Where = [("file", transform.File)], Hint = "give every row a day, or leave the column `dt` out" };
}
