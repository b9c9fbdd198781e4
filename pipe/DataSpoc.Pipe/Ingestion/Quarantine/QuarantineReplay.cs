using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Pipe.Ingestion.Masking;
using DataSpoc.Pipe.Ingestion.Merging;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.BatchTransforms;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>
/// Ingests rejected records of one pipeline again, as the table's contract says now. One commit takes them out of quarantine and puts them into the table; those that are still
/// rejected stay, so every record is in one of both, once.
/// </summary>
/// <param name="target">The run.</param>
/// <param name="location">The table.</param>
/// <param name="transform">That of the pipeline, for records that have not been through it; or null.</param>
internal sealed class QuarantineReplay(LoadTarget target, TableLocation location, BatchTransform? transform)
{
    /// <summary>Why the transform failed on some of the records, or null.</summary>
    public UserError? Failure { get; private set; }

    /// <summary>The pipelines of which a table has rejected records.</summary>
    public static async Task<IReadOnlyList<string>> PipelinesAsync(Database database, IReadOnlyList<ExistingFile> files, CancellationToken cancel)
    {
        if (files.Count == 0)
            return [];
        using var connection = database.Connect();
        return await Task.Run(() => Texts(connection, $"SELECT DISTINCT pipeline FROM {From(files)} ORDER BY 1", cancel), cancel);
    }

    /// <summary>Ingests the records of the target's pipeline again.</summary>
    /// <exception cref="UserError">A check refuses them, or the table does.</exception>
    public async Task<StreamResult> RunAsync(TableSnapshot quarantine, IReadOnlyList<ExistingFile> files, CancellationToken cancel)
    {
        var plan = target.Plans.For(location.Table, null);
        // what is rejected has been masked, and what does not fit stays where it is
        var contract = plan.Contract with { Types = plan.Contract.Types == Reaction.Discard ? Reaction.Discard : Reaction.Quarantine };
        plan = plan with { Masks = new Dictionary<string, Mask>(), Contract = contract, Mode = plan.Mode == WriteMode.Merge ? WriteMode.Merge : WriteMode.Append };
        var table = await TableLoad.OpenAsync(target, location, null, plan, false, cancel);
        table.PrimaryKey = table.KnownKey;
        try
        {
            using var connection = target.Database.Connect();
            var own = $"SELECT * FROM {From(files)} WHERE pipeline = {Sql.Literal(target.Context.Name)}";
            var streams = Texts(connection, $"SELECT DISTINCT stream FROM ({own}) WHERE before_transform ORDER BY 1", cancel).Where(stream => transform?.IsFor(stream) == true).ToArray();
            var staying = $"SELECT * FROM {From(files)} WHERE pipeline <> {Sql.Literal(target.Context.Name)}";
            var stay = 0L;
            foreach (var stream in streams)
            {
                var waiting = $"SELECT * FROM ({own}) WHERE before_transform AND stream = {Sql.Literal(stream)}";
                if (target.Plans.For(location.Table, null).Masks.Count > 0)
                    throw new UserError($"records of `{location.SqlName}` wait for the transform, and its columns are masked now") { Where = [("stream", stream)], Hint = "replay them without the masks, or leave them where they are" };
                var batch = await Task.Run(() => Sorted(connection, table, stream, waiting, cancel), cancel);
                foreach (var range in batch.Entering)
                    await StageAsync(connection, table, () => batch.Landing(table, range, cancel), cancel);
                (staying, stay, Failure) = ($"{staying} UNION ALL BY NAME {batch.StayingRecords}", stay + batch.Staying, Failure ?? batch.Failure);
            }
            var others = streams.Length == 0 ? own : $"SELECT * FROM ({own}) WHERE NOT coalesce(before_transform, false) OR stream NOT IN ({string.Join(", ", streams.Select(Sql.Literal))})";
            if (streams.Length == 0 || Texts(connection, $"SELECT run_id FROM ({others}) LIMIT 1", cancel).Count > 0)
                await StageAsync(connection, table, () => Landing(connection, table, others, cancel), cancel);
            await table.FinishAsync(cancel);
            await table.Rejected.ReplaceAsync(quarantine, files, staying, cancel);
            var result = new StreamResult(location.Table, location, table.StagedRows, table.StagedFiles, table.StagedBytes, null) { Rejected = table.Rejected.Records + stay, Checks = table.Checks };
            await LoadCommit.RunAsync(target, [table], null, cancel);
            return result;
        }
        catch (DuckDbException error)
        {
            await table.DiscardAsync(CancellationToken.None);
            throw new UserError($"the rejected records of `{location.SqlName}` cannot be read", error) { Where = [("reason", error.Message.Split('\n')[0])] };
        }
        catch
        {
            await table.DiscardAsync(CancellationToken.None);
            throw;
        }
    }

    private ReplayedBatch Sorted(Connection connection, TableLoad table, string stream, string waiting, CancellationToken cancel)
    {
        var file = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), $"waiting-{Guid.NewGuid():N}.parquet");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        connection.Execute($"COPY (SELECT *, row_number() OVER () AS n FROM ({waiting})) TO {Sql.Literal(file)} (FORMAT parquet)", cancel);
        var numbered = $"SELECT * FROM read_parquet({Sql.Literal(file)}) ORDER BY n";
        var batch = new ReplayedBatch(connection, transform!, stream, file, Exact(connection, numbered, cancel));
        batch.Sort(table, long.Parse(Texts(connection, $"SELECT count(*) FROM ({numbered})", cancel)[0], CultureInfo.InvariantCulture), cancel);
        return batch;
    }

    private async Task StageAsync(Connection connection, TableLoad table, Func<(string Select, string Types)> landing, CancellationToken cancel)
    {
        var folder = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), $"replay-{Guid.NewGuid():N}");
        var (files, types) = await Task.Run(() =>
        {
            var (select, known) = landing();
            return (ParquetFolder.Write(connection, select, folder, LoadTarget.FileBytes, cancel), known);
        }, cancel);
        foreach (var file in files)
            await table.StageAsync(file, types, cancel);
    }

    // the fields of the records as columns: of the type that is given now, or the table's, or the one they had when they came
    private (string Select, string Types) Landing(Connection connection, TableLoad table, string own, CancellationToken cancel)
    {
        var known = KnownTypes(Texts(connection, Types(own), cancel));
        own = Exact(connection, own, cancel);
        var names = Texts(connection, $"SELECT DISTINCT unnest(json_keys(texts)) FROM ({own}) WHERE json_valid(texts) ORDER BY 1", cancel);
        // a tap's record has the names of the source, of which dt is not a column's
        var called = FieldNames.Assign(names, new HashSet<string> { DataFileName.PartitionColumn });
        var columns = names.Zip(called, (key, name) => (Key: key, Name: name, Meant: table.Schema.TypeOf(name) ?? known.GetValueOrDefault(key) ?? LogicalType.Varchar)).ToArray();
        // what came as a text, as in CSV, is the text of a structure, not JSON
        bool IsJson((string Key, string Name, LogicalType Meant) column) => column.Meant.IsNested && known.GetValueOrDefault(column.Key) is not { Kind: LogicalKind.Varchar, Alias: null };
        var admitted = table.Schema.Admit(columns.Select(column => (column.Name, IsJson(column) ? LogicalType.Json : LogicalType.Varchar, (LogicalType?)column.Meant)), location);
        var inputs = columns.Select(column => $"{(IsJson(column) ? "json_extract(nested" : "json_extract_string(texts")}, {Sql.Literal(ExactCast.Pointer(column.Key))})");
        var rows = LandedRows.Of(admitted, [.. inputs], 0);
        var select = string.Join(", ", rows.Columns.Zip(rows.Values, (column, value) => $"CAST({value} AS {column.Type}) AS {Sql.Identifier(column.Name)}"));
        return ($"SELECT {select} FROM ({own})", rows.Types);
    }

    private static string Types(string own) => $"SELECT DISTINCT types FROM ({own}) WHERE types IS NOT NULL";

    // the records as texts of which no digit is lost, in a file of this machine
    private string Exact(Connection connection, string own, CancellationToken cancel)
    {
        var file = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), $"replay-{Guid.NewGuid():N}.ndjson");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var (longest, number) = (1 << 20, 0L);
        using (var lines = File.Create(file))
        using (var records = connection.Query($"SELECT record FROM ({own})", cancel))
            while (records.NextChunk())
                for (var row = 0; row < records.Chunk.Count; row++)
                {
                    var exact = ExactRecord.Of(records.GetText(0, row) ?? "{}");
                    var line = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["texts"] = exact.Texts, ["nested"] = exact.Nested, ["n"] = ++number });
                    longest = Math.Max(longest, line.Length + 1);
                    lines.Write(line);
                    lines.WriteByte((byte)'\n');
                }
        // DuckDB takes twice as much memory as the longest line may have
        return FormattableString.Invariant($"SELECT texts, nested, n FROM read_json({Sql.Literal(file)}, format = 'newline_delimited', maximum_object_size = {longest}, columns = {{texts: 'VARCHAR', nested: 'VARCHAR', n: 'BIGINT'}})");
    }

    private static Dictionary<string, LogicalType> KnownTypes(IReadOnlyList<string> recorded)
    {
        var types = new Dictionary<string, LogicalType>(StringComparer.Ordinal);
        foreach (var text in recorded)
        {
            using var document = JsonDocument.Parse(text);
            foreach (var member in document.RootElement.EnumerateObject())
                types[member.Name] = StorageTypes.Stored(LogicalType.Parse(member.Value.GetString()!));
        }
        return types;
    }

    private static IReadOnlyList<string> Texts(Connection connection, string sql, CancellationToken cancel)
    {
        using var answer = connection.Query(sql, cancel);
        var texts = new List<string>();
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                texts.Add(answer.GetText(0, row)!);
        return texts;
    }

    // files of before that column have none
    private static string From(IReadOnlyList<ExistingFile> files) => $"(SELECT NULL::BOOLEAN AS before_transform WHERE false UNION ALL BY NAME FROM read_parquet([{string.Join(", ", files.Select(file => Sql.Literal(GlobPath.Literal(file.Path))))}], union_by_name=true, hive_partitioning=false))";
}
