using System.Security.Cryptography;
using System.Text;

namespace DataSpoc.Platform.Deployment;

/// <summary>Names of the contract as Kubernetes takes them (RFC 1035 labels: up to 63 of a-z, 0-9 and -, beginning with a letter).</summary>
internal static class KubernetesName
{
    // leaves room for what is appended to it
    private const int Most = 40;

    /// <summary>The name itself where Kubernetes takes it; else what it takes of it, and six digits of its hash, so that no two names meet.</summary>
    public static string Of(string name)
    {
        var folded = new string([.. name.Select(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')]).Trim('-');
        if (folded == name && name.Length <= Most && char.IsAsciiLetterLower(name[0]))
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..6];
        var start = folded.Length > 0 && char.IsAsciiLetterLower(folded[0]) ? folded : $"m-{folded}";
        return $"{start[..Math.Min(start.Length, Most - 7)].TrimEnd('-')}-{hash}";
    }
}
