using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.Json;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Delta;

/// <summary>What a table is, before and after a change: its protocol and metadata.</summary>
internal static class TableDefinition
{
    /// <summary>The table property that holds the primary key, as a JSON list of column names.</summary>
    public const string PrimaryKeyProperty = "dataspoc.primaryKey";

    /// <summary>The table property that holds the table's name at its source.</summary>
    public const string SourceNameProperty = "dataspoc.sourceName";

    /// <returns>The protocol and metadata after the change; the current ones themselves where they stay.</returns>
    /// <exception cref="UserError">The columns or partitions of the change do not fit the table.</exception>
    public static (Protocol Protocol, Metadata Metadata) After(TableSnapshot? current, TableChange change, DateTimeOffset now)
    {
        var schema = Schema(current, change);
        var configuration = Configuration(current?.Metadata.Configuration, change);
        var protocol = !SchemaEvolution.HasTimestampNtz(schema) ? current?.Protocol ?? Protocol.Plain : Upgraded(current?.Protocol);
        if (current is null)
            return (protocol, new(Id(change), schema) { PartitionColumns = change.PartitionColumns, Configuration = configuration, CreatedTime = now });
        var before = current.Metadata;
        var same = before.Schema.Equals(schema) && before.PartitionColumns.SequenceEqual(change.PartitionColumns) && Same(before.Configuration, configuration);
        return (protocol, same ? before : before with { Schema = schema, PartitionColumns = change.PartitionColumns, Configuration = configuration });
    }

    /// <summary>The primary key a table's properties tell; none where they tell none that can be read.</summary>
    public static IReadOnlyList<string> PrimaryKey(Metadata metadata)
    {
        if (!metadata.Configuration.TryGetValue(PrimaryKeyProperty, out var text))
            return [];
        try
        {
            using var document = JsonNodes.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)]
                : [];
        }
        // a property that someone else edited must not keep the table from being read
        catch (JsonException)
        {
            return [];
        }
    }

    private static DeltaSchema Schema(TableSnapshot? current, TableChange change)
    {
        var table = change.Location.Folder;
        var incoming = WithPartition(change);
        SchemaEvolution.RequireDistinctNames(incoming, table);
        // an overwrite leaves no file of the old columns
        if (current is null || change.Mode == ChangeMode.Overwrite)
            return incoming;
        if (!current.Metadata.PartitionColumns.SequenceEqual(change.PartitionColumns))
            throw new UserError($"`{table}` is {Partitioning(current.Metadata.PartitionColumns)}, the new rows are {Partitioning(change.PartitionColumns)}")
            {
                Where = [("table", table)],
                Hint = "give the pipeline the table's partitioning, or overwrite the table",
                ExitCode = ExitCode.Refused,
            };
        return SchemaEvolution.Merge(current.Metadata.Schema, incoming, table);
    }

    // the partition column is no column of the files, but one of the table (Delta protocol, "Change Metadata")
    private static DeltaSchema WithPartition(TableChange change)
    {
        if (change.PartitionColumns is not [var column])
            return change.Schema;
        if (change.Schema.Find(column) is not { } given)
            return new([.. change.Schema.Fields, new(column, PrimitiveType.Date)]);
        return given.Type.Equals(PrimitiveType.Date) && given.Name == column ? change.Schema
            : throw new UserError($"the column `{given.Name}` of `{change.Location}` has the name of the partition column but is {given.Type}")
            {
                Where = [("table", change.Location.Folder), ("column", given.Name)],
                Hint = $"rename it in the pipeline; `{DataFileName.PartitionColumn}` is the day a row was extracted or belongs to",
                ExitCode = ExitCode.Refused,
            };
    }

    private static Protocol Upgraded(Protocol? current)
    {
        if (current is null || current.MinWriterVersion < 7)
            return Protocol.WithTimestampNtz;
        if (current.ReaderFeatures?.Contains(TableFeatures.TimestampNtz) == true)
            return current;
        return new(3, 7)
        {
            ReaderFeatures = [.. current.ReaderFeatures ?? [], TableFeatures.TimestampNtz],
            WriterFeatures = [.. (current.WriterFeatures ?? []).Where(feature => feature != TableFeatures.TimestampNtz), TableFeatures.TimestampNtz],
        };
    }

    private static Dictionary<string, string> Configuration(IReadOnlyDictionary<string, string>? current, TableChange change)
    {
        var configuration = new Dictionary<string, string>(current ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (change.PrimaryKey.Count > 0)
            configuration[PrimaryKeyProperty] = JsonNodes.Text(JsonNodes.Array(change.PrimaryKey));
        else if (change.Mode == ChangeMode.Overwrite)
            configuration.Remove(PrimaryKeyProperty);
        if (change.SourceName is { } name)
            configuration[SourceNameProperty] = name;
        if (change.KeepHistory is { } history)
            configuration[TableHistory.Property] = TableHistory.Text(history);
        // rows that only move say nothing about it
        else if (change.DataChange)
            configuration.Remove(TableHistory.Property);
        return configuration;
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var value) && value == pair.Value);

    // from the run instead of from chance, so that a commit planned again is the same commit
    private static string Id(TableChange change) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{change.Location.Folder} {change.RunId} {change.Sequence}")).AsSpan(0, 16)).ToString();

    private static string Partitioning(IReadOnlyList<string> columns) =>
        columns.Count == 0 ? "not partitioned" : "partitioned by " + string.Join(", ", columns.Select(column => $"`{column}`"));
}
