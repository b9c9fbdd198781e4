using System.Text.Json;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Singer.Batches;

/// <summary>What a BATCH message says (Meltano SDK, "Batch messages"): files that hold a stream's records, without envelopes.</summary>
/// <param name="IsParquet">Parquet files; otherwise a JSON object per line.</param>
/// <param name="IsGzip">Whether the lines are compressed.</param>
/// <param name="Files">URIs, in the order of the records.</param>
internal sealed record BatchMessage(bool IsParquet, bool IsGzip, IReadOnlyList<string> Files)
{
    /// <summary>Reads a BATCH message.</summary>
    /// <exception cref="UserError">It has no manifest, or an encoding that is not known.</exception>
    public static BatchMessage Read(ReadOnlyMemory<byte> message, SourcePosition position)
    {
        using var document = JsonDocument.Parse(message);
        var root = document.RootElement;
        var format = Text(root, "encoding", "format") ?? throw position.Error($"BATCH of `{position.Stream}` without an encoding in {position}");
        var compression = Text(root, "encoding", "compression");
        if (format is not ("jsonl" or "parquet"))
            throw position.Error($"BATCH of `{position.Stream}` has the format `{format}` in {position}", "jsonl and parquet can be read: correct `batch_config` in the tap's configuration");
        if (compression is not (null or "none" or "gzip") && format == "jsonl")
            throw position.Error($"BATCH of `{position.Stream}` is compressed with `{compression}` in {position}", "gzip can be read: correct `batch_config` in the tap's configuration");
        if (!root.TryGetProperty("manifest", out var manifest) || manifest.ValueKind != JsonValueKind.Array || manifest.EnumerateArray().Any(file => file.ValueKind != JsonValueKind.String))
            throw position.Error($"BATCH of `{position.Stream}` without a manifest, a list of files, in {position}");
        return new(format == "parquet", compression == "gzip", [.. manifest.EnumerateArray().Select(file => file.GetString()!)]);
    }

    private static string? Text(JsonElement root, string member, string name) =>
        root.TryGetProperty(member, out var inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
