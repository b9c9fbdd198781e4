using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Lens.Browsing;

/// <summary>A described table on stdout: a page for people, one object as JSON, its columns as rows otherwise.</summary>
internal static class TablePage
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Show(CommandContext context, TableDescription table, bool detail)
    {
        if (context.Output is OutputFormat.Json or OutputFormat.Ndjson)
        {
            context.Out.WriteLine(Json(table).ToJsonString(context.Output == OutputFormat.Json ? s_indented : null));
            return;
        }
        if (context.Output == OutputFormat.Table)
        {
            var facts = Facts(table).Where(fact => fact.Value is not null).ToArray();
            var width = facts.Max(fact => fact.Name.Length) + 2;
            foreach (var (name, value) in facts)
                context.Out.WriteLine(name.PadRight(width) + value);
            context.Out.WriteLine();
        }
        RowColumn[] shown = [new("column"), new("type"), new("nullable", RowColumnKind.Boolean), new("key", RowColumnKind.Boolean), new("partition", RowColumnKind.Boolean)];
        using var rows = context.Rows(detail ? [.. shown, new("nulls", RowColumnKind.Number), new("min"), new("max")] : shown);
        foreach (var column in table.Columns)
        {
            object?[] cells = [column.Name, column.Type, column.Nullable, column.Key, column.Partition];
            rows.WriteRow(detail ? [.. cells, column.Nulls, column.Min, column.Max] : cells);
        }
        rows.Complete();
    }

    private static IEnumerable<(string Name, string? Value)> Facts(TableDescription table)
    {
        var (figures, entry) = (table.Figures, table.Table.Table.Entry);
        yield return ("table", table.Table.View.ToString());
        yield return ("location", $"{table.Table.Bucket.Store.Bucket}/{table.Table.Table.Location.Folder}");
        yield return ("rows", figures.Rows is { } rows ? Quantity.Count(rows) : null);
        yield return ("size", figures.Bytes is { } bytes ? $"{Quantity.Bytes(bytes)} in {Quantity.Count(figures.Files ?? 0, "file")}" : null);
        yield return ("updated", figures.Updated?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        yield return ("snapshot", figures.Snapshot?.ToString(CultureInfo.InvariantCulture) ?? "none: a folder of files");
        yield return ("made from", entry is { Inputs.Count: > 0 } ? string.Join(", ", entry.Inputs) : null);
        yield return ("used by", table.UsedBy.Count > 0 ? string.Join(", ", table.UsedBy) : null);
        yield return ("checks", entry?.Checks?.ToJsonString());
    }

    private static JsonObject Json(TableDescription table) => new()
    {
        ["bucket"] = table.Table.Bucket.Name,
        ["uri"] = table.Table.Bucket.Store.Bucket.ToString(),
        ["layer"] = table.Table.Table.Schema,
        ["table"] = table.Table.Table.Name,
        ["location"] = table.Table.Table.Location.Folder,
        ["rows"] = table.Figures.Rows,
        ["files"] = table.Figures.Files,
        ["bytes"] = table.Figures.Bytes,
        ["updated"] = table.Figures.Updated?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture),
        ["snapshot"] = table.Figures.Snapshot,
        ["key"] = Texts(table.Columns.Where(column => column.Key).Select(column => column.Name)),
        ["partition_by"] = Texts(table.Columns.Where(column => column.Partition).Select(column => column.Name)),
        ["inputs"] = Texts(table.Table.Table.Entry?.Inputs ?? []),
        ["used_by"] = Texts(table.UsedBy),
        ["checks"] = table.Table.Table.Entry?.Checks?.DeepClone(),
        ["columns"] = new JsonArray([.. table.Columns.Select(column => new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = column.Type,
            ["nullable"] = column.Nullable,
            ["nulls"] = column.Nulls,
            ["min"] = column.Min,
            ["max"] = column.Max,
        })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
