using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Declaration;

/// <summary>Principals as people write them, and as policies name them.</summary>
internal static class PrincipalName
{
    private const string WholeAccount = "root";

    /// <summary>What is wrong with it, as it follows the name, or null.</summary>
    public static string? Wrong(string name)
    {
        if (name.AsSpan().ContainsAny('*', '?'))
            return "has a wildcard: it would let in people whom nobody named";
        if (name.Length == 0 || name.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '"' or '$' or '{' or '}' or '\\' or ',') || name.Length > 512)
            return "is no name of a principal";
        return name.StartsWith("arn:", StringComparison.Ordinal) && name.Split(':') is not [_, _, "iam" or "sts", _, _, { Length: > 0 }] ? "is no ARN of a user, role or account" : null;
    }

    /// <summary>What is wrong with it on a server that has users and groups of its own, as it follows the name, or null.</summary>
    public static string? WrongOnMinio(string lake, string name)
    {
        if (name.StartsWith("arn:", StringComparison.Ordinal))
            return "is an ARN; MinIO knows users and groups by their names";
        if (name.Contains('/', StringComparison.Ordinal) && !(name.Split('/') is ["user" or "group", { Length: > 0 }]))
            return "is neither a user nor a group, and MinIO has nothing else";
        return MinioPolicyName.Of(lake, MinioAccount.Of(name)).Length > MinioPolicyName.MostCharacters ? $"gives, with the lake's name, a policy's name of more than {MinioPolicyName.MostCharacters} characters" : null;
    }

    /// <summary>What is wrong with it on AWS, as it follows the name, or null. Only what a policy of a bucket can name (IAM User Guide, "AWS JSON policy elements: Principal").</summary>
    public static string? WrongOnAws(string name)
    {
        if (NeedsAccount(name))
            return KindWrongOnAws(name.Contains('/', StringComparison.Ordinal) ? name : $"user/{name}");
        var parts = name.Split(':', 6);
        if (parts[1] != "aws")
            return $"is of the partition `{parts[1]}`, whose buckets have other ARNs than platform writes";
        if (parts[4].Length != 12 || !parts[4].All(char.IsAsciiDigit))
            return "is in no AWS account: its number has 12 digits";
        return parts[2] == "sts" || parts[5] == WholeAccount ? null : KindWrongOnAws(parts[5]);
    }

    /// <summary>Why, on AWS, the policy of a bucket alone does not let it in, as it follows the name, or null where it does.</summary>
    /// <param name="arn">A principal on AWS.</param>
    /// <param name="account">The account of the buckets; empty where it is not said.</param>
    public static string? NeedsOwnPolicyOnAws(string arn, string account)
    {
        var parts = arn.Split(':', 6);
        if (parts is not [_, _, _, _, var of, var who])
            return null;
        if (account.Length > 0 && of != account)
            return $"is of another account ({of}), which must let its own principals in, too";
        return who == WholeAccount ? "is a whole account: its administrator says which of its users and roles that lets in" : null;
    }

    private static string? KindWrongOnAws(string path) => path.Split('/') switch
    {
        ["group", ..] => "is a group, which the policy of a bucket cannot name",
        ["user" or "role", .., { Length: > 0 }] => null,
        _ => "is neither a user nor a role",
    };

    /// <summary>Whether an account is needed to make an ARN of it.</summary>
    public static bool NeedsAccount(string name) => !name.StartsWith("arn:", StringComparison.Ordinal);

    /// <summary><c>ana</c> and <c>user/ana</c> are users, <c>role/etl</c> a role; an ARN is itself.</summary>
    public static string Arn(string name, string account)
    {
        if (!NeedsAccount(name))
            return name;
        return $"arn:aws:iam::{account}:{(name.Contains('/', StringComparison.Ordinal) ? name : $"user/{name}")}";
    }
}
