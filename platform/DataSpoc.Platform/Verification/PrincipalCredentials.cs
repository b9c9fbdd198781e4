using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Verification;

/// <summary>Finds everybody's own credentials: profiles of the AWS configuration.</summary>
/// <param name="profiles">The profile of a principal where it is not called as the principal is.</param>
/// <param name="file">The credentials file of <c>AWS_SHARED_CREDENTIALS_FILE</c>, looked into first; null where there is none.</param>
internal sealed class PrincipalCredentials(IReadOnlyDictionary<string, string> profiles, string? file)
{
    // the SDK itself looks the variable up only once in a process
    private readonly CredentialProfileStoreChain[] _chains = file is null ? [new()] : [new(file), new()];

    /// <summary><c>ana</c> for <c>ana</c>, <c>user/ana</c> and <c>arn:aws:iam::1:user/ana</c>, unless something else was said.</summary>
    public string ProfileOf(Principal principal) =>
        profiles.GetValueOrDefault(principal.Name) ?? principal.Name[(principal.Name.LastIndexOfAny(['/', ':']) + 1)..];

    /// <summary>Null where there is no such profile.</summary>
    public AWSCredentials? Of(Principal principal)
    {
        foreach (var chain in _chains)
            if (chain.TryGetAWSCredentials(ProfileOf(principal), out var credentials))
                return credentials;
        return null;
    }
}
