using System.Text.Json;

namespace DataSpoc.Platform.Access;

/// <summary>
/// Reads policies back into grants, by their meaning and not by their text: servers reorder lists and write a list of one as a text. A statement of
/// any other kind is kept whole, as foreign.
/// </summary>
internal static class PolicyReader
{
    /// <summary>A bucket's policy.</summary>
    public static BucketPolicy Read(string? json, string bucket)
    {
        var grants = new List<Grant>();
        var tls = false;
        var foreign = Statements(json, statement =>
        {
            if (StatementReader.TlsOnly(statement, ofBucket: true) is [var only] && only == bucket)
                tls = true;
            else if (StatementReader.Principals(statement) is { Count: > 0 } principals && StatementReader.Grants(statement, bucket, principals) is { } ours)
                grants.AddRange(ours);
            else
                return false;
            return true;
        });
        return new(new(grants), tls, foreign);
    }

    /// <summary>A policy of a user or group, as grants to <paramref name="principal"/>.</summary>
    public static UserPolicy ReadOfUser(string json, string principal)
    {
        var grants = new List<(string Bucket, Grant Grant)>();
        var tls = new SortedSet<string>(StringComparer.Ordinal);
        var foreign = Statements(json, statement =>
        {
            if (StatementReader.TlsOnly(statement, ofBucket: false) is { } buckets)
                tls.UnionWith(buckets);
            else if (!statement.TryGetProperty("Principal", out _) && StatementReader.Bucket(statement) is { } bucket && StatementReader.Grants(statement, bucket, [principal]) is { } ours)
                grants.AddRange(ours.Select(grant => (bucket, grant)));
            else
                return false;
            return true;
        });
        return new(grants.GroupBy(static one => one.Bucket).ToDictionary(static group => group.Key, static group => new Grants(group.Select(static one => one.Grant))), tls, foreign);
    }

    /// <summary>Shows each statement to <paramref name="isOurs"/>, and returns the others.</summary>
    private static List<ForeignStatement> Statements(string? json, Func<JsonElement, bool> isOurs)
    {
        var foreign = new List<ForeignStatement>();
        if (string.IsNullOrWhiteSpace(json))
            return foreign;
        using var document = Parse(json);
        if (document is null || !document.RootElement.TryGetProperty("Statement", out var statements))
            return [new("the policy", Denies: false, json)];
        var number = 0;
        foreach (var statement in statements.ValueKind == JsonValueKind.Array ? statements.EnumerateArray().ToArray() : [statements])
        {
            number++;
            if (!isOurs(statement))
                foreign.Add(new(StatementReader.Text(statement, "Sid") is { Length: > 0 } sid ? sid : $"statement {number}", StatementReader.Text(statement, "Effect") == "Deny", statement.GetRawText()));
        }
        return foreign;
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json) is { RootElement.ValueKind: JsonValueKind.Object } document ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
