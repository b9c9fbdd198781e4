using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Documents;

/// <summary>The catalog of a bucket, <c>manifest.json</c> (CONTRACT section 3; schema <c>manifest.json</c>). Immutable; what is not known here is kept when it is rewritten.</summary>
public sealed class Manifest
{
    private const string Hint = "it is derived from the tables: `pipe manifest rebuild` makes it anew";

    private readonly SortedDictionary<string, ManifestEntry> tables;
    private readonly JsonObject document;

    // every entry as it was read: those that nothing changed are written as they are, those that name no table of this contract too
    private readonly IReadOnlyDictionary<string, JsonNode?> read;

    private Manifest(SortedDictionary<string, ManifestEntry> tables, JsonObject document, IReadOnlyDictionary<string, JsonNode?> read) =>
        (this.tables, this.document, this.read) = (tables, document, read);

    /// <summary>A catalog without tables.</summary>
    public static Manifest Empty => new(new(StringComparer.Ordinal), [], new Dictionary<string, JsonNode?>());

    /// <summary>The entries by their key, in ordinal order.</summary>
    public IReadOnlyDictionary<string, ManifestEntry> Tables => tables;

    /// <summary>Keys of entries that name no table of this contract (a layer of a later version, an unsafe name); they are kept as they are.</summary>
    public IReadOnlyCollection<string> ForeignKeys => [.. read.Keys.Where(key => !tables.ContainsKey(key)).Order(StringComparer.Ordinal)];

    /// <summary>The version it was read as: <c>1.0</c>, <c>1.1</c>, …</summary>
    public string Version => (string?)document["version"] ?? ContractVersion.Current;

    /// <summary>When it was last written, or null.</summary>
    public DateTimeOffset? UpdatedAt => document["updated_at"] is JsonValue value && value.TryGetValue<string>(out var text) ? JsonTime.Parse(text) : null;

    /// <summary>Reads a manifest of any 1.x, with its tables as map or as list.</summary>
    /// <param name="content">The document.</param>
    /// <param name="key">Its key, for messages.</param>
    /// <exception cref="UserError">It is corrupt (<see cref="ExitCode.Failed"/>), or of another major version (<see cref="ExitCode.Refused"/>).</exception>
    public static Manifest Parse(ReadOnlyMemory<byte> content, string key) => CorruptDocument.Read(content, key, "manifest", Hint, root => Read(root, key));

    /// <summary>This manifest with an entry added or replaced; members of the entry that was there and that are not known here are kept.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="writer">The tool and its version: <c>pipe 0.1.0</c>.</param>
    /// <param name="now">The time it carries.</param>
    public Manifest Merge(ManifestEntry entry, string writer, DateTimeOffset now)
    {
        var key = entry.Location.ManifestKey;
        var merged = new SortedDictionary<string, ManifestEntry>(tables, StringComparer.Ordinal) { [key] = entry.Over(tables.GetValueOrDefault(key)) };
        return new(merged, Stamped(writer, now), ReadBut(key));
    }

    /// <summary>This manifest without an entry; one that is not there is gone already.</summary>
    /// <inheritdoc cref="Merge"/>
    public Manifest Without(string key, string writer, DateTimeOffset now)
    {
        var rest = new SortedDictionary<string, ManifestEntry>(tables, StringComparer.Ordinal);
        rest.Remove(key);
        return new(rest, Stamped(writer, now), ReadBut(key));
    }

    /// <summary>The content of <c>manifest.json</c>: its tables as map, in version 1.1 or the newer 1.x that was read.</summary>
    public byte[] Serialize()
    {
        var written = new JsonObject { ["version"] = ContractVersion.AtLeastCurrent(Version) };
        foreach (var (name, value) in document)
            if (name is not ("version" or "tables"))
                written[name] = value?.DeepClone();
        var entries = new JsonObject();
        foreach (var key in tables.Keys.Union(read.Keys).Order(StringComparer.Ordinal))
            entries[key] = read.TryGetValue(key, out var untouched) ? untouched?.DeepClone() : tables[key].ToJson();
        written["tables"] = entries;
        return JsonNodes.Document(written);
    }

    private static Manifest Read(JsonElement root, string key)
    {
        // a list without a document around it is taken for what it can only be
        if (root.ValueKind == JsonValueKind.Array)
            return WithTables(root, new() { ["version"] = "1.0" });
        var members = new JsonMembers(root, "");
        var version = ContractVersion.Accept(members, key, "manifest");
        var document = members.Others(["version", "tables"]) ?? [];
        document.Insert(0, "version", version);
        return members.Find("tables") is { } tables ? WithTables(tables, document) : new(new(StringComparer.Ordinal), document, new Dictionary<string, JsonNode?>());
    }

    private static Manifest WithTables(JsonElement tables, JsonObject document)
    {
        var entries = new SortedDictionary<string, ManifestEntry>(StringComparer.Ordinal);
        var read = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (key, element) in Pairs(tables))
        {
            var json = JsonNodes.From(element);
            var entry = ManifestEntry.Read(key, new(element, $"tables.{key}"), json as JsonObject);
            read[entry?.Location.ManifestKey ?? key] = json;
            if (entry is not null)
                entries[entry.Location.ManifestKey] = entry;
        }
        return new(entries, document, read);
    }

    private static IEnumerable<(string Key, JsonElement Entry)> Pairs(JsonElement tables)
    {
        if (tables.ValueKind == JsonValueKind.Object)
            foreach (var member in tables.EnumerateObject())
                yield return (member.Name, member.Value);
        else if (tables.ValueKind == JsonValueKind.Array)
            foreach (var element in tables.EnumerateArray())
            {
                var entry = new JsonMembers(element, "tables[]");
                yield return (ManifestEntry.KeyOf(entry), element);
            }
        else
            throw new JsonException("`tables` is neither an object nor a list");
    }

    private Dictionary<string, JsonNode?> ReadBut(string key) => read.Where(pair => pair.Key != key).ToDictionary(StringComparer.Ordinal);

    private JsonObject Stamped(string writer, DateTimeOffset now)
    {
        var stamped = (JsonObject)document.DeepClone();
        stamped["updated_at"] = JsonTime.Format(now);
        stamped["writer"] = writer;
        stamped["contract"] = ContractVersion.Current;
        return stamped;
    }
}
