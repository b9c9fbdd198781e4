using System.Text;
using System.Text.Json.Nodes;

namespace DataSpoc.Platform.Access;

/// <summary>A bucket's policy as this program understands it.</summary>
/// <param name="Grants">What it allows.</param>
/// <param name="TlsOnly">Whether calls without TLS are denied.</param>
/// <param name="Foreign">Statements that are not of our kind, as JSON, by their name or place.</param>
internal sealed record BucketPolicy(Grants Grants, bool TlsOnly, IReadOnlyList<ForeignStatement> Foreign)
{
    /// <summary>The most that AWS takes, in bytes.</summary>
    public const int MostBytes = 20 * 1024;

    /// <summary>The name of the statement that denies calls without TLS.</summary>
    public const string TlsOnlyName = "DataSpocTlsOnly";

    public static BucketPolicy None { get; } = new(Grants.None, false, []);

    /// <summary>The policy's JSON, or null where it would hold no statement. The same policy gives the same text.</summary>
    public string? Json(string bucket)
    {
        var statements = new JsonArray();
        foreach (var statement in PolicyStatements.Of(Grants))
            statements.Add(Statement(bucket, statement, statements.Count));
        if (TlsOnly)
            statements.Add(TlsStatement([bucket]));
        foreach (var foreign in Foreign)
            statements.Add(JsonNode.Parse(foreign.Json));
        return statements.Count == 0 ? null : new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = statements }.ToJsonString();
    }

    /// <summary>How large the policy is for S3, which counts no white space.</summary>
    public int Bytes(string bucket) => Json(bucket) is { } json ? Encoding.UTF8.GetByteCount(json) : 0;

    /// <summary>One statement; <paramref name="number"/> makes its name.</summary>
    public static JsonObject Statement(string bucket, PolicyStatement statement, int number)
    {
        var made = new JsonObject
        {
            ["Sid"] = $"DataSpoc{number}",
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["AWS"] = Texts(statement.Principals) },
            ["Action"] = Texts(statement.S3Names),
            ["Resource"] = Texts(statement.OnObjects ? statement.Prefixes.Select(prefix => Resource(bucket, prefix)) : [Arn(bucket)]),
        };
        if (statement.Actions == Actions.List)
            made["Condition"] = new JsonObject { ["StringLike"] = new JsonObject { ["s3:prefix"] = Texts(statement.Prefixes.Select(Pattern)) } };
        return made;
    }

    /// <summary>The same with every statement foreign: on a server where a bucket's policy is not how access is given.</summary>
    public BucketPolicy AsForeign(string bucket) => Json(bucket) is not { } json ? None : new(Grants.None, false,
        [.. JsonNode.Parse(json)!["Statement"]!.AsArray().Select(static statement => new ForeignStatement(statement!["Sid"]?.GetValue<string>() ?? "statement", statement["Effect"]?.GetValue<string>() == "Deny", statement.ToJsonString()))]);

    /// <summary>Denies what comes without TLS to everybody, the owner too.</summary>
    public static JsonObject TlsStatement(IReadOnlyList<string> buckets) => new()
    {
        ["Sid"] = TlsOnlyName,
        ["Effect"] = "Deny",
        ["Principal"] = "*",
        ["Action"] = "s3:*",
        ["Resource"] = Texts(buckets.SelectMany(static bucket => new[] { Arn(bucket), Arn(bucket) + "/*" })),
        ["Condition"] = new JsonObject { ["Bool"] = new JsonObject { ["aws:SecureTransport"] = "false" } },
    };

    public static string Arn(string bucket) => $"arn:aws:s3:::{bucket}";

    public static string Resource(string bucket, string prefix) => $"{Arn(bucket)}/{Pattern(prefix)}";

    public static string Pattern(string prefix) => Places.IsPrefix(prefix) ? prefix + "*" : prefix;

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => JsonValue.Create(text))]);
}

/// <summary>A statement that platform did not write.</summary>
/// <param name="Name">Its <c>Sid</c>, or <c>statement 3</c>.</param>
/// <param name="Denies">Whether removing it opens something.</param>
/// <param name="Json">The whole statement.</param>
internal sealed record ForeignStatement(string Name, bool Denies, string Json);
