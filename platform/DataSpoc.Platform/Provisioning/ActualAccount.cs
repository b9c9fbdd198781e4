using System.Text.Json;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Provisioning;

/// <summary>A user or group as the server has it.</summary>
/// <param name="Account">Who.</param>
/// <param name="Arn">The principal of its grants.</param>
/// <param name="PolicyName">The name of the lake's policy for it, whether there is one or not.</param>
/// <param name="Exists">Whether the server knows it.</param>
/// <param name="IsAttached">Whether the lake's policy is attached to it.</param>
/// <param name="Policy">The lake's policy for it; null where there is none.</param>
internal sealed record ActualAccount(MinioAccount Account, string Arn, string PolicyName, bool Exists, bool IsAttached, UserPolicy? Policy)
{
    /// <summary>What else is attached, which stays.</summary>
    public IReadOnlyList<OtherPolicy> Others { get; init; } = [];

    /// <summary>What it may do by the lake's policy.</summary>
    public UserPolicy Effective => IsAttached ? Policy ?? UserPolicy.None : UserPolicy.None;
}

/// <summary>A policy that is not the lake's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Json">What it says; empty where it could not be read.</param>
internal sealed record OtherPolicy(string Name, string Json)
{
    /// <summary>Whether it may allow something in a bucket: said with too much rather than too little, since conditions are not looked at.</summary>
    public bool Reaches(string bucket)
    {
        if (Json.Length == 0)
            return true;
        using var document = JsonDocument.Parse(Json);
        return document.RootElement.TryGetProperty("Statement", out var statements) && statements.ValueKind == JsonValueKind.Array
            && statements.EnumerateArray().Any(statement => StatementReader.Text(statement, "Effect") == "Allow" && OfS3(statement) && (StatementReader.Texts(statement, "Resource") ?? ["*"]).Exists(resource => Meets(resource, BucketPolicy.Arn(bucket))));
    }

    private static bool OfS3(JsonElement statement) =>
        (StatementReader.Texts(statement, "Action") ?? ["*"]).Exists(static action => action.StartsWith("s3:", StringComparison.Ordinal) || action.StartsWith('*'));

    /// <summary>Whether a pattern can match the bucket or something in it.</summary>
    private static bool Meets(string pattern, string arn)
    {
        var wildcard = pattern.AsSpan().IndexOfAny('*', '?', '$');
        var certain = wildcard < 0 ? pattern : pattern[..wildcard];
        return wildcard >= 0 && certain.Length <= arn.Length ? arn.StartsWith(certain, StringComparison.Ordinal) : certain == arn || certain.StartsWith(arn + "/", StringComparison.Ordinal);
    }
}
