using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>
/// Which records of a stream are new. APIs answer with records that are at least as new as asked for, so that the last ones of a run come again: those
/// are known by their hashes.
/// </summary>
internal sealed class RecordCursor
{
    /// <summary>Records with the very same value that are remembered; of more, some come twice.</summary>
    private const int MostSeen = 10_000;

    private readonly HttpIncremental incremental;
    private readonly FieldPath field;
    private readonly string? before;
    private readonly HashSet<string> seenBefore;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private string? last;

    /// <param name="incremental">The field.</param>
    /// <param name="entry">What the bookmark says of the stream, or null.</param>
    public RecordCursor(HttpIncremental incremental, JsonObject? entry)
    {
        this.incremental = incremental;
        field = new(incremental.Field);
        before = (string?)entry?["value"];
        seenBefore = [.. (entry?["seen"] as JsonArray ?? []).Select(hash => (string)hash!)];
    }

    /// <summary>The value for the query, or null: none is sent.</summary>
    public string? Query => incremental.Param is null ? null : before ?? incremental.Start;

    /// <summary>Whether a record is new; the cursor moves on to it.</summary>
    /// <param name="record">JSON.</param>
    /// <param name="stream">For errors.</param>
    /// <exception cref="UserError">It has no value in the field.</exception>
    public bool Takes(ReadOnlySpan<byte> record, string stream)
    {
        var value = field.Scalar(record) ?? throw new UserError($"a record of `{stream}` has no `{incremental.Field}`, by which its new records are known")
        {
            Where = [("stream", stream), ("record", Encoding.UTF8.GetString(record[..Math.Min(record.Length, 100)]))],
            Hint = "name a field that every record has, or leave out `incremental`: the stream is read whole then",
        };
        if (before is not null && Compare(value, before) is var order and <= 0 && (order < 0 || seenBefore.Contains(Hash(record))))
            return false;

        var past = last is null ? 1 : Compare(value, last);
        if (past > 0)
        {
            last = value;
            seen.Clear();
        }

        if (past >= 0 && seen.Count < MostSeen)
            seen.Add(Hash(record));
        return true;
    }

    /// <summary>What the bookmark says of the stream from now on.</summary>
    public JsonObject Entry()
    {
        var kept = last is null || (before is not null && Compare(last, before) == 0) ? seen.Concat(seenBefore) : seen;
        return new() { ["field"] = incremental.Field, ["value"] = last ?? before, ["seen"] = new JsonArray([.. kept.Order(StringComparer.Ordinal).Select(hash => (JsonNode?)hash)]) };
    }

    /// <summary>Numbers as numbers, instants as instants, else by their characters.</summary>
    private static int Compare(string one, string other)
    {
        if (decimal.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && decimal.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var b))
            return a.CompareTo(b);
        return TimeText.ToMicroseconds(Encoding.UTF8.GetBytes(one), out var c) == Fit.Fits && TimeText.ToMicroseconds(Encoding.UTF8.GetBytes(other), out var d) == Fit.Fits
            ? c.CompareTo(d)
            : string.CompareOrdinal(one, other);
    }

    private static string Hash(ReadOnlySpan<byte> record) => Convert.ToHexStringLower(SHA256.HashData(record).AsSpan(0, 8));
}
