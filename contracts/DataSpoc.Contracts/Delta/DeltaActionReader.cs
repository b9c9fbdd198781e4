using System.Text.Json;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Delta;

/// <summary>Reads one line of a log.</summary>
internal static class DeltaActionReader
{
    /// <returns>The action, or null where it is one that readers may skip.</returns>
    /// <exception cref="JsonException">A member is missing or is not what it should be.</exception>
    public static DeltaAction? Read(JsonElement line)
    {
        var actions = new JsonMembers(line, "");
        // a row of a checkpoint has a member for each action, all but one of them null
        foreach (var member in line.EnumerateObject())
            if (member.Value.ValueKind != JsonValueKind.Null)
                return member.Name switch
                {
                    "add" => Add(actions.Object("add")),
                    "remove" => Remove(actions.Object("remove")),
                    "txn" => Transaction(actions.Object("txn")),
                    "protocol" => Protocol(actions.Object("protocol")),
                    "metaData" => Metadata(actions.Object("metaData")),
                    "commitInfo" => Provenance(actions.Object("commitInfo")),
                    "sidecar" => new Sidecar(LogPath.Decode(actions.Object("sidecar").Text("path"))),
                    _ => null,
                };
        return null;
    }

    private static AddFile Add(JsonMembers add)
    {
        var path = add.Text("path");
        return new AddFile(LogPath.Decode(path), add.Long("size"), add.Milliseconds("modificationTime"))
        {
            PartitionValues = EmptyIsNull(add.TextMapOrNull("partitionValues") ?? throw add.Missing("partitionValues")),
            DataChange = add.BoolOrNull("dataChange") ?? true,
            Tags = add.TextMapOrNull("tags"),
            HasDeletionVector = add.Find("deletionVector") is not null,
        }.WithStatistics(add.TextOrNull("stats"));
    }

    private static RemoveFile Remove(JsonMembers remove) => new(LogPath.Decode(remove.Text("path")))
    {
        DeletionTimestamp = remove.MillisecondsOrNull("deletionTimestamp"),
        DataChange = remove.BoolOrNull("dataChange") ?? true,
        PartitionValues = remove.TextMapOrNull("partitionValues") is { } values ? EmptyIsNull(values) : null,
        Size = remove.LongOrNull("size"),
    };

    private static Transaction Transaction(JsonMembers txn) => new(txn.Text("appId"), txn.Long("version"), txn.MillisecondsOrNull("lastUpdated"));

    private static Protocol Protocol(JsonMembers protocol) => new(protocol.Int("minReaderVersion"), protocol.Int("minWriterVersion"))
    {
        ReaderFeatures = protocol.TextsOrNull("readerFeatures"),
        WriterFeatures = protocol.TextsOrNull("writerFeatures"),
    };

    private static Metadata Metadata(JsonMembers metadata)
    {
        if (metadata.ObjectOrNull("format") is { } format && format.TextOrNull("provider") is { } provider && provider != "parquet")
            throw new JsonException($"the table's files are `{provider}`, not `parquet`");
        return new(metadata.TextOrNull("id") ?? "", DeltaSchema.Parse(metadata.Text("schemaString")))
        {
            Name = metadata.TextOrNull("name"),
            Description = metadata.TextOrNull("description"),
            PartitionColumns = metadata.TextsOrNull("partitionColumns") ?? [],
            Configuration = Texts(metadata.TextMapOrNull("configuration")),
            CreatedTime = metadata.MillisecondsOrNull("createdTime"),
        };
    }

    private static CommitInfo Provenance(JsonMembers info)
    {
        // free members: whatever others wrote there must not keep their tables from being read
        var own = info.Find("dataspoc") is { ValueKind: JsonValueKind.Object } ? info.ObjectOrNull("dataspoc") : null;
        return new()
        {
            Timestamp = info.Find("timestamp") is { ValueKind: JsonValueKind.Number } time && time.TryGetInt64(out var milliseconds)
                ? JsonTime.FromMilliseconds(milliseconds)
                : null,
            Operation = TextIfAny(info, "operation"),
            Tool = TextIfAny(info, "engineInfo"),
            RunId = own?.TextOrNull("run_id"),
            Write = own is { } write && write.LongOrNull("extractions") is { } extractions
                ? new(extractions, write.LongOrNull("rows") ?? 0)
                {
                    At = write.TimeOrNull("at"),
                    Inputs = write.TextsOrNull("inputs") ?? [],
                    Checks = write.Find("checks") is { } checks ? JsonNodes.From(checks) : null,
                }
                : null,
            Others = info.Others(["timestamp", "operation", "engineInfo", .. own is null ? Array.Empty<string>() : ["dataspoc"]]),
        };
    }

    private static string? TextIfAny(JsonMembers info, string name) => info.Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static Dictionary<string, string?> EmptyIsNull(IReadOnlyDictionary<string, string?> values) =>
        values.ToDictionary(pair => pair.Key, pair => string.IsNullOrEmpty(pair.Value) ? null : pair.Value, StringComparer.Ordinal);

    private static Dictionary<string, string> Texts(IReadOnlyDictionary<string, string?>? values) => values is null ? []
        : values.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
}
