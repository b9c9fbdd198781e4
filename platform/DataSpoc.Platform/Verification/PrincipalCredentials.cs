using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Verification;

/// <summary>Finds everybody's own credentials: profiles of the AWS configuration.</summary>
/// <param name="profiles">The profile of a principal where it is not called as the principal is.</param>
internal sealed class PrincipalCredentials(IReadOnlyDictionary<string, string> profiles)
{
    private readonly CredentialProfileStoreChain _chain = new();

    /// <summary><c>ana</c> for <c>ana</c>, <c>user/ana</c> and <c>arn:aws:iam::1:user/ana</c>, unless something else was said.</summary>
    public string ProfileOf(Principal principal) =>
        profiles.GetValueOrDefault(principal.Name) ?? principal.Name[(principal.Name.LastIndexOfAny(['/', ':']) + 1)..];

    /// <summary>Null where there is no such profile.</summary>
    public AWSCredentials? Of(Principal principal) => _chain.TryGetAWSCredentials(ProfileOf(principal), out var credentials) ? credentials : null;
}
