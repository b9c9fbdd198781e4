using DataSpoc.Contracts.Json;
using System.Text.Json;

namespace DataSpoc.Contracts.Delta;

/// <summary>Writes one line of a log.</summary>
internal static class DeltaActionWriter
{
    public static void Write(Utf8JsonWriter writer, DeltaAction action)
    {
        writer.WriteStartObject();
        switch (action)
        {
            case AddFile add:
                Add(writer, add);
                break;
            case RemoveFile remove:
                Remove(writer, remove);
                break;
            case Transaction txn:
                writer.WriteStartObject("txn");
                writer.WriteString("appId", txn.AppId);
                writer.WriteNumber("version", txn.Version);
                Time(writer, "lastUpdated", txn.LastUpdated);
                writer.WriteEndObject();
                break;
            case Protocol protocol:
                writer.WriteStartObject("protocol");
                writer.WriteNumber("minReaderVersion", protocol.MinReaderVersion);
                writer.WriteNumber("minWriterVersion", protocol.MinWriterVersion);
                Texts(writer, "readerFeatures", protocol.ReaderFeatures);
                Texts(writer, "writerFeatures", protocol.WriterFeatures);
                writer.WriteEndObject();
                break;
            case Metadata metadata:
                Metadata(writer, metadata);
                break;
            case CommitInfo info:
                Provenance(writer, info);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "this action is only read");
        }
        writer.WriteEndObject();
    }

    private static void Add(Utf8JsonWriter writer, AddFile add)
    {
        if (add.HasDeletionVector)
            throw new ArgumentException($"`{add.Path}` has a deletion vector, which cannot be written", nameof(add));
        writer.WriteStartObject("add");
        writer.WriteString("path", LogPath.Encode(add.Path));
        Map(writer, "partitionValues", add.PartitionValues);
        writer.WriteNumber("size", add.Size);
        Time(writer, "modificationTime", add.ModificationTime);
        writer.WriteBoolean("dataChange", add.DataChange);
        if ((add.StatisticsText ?? add.Statistics?.Serialize()) is { } statistics)
            writer.WriteString("stats", statistics);
        if (add.Tags is { } tags)
            Map(writer, "tags", tags);
        writer.WriteEndObject();
    }

    private static void Remove(Utf8JsonWriter writer, RemoveFile remove)
    {
        writer.WriteStartObject("remove");
        writer.WriteString("path", LogPath.Encode(remove.Path));
        Time(writer, "deletionTimestamp", remove.DeletionTimestamp);
        writer.WriteBoolean("dataChange", remove.DataChange);
        if (remove is { PartitionValues: { } values, Size: { } size })
        {
            writer.WriteBoolean("extendedFileMetadata", true);
            Map(writer, "partitionValues", values);
            writer.WriteNumber("size", size);
        }
        writer.WriteEndObject();
    }

    private static void Metadata(Utf8JsonWriter writer, Metadata metadata)
    {
        writer.WriteStartObject("metaData");
        writer.WriteString("id", metadata.Id);
        Text(writer, "name", metadata.Name);
        Text(writer, "description", metadata.Description);
        writer.WriteStartObject("format");
        writer.WriteString("provider", "parquet");
        writer.WriteStartObject("options");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("schemaString", metadata.Schema.Serialize());
        Texts(writer, "partitionColumns", metadata.PartitionColumns);
        Map(writer, "configuration", metadata.Configuration.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        Time(writer, "createdTime", metadata.CreatedTime);
        writer.WriteEndObject();
    }

    private static void Provenance(Utf8JsonWriter writer, CommitInfo info)
    {
        writer.WriteStartObject("commitInfo");
        Time(writer, "timestamp", info.Timestamp);
        Text(writer, "operation", info.Operation);
        foreach (var (name, value) in info.Others ?? [])
        {
            writer.WritePropertyName(name);
            if (value is null)
                writer.WriteNullValue();
            else
                value.WriteTo(writer);
        }
        Text(writer, "engineInfo", info.Tool);
        if (info.RunId is not null || info.Write is not null)
        {
            writer.WriteStartObject("dataspoc");
            Text(writer, "run_id", info.RunId);
            if (info.Write is { } write)
            {
                writer.WriteNumber("extractions", write.Extractions);
                writer.WriteNumber("rows", write.Rows);
                if (write.At is { } at)
                    writer.WriteString("at", JsonTime.Format(at));
                if (write.Inputs.Count > 0)
                    Texts(writer, "inputs", write.Inputs);
                if (write.Checks is { } checks)
                {
                    writer.WritePropertyName("checks");
                    checks.WriteTo(writer);
                }
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } value)
            writer.WriteNumber(name, value.ToUnixTimeMilliseconds());
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return;
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void Map(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string?>> texts)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in texts)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }
}
