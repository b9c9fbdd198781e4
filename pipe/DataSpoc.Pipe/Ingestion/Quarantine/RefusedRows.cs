using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>Rows of files with a value that is not of the type that was given for its column: the pipeline's transform does not see them, they wait in quarantine as they stand in the file.</summary>
/// <param name="read">Rows that were looked at.</param>
/// <param name="files">Their records, on this machine.</param>
/// <param name="types">The types of the source's columns, as JSON.</param>
internal sealed class RefusedRows(long read, IReadOnlyList<ParquetFile> files, string types)
{
    /// <summary>Rows that were looked at.</summary>
    public long Read => read;

    /// <summary>Finds them; null where no type was given.</summary>
    /// <param name="target">The run.</param>
    /// <param name="query">The files.</param>
    /// <param name="connection">The query's.</param>
    /// <param name="before">Records of the stream that came before these.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<RefusedRows?> WriteAsync(LoadTarget target, FileQuery query, Connection connection, long before, CancellationToken cancel)
    {
        if (query.Reading.Types.Count == 0)
            return null;
        // all columns as the texts that they are, so that none of another column's values is in the way
        var rows = FileColumns.Of(query, _ => null, judges: true, wholeFile: false);
        var misfits = GivenTypes.Misfits(query, rows);
        // most files have none: that is told by these columns alone
        var (read, refused) = await Task.Run(() => Count($"SELECT count(*), count(*) FILTER ({GivenTypes.Any(misfits) ?? "false"}) FROM {rows.From}"), cancel);
        if (refused == 0)
            return new(read, [], "{}");
        var columns = rows.Columns.Zip(misfits, (column, fails) => new AdmittedColumn(column.Name, column.Type, column.Name, column.Meant ?? column.Type) { Misfit = fails is null ? Misfit.Impossible : Misfit.Rejected });
        var landed = LandedRows.Of([.. columns], rows.Values, before);
        var told = landed.Columns.Zip(landed.Values, (column, value) => $"{value} AS {Sql.Identifier(column.Name)}").TakeLast(LandedRows.Told);
        var folder = Path.Combine(target.Store.ScratchFolder(target.Session.RunId), string.Create(CultureInfo.InvariantCulture, $"refused-{Guid.NewGuid():N}"));
        var files = await Task.Run(() => ParquetFolder.Write(connection, $"SELECT * FROM (SELECT {string.Join(", ", told)} FROM {rows.From}) WHERE {LandedRows.Reason} IS NOT NULL", folder, LoadTarget.FileBytes, cancel), cancel);
        return new(read, files, new JsonObject(rows.Columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)(column.Meant ?? column.Type).ToString()))).ToJsonString());

        (long Read, long Refused) Count(string select)
        {
            using var answer = connection.Query(select, cancel);
            answer.NextChunk();
            return (long.Parse(answer.GetText(0, 0)!, CultureInfo.InvariantCulture), long.Parse(answer.GetText(1, 0)!, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Has them committed beside the rows that went through.</summary>
    public void AddTo(TableLoad table)
    {
        foreach (var file in files.Where(file => file.Rows > 0))
            table.Rejected.Add(file.Path, file.Rows, types, beforeTransform: true);
        if (files.Count > 0)
            table.Touch();
    }
}
