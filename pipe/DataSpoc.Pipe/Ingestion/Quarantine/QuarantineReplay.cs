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

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>
/// Ingests rejected records of one pipeline again, as the table's contract says now. One commit takes them out of quarantine and puts them into the table; those that are still
/// rejected stay, so every record is in one of both, once.
/// </summary>
internal sealed class QuarantineReplay(LoadTarget target, TableLocation location)
{
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
            var (select, types) = Landing(connection, table, own, cancel);
            var folder = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), "replay");
            foreach (var file in await Task.Run(() => ParquetFolder.Write(connection, select, folder, LoadTarget.FileBytes, cancel), cancel))
                await table.StageAsync(file, types, cancel);
            await table.FinishAsync(cancel);
            await table.Rejected.ReplaceAsync(quarantine, files, $"SELECT * FROM {From(files)} WHERE pipeline <> {Sql.Literal(target.Context.Name)}", cancel);
            var result = new StreamResult(location.Table, location, table.StagedRows, table.StagedFiles, table.StagedBytes, null) { Rejected = table.Rejected.Records, Checks = table.Checks };
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

    // the fields of the records as columns: of the type that is given now, or the table's, or the one they had when they came
    private (string Select, string Types) Landing(Connection connection, TableLoad table, string own, CancellationToken cancel)
    {
        var known = KnownTypes(Texts(connection, $"SELECT DISTINCT types FROM ({own}) WHERE types IS NOT NULL", cancel));
        own = Exact(connection, own, cancel);
        var names = Texts(connection, $"SELECT DISTINCT unnest(json_keys(texts)) FROM ({own}) WHERE json_valid(texts) ORDER BY 1", cancel);
        var columns = names.Select(name => (Name: name, Meant: table.Schema.TypeOf(name) ?? known.GetValueOrDefault(name) ?? LogicalType.Varchar)).ToArray();
        var admitted = table.Schema.Admit(columns.Select(column => (column.Name, column.Meant.IsNested ? LogicalType.Json : LogicalType.Varchar, (LogicalType?)column.Meant)), location);
        var inputs = columns.Select(column => $"{(column.Meant.IsNested ? "json_extract(nested" : "json_extract_string(texts")}, {Sql.Literal(ExactCast.Pointer(column.Name))})");
        var rows = LandedRows.Of(admitted, [.. inputs], 0);
        var select = string.Join(", ", rows.Columns.Zip(rows.Values, (column, value) => $"CAST({value} AS {column.Type}) AS {Sql.Identifier(column.Name)}"));
        return ($"SELECT {select} FROM ({own})", rows.Types);
    }

    // the records as texts of which no digit is lost, in a file of this machine
    private string Exact(Connection connection, string own, CancellationToken cancel)
    {
        var file = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), "replay.ndjson");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var longest = 1 << 20;
        using (var lines = File.Create(file))
        using (var records = connection.Query($"SELECT record FROM ({own})", cancel))
            while (records.NextChunk())
                for (var row = 0; row < records.Chunk.Count; row++)
                {
                    var exact = ExactRecord.Of(records.GetText(0, row) ?? "{}");
                    var line = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["texts"] = exact.Texts, ["nested"] = exact.Nested });
                    longest = Math.Max(longest, line.Length + 1);
                    lines.Write(line);
                    lines.WriteByte((byte)'\n');
                }
        // DuckDB takes twice as much memory as the longest line may have
        return FormattableString.Invariant($"SELECT texts, nested FROM read_json({Sql.Literal(file)}, format = 'newline_delimited', maximum_object_size = {longest}, columns = {{texts: 'VARCHAR', nested: 'VARCHAR'}})");
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

    private static string From(IReadOnlyList<ExistingFile> files) => $"read_parquet([{string.Join(", ", files.Select(file => Sql.Literal(GlobPath.Literal(file.Path))))}], union_by_name=true, hive_partitioning=false)";
}
