using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Transforms.Checks;
using DataSpoc.Pipe.Ingestion.Merging;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>Runs a table's checks over rows that are written and not yet committed (write, audit, publish).</summary>
internal sealed class TableAudit(LoadTarget target, TableLoad table, Connection connection)
{
    private const string Schema = "dataspoc_audit";

    /// <summary>Checks the rows.</summary>
    /// <param name="incoming">Files of the rows that come in.</param>
    /// <param name="rewritten">Files whose rows were only written again.</param>
    /// <param name="staying">Files that stay in the table.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UserError">A check refuses the rows (<see cref="ExitCode.Refused"/>), or cannot be run.</exception>
    public async Task<CheckReport> RunAsync(IReadOnlyList<(ParquetFile File, DateOnly Day)> incoming, IReadOnlyList<(ParquetFile File, DateOnly Day)> rewritten, IReadOnlyList<AddFile> staying, CancellationToken cancel)
    {
        var checks = table.Plan.Checks;
        Mount("incoming", incoming.Select(file => MountedFile.InDay(file.File.Path, file.Day)));
        var looksAtTable = checks.Any(check => check.LooksAtTable) && staying.Count + rewritten.Count > 0;
        if (looksAtTable)
        {
            var files = await new ExistingFiles(target.Store, table.Location, target.Cache).FetchAsync(staying, cancel);
            Mount("staying", [.. rewritten.Select(file => MountedFile.InDay(file.File.Path, file.Day)), .. files.Select(file => new MountedFile(file.Path) { PartitionValues = file.File.PartitionValues })]);
        }
        await MountReferencesAsync(checks, cancel);
        var report = await Task.Run(() => CheckRun.Run(connection, checks, $"{Schema}.incoming", looksAtTable ? $"{Schema}.staying" : null, target.Context.Time.GetUtcNow(), cancel), cancel);
        if (report.Blocks)
            throw report.ToError(table.Location.SqlName, Kept(incoming.Select(file => file.File.Path)));
        return report;
    }

    private string Kept(IEnumerable<string> files)
    {
        if (target.InspectFolder is not { } root)
            return "correct the source, or the check; `--inspect` keeps the files that were refused, to look into them";
        var folder = Path.Combine(root, target.Context.Name, target.Session.RunId, table.Location.Table);
        Directory.CreateDirectory(folder);
        foreach (var (number, file) in files.Index())
            File.Copy(file, Path.Combine(folder, FormattableString.Invariant($"{number:0000}.parquet")), overwrite: true);
        return $"look into them: lens sql \"from '{folder}/*.parquet'\"";
    }

    private void Mount(string name, IEnumerable<MountedFile> files) =>
        TableViews.Create(connection, [new(Schema, name, MountedTable.ColumnsOf(table.Schema.WithPartition()), [.. files]) { PartitionColumns = [DataFileName.PartitionColumn] }]);

    private async Task MountReferencesAsync(IReadOnlyList<Check> checks, CancellationToken cancel)
    {
        var names = checks.Select(check => check.Reference).OfType<TableName>().Distinct().ToArray();
        if (names.Length == 0)
            return;
        var catalog = await BucketCatalog.ReadAsync(target.Store, cancel);
        foreach (var name in names)
        {
            var found = await catalog.FindAsync(name.Schema!, name.Name, cancel)
                ?? throw new UserError($"a check of `{table.Location.SqlName}` looks into `{name}`, which is not in the bucket") { Where = [("bucket", target.Store.Bucket.ToString())], Hint = "ingest it first, or correct its name: raw.<source>_<table>", ExitCode = ExitCode.Usage };
            var content = await TableContent.ReadAsync(target.Store, found, new CheckpointReader(target.Database), cancel);
            var mounted = content.Mounted(connection, await content.LocalPathsAsync(target.Cache, null, cancel));
            TableViews.Create(connection, [mounted with { Schema = name.Schema!, Name = name.Name }]);
        }
    }
}
