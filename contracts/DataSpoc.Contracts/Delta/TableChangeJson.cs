using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using DataSpoc.Contracts.Json;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Delta;

/// <summary>A commit intent as it stands in <c>run.json</c> (CONTRACT section 5; schema <c>run-record.json</c>).</summary>
internal static class TableChangeJson
{
    private static readonly string[] Modes = ["append", "overwrite", "overwrite_partitions", "replace_files"];

    public static JsonObject Write(TableChange change)
    {
        var json = new JsonObject
        {
            ["location"] = change.Location.Folder,
            ["mode"] = Modes[(int)change.Mode],
            ["operation"] = change.Operation,
            ["tool"] = change.Tool,
            ["app_id"] = change.AppId,
            ["sequence"] = change.Sequence,
            ["run_id"] = change.RunId,
            ["files"] = new JsonArray([.. change.Files.Select(Write)]),
            ["schema"] = DeltaSchemaJson.Write(change.Schema.Fields),
            ["partition_by"] = JsonNodes.Array(change.PartitionColumns),
            ["primary_key"] = JsonNodes.Array(change.PrimaryKey),
            ["inputs"] = JsonNodes.Array(change.Inputs),
        };
        if (change.Partitions.Count > 0)
            json["partitions"] = JsonNodes.Array(change.Partitions);
        if (change.Replaced.Count > 0)
            json["replaced"] = JsonNodes.Array(change.Replaced);
        if (!change.DataChange)
            json["data_change"] = false;
        if (change.Adopted.Count > 0)
            json["adopted"] = new JsonArray([.. change.Adopted.Select(Write)]);
        if (change.SourceName is { } sourceName)
            json["source_name"] = sourceName;
        if (change.KeepHistory is { } history)
            json["keep_history"] = XmlConvert.ToString(history);
        if (change.ReadVersion is { } version)
            json["read_version"] = version;
        if (change.Checks is { } checks)
            json["checks"] = checks.DeepClone();
        return json;
    }

    /// <exception cref="JsonException">A member is missing or is not what it should be.</exception>
    public static TableChange Read(JsonMembers json)
    {
        var location = TableLocation.FromFolder(json.Text("location")) ?? throw json.Wrong("location", "the folder of a table");
        var mode = Array.IndexOf(Modes, json.Text("mode"));
        return new(location, mode >= 0 ? (ChangeMode)mode : throw json.Wrong("mode", string.Join(", ", Modes)),
            new(DeltaSchemaJson.Read(json.Object("schema"))), json.Text("app_id"), json.Long("sequence"), json.Text("run_id"))
        {
            Operation = json.TextOrNull("operation") ?? "WRITE",
            Tool = json.TextOrNull("tool") ?? "",
            Files = [.. json.Objects("files").Select(file => ReadFile(file, location))],
            Partitions = json.TextsOrNull("partitions") ?? [],
            Replaced = json.TextsOrNull("replaced") ?? [],
            DataChange = json.BoolOrNull("data_change") ?? true,
            Adopted = [.. json.Objects("adopted").Select(ReadAdopted)],
            PartitionColumns = json.TextsOrNull("partition_by") ?? [],
            PrimaryKey = json.TextsOrNull("primary_key") ?? [],
            SourceName = json.TextOrNull("source_name"),
            Inputs = json.TextsOrNull("inputs") ?? [],
            KeepHistory = json.TextOrNull("keep_history") is { } text ? Duration(text) ?? throw json.Wrong("keep_history", "a duration such as P7D") : null,
            ReadVersion = json.LongOrNull("read_version"),
            Checks = json.Find("checks") is { } checks ? JsonNodes.From(checks) : null,
        };
    }

    private static JsonNode Write(StagedFile file)
    {
        var json = new JsonObject { ["key"] = file.Staged.Key, ["size"] = file.Staged.Size, ["rows"] = file.Rows };
        if (file.Staged.UploadId is { } upload)
        {
            json["upload_id"] = upload;
            json["parts"] = JsonNodes.Array(file.Staged.Parts);
        }
        if (file.Staged.StagedAs is { } stagedAs)
            json["staged_as"] = stagedAs;
        if (file.Partition is { } partition)
            json["partition"] = partition;
        if (file.Statistics is { } statistics)
            json["stats"] = statistics.ToJson();
        return json;
    }

    private static StagedFile ReadFile(JsonMembers file, TableLocation location)
    {
        var key = file.Text("key");
        // whoever finishes a run publishes under this key: it must not lead out of the table
        if (!key.StartsWith(location.Folder + "/", StringComparison.Ordinal) || !LogPath.IsInside(key))
            throw file.Wrong("key", $"a file of `{location.Folder}`");
        var staged = new StagedObject(key, file.Long("size"), file.TextOrNull("upload_id"), file.TextsOrNull("parts") ?? [], file.TextOrNull("staged_as"));
        if (staged.StagedAs is { } stagedAs && !LogPath.IsInside(stagedAs))
            throw file.Wrong("staged_as", "a file of the bucket");
        return new(staged, file.TextOrNull("partition"), file.Long("rows"), Statistics(file));
    }

    private static JsonNode Write(AdoptedFile file)
    {
        var json = new JsonObject { ["path"] = file.Path, ["size"] = file.Size, ["modified_at"] = JsonTime.Format(file.ModificationTime) };
        if (file.Partition is { } partition)
            json["partition"] = partition;
        if (file.Statistics is { } statistics)
            json["stats"] = statistics.ToJson();
        return json;
    }

    private static AdoptedFile ReadAdopted(JsonMembers file)
    {
        var path = file.Text("path");
        return LogPath.IsInside(path)
            ? new(path, file.Long("size"), file.TimeOrNull("modified_at") ?? throw file.Missing("modified_at"), file.TextOrNull("partition"), Statistics(file))
            : throw file.Wrong("path", "a file of the table");
    }

    private static FileStatistics? Statistics(JsonMembers file) => file.ObjectOrNull("stats") is { } stats ? FileStatistics.Read(stats) : null;

    private static TimeSpan? Duration(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            return null;
        }
    }
}
