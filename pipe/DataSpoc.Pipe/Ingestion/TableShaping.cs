using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;
using DataSpoc.Contracts.Layout;
using DataSpoc.Pipe.Ingestion.Merging;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// Makes of the rows that a run has landed the files that enter the table: rejected rows left out, the last row per key, filed under days, merged into what is there, checked.
/// No row passes through managed code, and DuckDB writes to disk what does not fit into memory.
/// </summary>
internal sealed class TableShaping(LoadTarget target, TableLoad table, TableSnapshot? snapshot)
{
    private const string Order = "__dataspoc_file";
    private const string DeletedAt = "_sdc_deleted_at";

    private bool Merges => table.Writes == WriteMode.Merge;

    private IReadOnlyList<string> Key => table.PrimaryKey;

    /// <summary>Makes the files.</summary>
    /// <param name="landed">The local files, in the order in which they were written.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UserError">A merge has no key, a check refuses the rows, or the bucket fails.</exception>
    public async Task<ShapedTable> RunAsync(IReadOnlyList<ParquetFile> landed, CancellationToken cancel)
    {
        using var connection = target.Database.Connect();
        if (Merges)
            RequireKey(landed);
        try
        {
            return await ShapeAsync(connection, landed, cancel);
        }
        catch (DuckDbException error)
        {
            throw new UserError($"the rows of `{table.Location.SqlName}` cannot be written", error) { Where = [("table", table.Location.Folder), ("reason", error.Message.Split('\n')[0])] };
        }
    }

    private async Task<ShapedTable> ShapeAsync(Connection connection, IReadOnlyList<ParquetFile> landed, CancellationToken cancel)
    {
        var incoming = await Task.Run(() => WriteIncoming(connection, landed, cancel), cancel);
        var shaped = new ShapedTable(incoming, table.Mode, incoming.Sum(file => file.File.Rows));
        var untouched = Staying();
        if (snapshot is not null && table.Mode != ChangeMode.Overwrite && (Merges || table.Schema.IsWidened || table.Activated is not null))
            (shaped, untouched) = await RewriteAsync(connection, shaped, landed, cancel);
        else if (table.Writes == WriteMode.OverwritePartition && table.Mode != ChangeMode.Overwrite)
            shaped = shaped with { Mode = ChangeMode.OverwritePartitions, Days = DayColumn() is null ? [DataFileName.PartitionValue(target.Day)] : [] };
        if (table.Plan.Checks.Count == 0)
            return shaped;
        var days = shaped.Files.Select(file => DataFileName.PartitionValue(file.Day)).Concat(shaped.Days).ToHashSet(StringComparer.Ordinal);
        var staying = shaped.Mode == ChangeMode.OverwritePartitions ? untouched.Where(file => !days.Contains(file.PartitionValues.GetValueOrDefault(DataFileName.PartitionColumn) ?? "")) : untouched;
        return shaped with { Checks = await new TableAudit(target, table, connection).RunAsync(incoming, [.. shaped.Files.Except(incoming)], [.. staying], cancel) };
    }

    private IReadOnlyList<AddFile> Staying() => snapshot is null || table.Mode == ChangeMode.Overwrite ? [] : [.. snapshot.Files.Values];

    private IReadOnlyList<(ParquetFile File, DateOnly Day)> WriteIncoming(Connection connection, IReadOnlyList<ParquetFile> landed, CancellationToken cancel)
    {
        if (landed.Count == 0)
            return [];
        var rows = Rows(landed);
        var deleted = Merges && Has(landed, DeletedAt) && landed.Any(file => file.Statistics.NullCount?[DeletedAt] is not { } nulls || nulls.GetValue<long>() < file.Rows);
        if (Merges)
            connection.Execute($"CREATE OR REPLACE TEMP TABLE {TableRewrite.Keys} AS SELECT {Names(Key)}, max({Order}) AS {Order} FROM ({rows}) GROUP BY {Names(Key)}", cancel);
        // the last row of each key is the one with the largest number
        var last = Merges ? $"({rows}) AS r SEMI JOIN {TableRewrite.Keys} AS k ON k.{Order} = r.{Order}" : $"({rows}) AS r";
        var live = deleted ? $" WHERE r.{Sql.Identifier(DeletedAt)} IS NULL" : "";
        var partition = DayColumn() is null ? null : DataFileName.PartitionColumn;
        var folder = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), $"shaped-{table.Location.SqlTable}-{Guid.NewGuid():N}");
        var select = $"SELECT r.* EXCLUDE ({Order}) FROM {last}{live}{(Merges ? "" : $" ORDER BY r.{Order}")}";
        return [.. ParquetFolder.Write(connection, select, folder, LoadTarget.FileBytes, cancel, partition).Where(file => file.Rows > 0).Select(file => (file, DataFileName.PartitionOf(file.Path) ?? target.Day))];
    }

    // the rows that are not rejected, as the table's columns, with the order in which they came
    private string Rows(IReadOnlyList<ParquetFile> landed)
    {
        var columns = table.Schema.Fields.Where(field => Has(landed, field.Name))
            .Select(field => $"CAST({Sql.Identifier(field.Name)} AS {StorageTypes.FromDelta(field.Type)}) AS {Sql.Identifier(field.Name)}").ToList();
        if (DayColumn() is { } day)
            columns.Add($"coalesce(CAST({Sql.Identifier(day)} AS DATE), DATE '{DataFileName.PartitionValue(target.Day)}') AS {DataFileName.PartitionColumn}");
        // files are numbered in the order in which they were written
        columns.Add($"CAST(left(right({Order}, 14), 6) AS BIGINT) * 1099511627776 + file_row_number AS {Order}");
        var conditions = new List<string>();
        if (Has(landed, LandedRows.Reason))
            conditions.Add($"{LandedRows.Reason} IS NULL");
        if (table.Activated is { LandedBefore: > 0 } active && Has(landed, SourceColumns.Version))
        {
            var before = string.Join(", ", landed.Take(active.LandedBefore).Select(file => Sql.Literal(file.Path)));
            conditions.Add(FormattableString.Invariant($"({SourceColumns.Version} IS NULL OR {SourceColumns.Version} = {active.Version} OR {Order} NOT IN ({before}))"));
        }
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return $"SELECT {string.Join(", ", columns)} FROM read_parquet([{string.Join(", ", landed.Select(file => Sql.Literal(GlobPath.Literal(file.Path))))}], union_by_name=true, hive_partitioning=false, filename='{Order}', file_row_number=true){where}";
    }

    private async Task<(ShapedTable Shaped, IReadOnlyList<AddFile> Staying)> RewriteAsync(Connection connection, ShapedTable shaped, IReadOnlyList<ParquetFile> landed, CancellationToken cancel)
    {
        var active = table.Activated;
        var key = Merges && landed.Count > 0 ? Key : [];
        var rewrite = new TableRewrite(connection, table.Schema.Fields, key, active);
        var existing = new ExistingFiles(target.Store, table.Location, target.Cache);
        IReadOnlyList<ExistingFile> touched;
        if (table.Schema.IsWidened)
        {
            var replacedDays = table.Writes == WriteMode.OverwritePartition ? shaped.Files.Select(file => (string?)DataFileName.PartitionValue(file.Day)).ToHashSet() : [];
            touched = [.. (await existing.FetchAsync(snapshot!.Files.Values, cancel)).Where(file => !replacedDays.Contains(file.Day))];
        }
        else
        {
            var candidates = snapshot!.Files.Values.Where(file => (key.Count > 0 && landed.Any(rows => FileBounds.MayMeet(rows.Statistics, file.Statistics, key))) || (active is not null && FileBounds.MayDiffer(file.Statistics, SourceColumns.Version, active.Version)));
            var fetched = await existing.FetchAsync(candidates, cancel);
            touched = await Task.Run(() => rewrite.Touched(fetched, cancel), cancel);
        }
        var files = shaped.Files.ToList();
        foreach (var day in touched.GroupBy(file => file.Day))
        {
            var folder = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), $"rest-{table.Location.SqlTable}-{Guid.NewGuid():N}");
            var written = await Task.Run(() => ParquetFolder.Write(connection, rewrite.Remainder([.. day]), folder, LoadTarget.FileBytes, cancel), cancel);
            files.AddRange(written.Where(file => file.Rows > 0).Select(file => (file, DateOnly.ParseExact(day.Key!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))));
        }
        var replaced = touched.Select(file => file.File.Path).ToArray();
        return (shaped with
        {
            Files = files,
            // a type changes only with all files of the table
            Mode = table.Schema.IsWidened ? ChangeMode.Overwrite : ChangeMode.ReplaceFiles,
            Replaced = table.Schema.IsWidened ? [] : replaced,
            ReadVersion = Merges || table.Schema.IsWidened ? snapshot.Version : null,
        }, [.. snapshot.Files.Values.Where(file => !replaced.Contains(file.Path))]);
    }

    private void RequireKey(IReadOnlyList<ParquetFile> landed)
    {
        if (Key.Count == 0)
            throw new UserError($"`{table.Location.SqlName}` is to be merged, and has no key") { Where = [("table", table.Location.Folder)], Hint = $"name it: `tables: {{{table.Location.Table}: {{mode: merge, key: [id]}}}}`", ExitCode = ExitCode.Usage };
        foreach (var column in Key.Where(column => landed.Count > 0 && !Has(landed, column)))
            throw new UserError($"`{table.Location.SqlName}` has no column `{column}`, which its key names") { Where = [("table", table.Location.Folder)], Hint = $"it has {string.Join(", ", table.Schema.Fields.Select(field => field.Name).Take(20))}", ExitCode = ExitCode.Usage };
        foreach (var column in Key.Where(column => landed.Any(file => file.Statistics.NullCount?[column] is { } nulls && nulls.GetValueKind() == JsonValueKind.Number && nulls.GetValue<long>() > Rejected(file))))
            throw new UserError($"rows of `{table.Location.SqlName}` have no `{column}`, which is their key") { Where = [("table", table.Location.Folder)], Hint = "a row without a key cannot be merged: choose another key, or have the source leave such rows out", ExitCode = ExitCode.Refused };
    }

    /// <summary>How many rows of a landed file are rejected.</summary>
    public static long Rejected(ParquetFile file) => file.Statistics.NullCount?[LandedRows.Reason] is { } nulls ? file.Rows - nulls.GetValue<long>() : 0;

    // the column whose day rows are filed under; null: they are filed under the day of extraction
    private string? DayColumn()
    {
        if (table.Plan.PartitionBy is not { } name)
            return null;
        if (table.Schema.Fields.FirstOrDefault(own => own.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Type: var type } field && (type.Equals(PrimitiveType.Date) || type.Equals(PrimitiveType.Timestamp) || type.Equals(PrimitiveType.TimestampNtz)))
            return field.Name;
        return table.Plan.PartitionsWherePossible ? null
            : throw new UserError($"`{table.Location.SqlName}` cannot be filed by `{name}`: it has no such column with dates or times") { Where = [("table", table.Location.Folder)], Hint = $"give it a type: `types: {{{name}: date}}`", ExitCode = ExitCode.Usage };
    }

    private static bool Has(IReadOnlyList<ParquetFile> files, string column) => files.Any(file => file.Columns.Any(own => own.Name == column));

    private static string Names(IReadOnlyList<string> columns) => string.Join(", ", columns.Select(Sql.Identifier));
}
