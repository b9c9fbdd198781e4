using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Delta;

/// <summary>The commit's first line: who, when, what (Delta protocol, "Commit Provenance Information"; members as Delta's own writers name them, values of maps as texts).</summary>
internal static class CommitProvenance
{
    public static CommitInfo Of(TableSnapshot? current, TableChange change, DateTimeOffset now)
    {
        var others = new JsonObject
        {
            ["operationParameters"] = new JsonObject
            {
                ["mode"] = change.Mode is ChangeMode.Append or ChangeMode.ReplaceFiles ? "Append" : "Overwrite",
                ["partitionBy"] = JsonNodes.Text(JsonNodes.Array(change.PartitionColumns)),
            },
        };
        if (current is not null)
            others["readVersion"] = current.Version;
        others["isBlindAppend"] = change is { Mode: ChangeMode.Append, ReadVersion: null };
        others["operationMetrics"] = new JsonObject
        {
            ["numFiles"] = change.Files.Count.ToString(CultureInfo.InvariantCulture),
            ["numOutputRows"] = change.Rows.ToString(CultureInfo.InvariantCulture),
            ["numOutputBytes"] = change.Files.Sum(file => file.Staged.Size).ToString(CultureInfo.InvariantCulture),
        };
        return new()
        {
            Timestamp = now,
            Operation = change.Operation,
            Tool = Signature(change),
            RunId = change.RunId,
            Write = change.DataChange
                ? new((current?.LastWrite?.Write?.Extractions ?? 0) + 1, change.Rows) { Inputs = change.Inputs, Checks = change.Checks?.DeepClone() }
                : Repeated(current),
            Others = others,
        };
    }

    public static string Signature(TableChange change) => change.Tool.Length == 0 ? "DataSpoc" : "DataSpoc " + change.Tool;

    /// <summary>What the last write said, for a commit that brings nothing new.</summary>
    public static WriteRecord Repeated(TableSnapshot? current) =>
        current?.LastWrite is { Write: { } write } last ? write with { At = write.At ?? last.Timestamp } : new(0, 0);
}
