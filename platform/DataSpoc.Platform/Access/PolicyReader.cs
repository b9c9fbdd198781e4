using System.Text.Json;

namespace DataSpoc.Platform.Access;

/// <summary>
/// Reads a bucket's policy back into grants, by its meaning and not by its text: servers reorder lists and write a list of one as a text. A statement of
/// any other kind is kept whole, as foreign.
/// </summary>
internal static class PolicyReader
{
    public static BucketPolicy Read(string? json, string bucket)
    {
        if (string.IsNullOrWhiteSpace(json))
            return BucketPolicy.None;
        var grants = new List<Grant>();
        var foreign = new List<ForeignStatement>();
        var tls = false;
        using var document = Parse(json);
        if (document is null || !document.RootElement.TryGetProperty("Statement", out var statements))
            return new(Grants.None, false, [new("the policy", Denies: false, json)]);
        var number = 0;
        foreach (var statement in statements.ValueKind == JsonValueKind.Array ? statements.EnumerateArray().ToArray() : [statements])
        {
            number++;
            if (IsTls(statement, bucket))
                tls = true;
            else if (OurGrants(statement, bucket) is { } ours)
                grants.AddRange(ours);
            else
                foreign.Add(new(Text(statement, "Sid") is { Length: > 0 } sid ? sid : $"statement {number}", Text(statement, "Effect") == "Deny", statement.GetRawText()));
        }
        return new(new(grants), tls, foreign);
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

    private static List<Grant>? OurGrants(JsonElement statement, string bucket)
    {
        if (Text(statement, "Effect") != "Allow" || !HasOnly(statement, "Sid", "Effect", "Principal", "Action", "Resource", "Condition")
            || Principals(statement) is not { Count: > 0 } principals || Texts(statement, "Action") is not { Count: > 0 } actions || Texts(statement, "Resource") is not { Count: > 0 } resources)
            return null;
        var conditioned = statement.TryGetProperty("Condition", out var condition);
        if (resources is [var only] && only == BucketPolicy.Arn(bucket))
        {
            if (actions is [S3Actions.ListUploads] && !conditioned)
                return [.. principals.Select(static principal => new Grant(principal, "", Actions.Uploads))];
            return actions is [S3Actions.ListBucket] && conditioned && Prefixes(condition) is { } listed ? Each(principals, listed, Actions.List) : null;
        }
        if (conditioned || S3Actions.OfObjects(actions) is not { } onObjects)
            return null;
        var start = BucketPolicy.Arn(bucket) + "/";
        var prefixes = resources.Select(resource => resource.StartsWith(start, StringComparison.Ordinal) ? Prefix(resource[start.Length..]) : null).ToArray();
        return prefixes.Contains(null) ? null : Each(principals, prefixes!, onObjects);
    }

    private static List<Grant> Each(IEnumerable<string> principals, IReadOnlyCollection<string> prefixes, Actions actions) =>
        [.. principals.SelectMany(principal => prefixes.Select(prefix => new Grant(principal, prefix, actions)))];

    private static List<string>? Prefixes(JsonElement condition)
    {
        if (!HasOnly(condition, "StringLike") || !condition.TryGetProperty("StringLike", out var like) || !HasOnly(like, "s3:prefix") || Texts(like, "s3:prefix") is not { Count: > 0 } patterns)
            return null;
        var prefixes = patterns.Select(Prefix).ToList();
        return prefixes.Contains(null) ? null : [.. prefixes.OfType<string>()];
    }

    /// <summary>The prefix of <c>raw/*</c>, or the document; null where a wildcard stands anywhere else.</summary>
    private static string? Prefix(string pattern)
    {
        var prefix = pattern.EndsWith('*') ? pattern[..^1] : pattern;
        return prefix.Length > 0 && !prefix.AsSpan().ContainsAny('*', '?', '$') && (Places.IsPrefix(prefix) == (prefix != pattern)) ? prefix : null;
    }

    private static List<string>? Principals(JsonElement statement) =>
        statement.TryGetProperty("Principal", out var principal) && principal.ValueKind == JsonValueKind.Object && HasOnly(principal, "AWS")
        && Texts(principal, "AWS") is { } all && all.TrueForAll(static one => !one.Contains('*', StringComparison.Ordinal)) ? all : null;

    private static bool IsTls(JsonElement statement, string bucket)
    {
        using var ours = JsonDocument.Parse(BucketPolicy.TlsStatement(bucket).ToJsonString());
        return Text(statement, "Sid") == "DataSpocTlsOnly" && JsonElement.DeepEquals(statement, ours.RootElement);
    }

    private static bool HasOnly(JsonElement element, params string[] members) =>
        element.ValueKind == JsonValueKind.Object && element.EnumerateObject().All(member => members.Contains(member.Name));

    private static string? Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string>? Texts(JsonElement element, string member)
    {
        if (!element.TryGetProperty(member, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)]
            : null;
    }
}
