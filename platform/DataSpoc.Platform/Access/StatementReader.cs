using System.Text.Json;

namespace DataSpoc.Platform.Access;

/// <summary>Understands one statement of a policy, where it is one that we write.</summary>
internal static class StatementReader
{
    private const string ArnStart = "arn:aws:s3:::";

    /// <summary>What it allows the principals in the bucket, or null where it is not of our kind.</summary>
    public static List<Grant>? Grants(JsonElement statement, string bucket, IReadOnlyCollection<string> principals)
    {
        if (Text(statement, "Effect") != "Allow" || !HasOnly(statement, "Sid", "Effect", "Principal", "Action", "Resource", "Condition")
            || Texts(statement, "Action") is not { Count: > 0 } actions || Texts(statement, "Resource") is not { Count: > 0 } resources)
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

    /// <summary>The named principals, or null where there are others, or anybody.</summary>
    public static List<string>? Principals(JsonElement statement) =>
        statement.TryGetProperty("Principal", out var principal) && principal.ValueKind == JsonValueKind.Object && HasOnly(principal, "AWS")
        && Texts(principal, "AWS") is { } all && all.TrueForAll(static one => !one.Contains('*', StringComparison.Ordinal)) ? all : null;

    /// <summary>The one bucket that all its resources are in, or null.</summary>
    public static string? Bucket(JsonElement statement) => Texts(statement, "Resource") is { Count: > 0 } resources && resources.Select(BucketOf).Distinct().ToArray() is [{ } only] ? only : null;

    /// <summary>The buckets in which it denies calls without TLS as we write it, or null where it does something else.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="ofBucket">Whether it stands in a bucket's policy, and so names everybody.</param>
    public static IReadOnlyList<string>? TlsOnly(JsonElement statement, bool ofBucket)
    {
        if (Text(statement, "Sid") != BucketPolicy.TlsOnlyName || Text(statement, "Effect") != "Deny" || !HasOnly(statement, "Sid", "Effect", "Principal", "Action", "Resource", "Condition")
            || (ofBucket ? Text(statement, "Principal") != "*" : statement.TryGetProperty("Principal", out _))
            || Texts(statement, "Action") is not ["s3:*"] || Texts(statement, "Resource") is not { Count: > 0 } resources || !statement.TryGetProperty("Condition", out var condition)
            || !HasOnly(condition, "Bool") || !condition.TryGetProperty("Bool", out var without) || !HasOnly(without, "aws:SecureTransport") || Texts(without, "aws:SecureTransport") is not ["false"])
            return null;
        var buckets = resources.Select(BucketOf).OfType<string>().Distinct().ToArray();
        return resources.ToHashSet(StringComparer.Ordinal).SetEquals(buckets.SelectMany(static bucket => new[] { BucketPolicy.Arn(bucket), BucketPolicy.Arn(bucket) + "/*" })) ? buckets : null;
    }

    /// <summary>A member that is a text, or null.</summary>
    public static string? Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is a text or a list of texts, or null.</summary>
    public static List<string>? Texts(JsonElement element, string member)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(member, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)]
            : null;
    }

    private static string? BucketOf(string resource)
    {
        if (!resource.StartsWith(ArnStart, StringComparison.Ordinal))
            return null;
        var name = resource[ArnStart.Length..].Split('/')[0];
        return name.Length == 0 || name.AsSpan().ContainsAny('*', '?', '$') ? null : name;
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

    private static bool HasOnly(JsonElement element, params string[] members) =>
        element.ValueKind == JsonValueKind.Object && element.EnumerateObject().All(member => members.Contains(member.Name));
}
