using System.Text;
using System.Text.Json.Nodes;

namespace DataSpoc.Platform.Access;

/// <summary>What one user or group may do in all buckets: a policy that names no principal, because who has it attached has what it allows.</summary>
/// <param name="Buckets">What it allows, by bucket; never nothing.</param>
/// <param name="TlsOnly">Buckets in which it denies calls without TLS.</param>
/// <param name="Foreign">Statements that are not of our kind.</param>
internal sealed record UserPolicy(IReadOnlyDictionary<string, Grants> Buckets, IReadOnlyCollection<string> TlsOnly, IReadOnlyList<ForeignStatement> Foreign)
{
    public static UserPolicy None { get; } = new(new Dictionary<string, Grants>(), [], []);

    /// <summary>What it allows in a bucket.</summary>
    public Grants In(string bucket) => Buckets.GetValueOrDefault(bucket) ?? Grants.None;

    /// <summary>The policy, or null where it would hold no statement. The same policy gives the same text.</summary>
    public string? Json()
    {
        var statements = Buckets.OrderBy(static pair => pair.Key, StringComparer.Ordinal).SelectMany(static pair => Statements(pair.Key, pair.Value))
            .Concat(TlsOnly.Count == 0 ? [] : [TlsStatement(TlsOnly.Order(StringComparer.Ordinal))]).ToList();
        var foreign = Foreign.Select(static statement => JsonNode.Parse(statement.Json)!.AsObject()).ToArray();
        if (statements.Count + foreign.Length == 0)
            return null;
        var document = Document(statements);
        foreach (var statement in foreign)
            document["Statement"]!.AsArray().Add(statement);
        return document.ToJsonString();
    }

    /// <summary>How large it is for the server.</summary>
    public int Bytes => Json() is { } json ? Encoding.UTF8.GetByteCount(json) : 0;

    /// <summary>What nobody loses on the way from here to another: what both allow, and what either denies of ours and what this denies of others.</summary>
    public UserPolicy NarrowedTo(UserPolicy wanted) => new(
        Buckets.Select(pair => (pair.Key, Both: pair.Value.And(wanted.In(pair.Key)))).Where(static pair => !pair.Both.IsEmpty).ToDictionary(static pair => pair.Key, static pair => pair.Both),
        [.. TlsOnly.Union(wanted.TlsOnly)],
        // what denies goes last: to lift it opens something
        [.. Foreign.Where(static statement => statement.Denies)]);

    /// <summary>Statements without a principal.</summary>
    public static IEnumerable<JsonObject> Statements(string bucket, Grants grants) => PolicyStatements.Of(grants).Select((statement, number) =>
    {
        var made = BucketPolicy.Statement(bucket, statement, number);
        made.Remove("Principal");
        return made;
    });

    /// <summary>A policy of statements; those that allow get their names here.</summary>
    public static JsonObject Document(IEnumerable<JsonObject> statements)
    {
        var all = new JsonArray();
        foreach (var statement in statements)
        {
            if (statement["Sid"]!.GetValue<string>() != BucketPolicy.TlsOnlyName)
                statement["Sid"] = $"DataSpoc{all.Count}";
            all.Add(statement);
        }
        return new() { ["Version"] = "2012-10-17", ["Statement"] = all };
    }

    private static JsonObject TlsStatement(IEnumerable<string> buckets)
    {
        var made = BucketPolicy.TlsStatement([.. buckets]);
        made.Remove("Principal");
        return made;
    }
}
