using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Declaration;

/// <summary>Principals as people write them, and as policies name them.</summary>
internal static class PrincipalName
{
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
