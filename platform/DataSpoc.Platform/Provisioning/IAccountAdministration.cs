using DataSpoc.Contracts;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Provisioning;

/// <summary>
/// What can be asked and changed about users and groups of a server that gives access by their policies. A lake has one policy for each; others are never touched. Every change is one call that
/// changes something, and doing it again changes nothing.
/// </summary>
internal interface IAccountAdministration
{
    /// <summary>The server's address, once it was asked something.</summary>
    string Endpoint { get; }

    /// <summary>The principals, those who are not there too, and every other account for whom the lake has a policy.</summary>
    /// <exception cref="UserError">The server refuses, is none of its kind, or cannot be reached.</exception>
    Task<IReadOnlyList<ActualAccount>> AccountsAsync(string lake, IReadOnlyCollection<Principal> principals, CancellationToken cancel);

    /// <summary>Puts a policy whole, which changes what those have at once to whom it is attached.</summary>
    Task PutPolicyAsync(string name, UserPolicy policy, CancellationToken cancel);

    /// <exception cref="UserError">It is attached to somebody.</exception>
    Task RemovePolicyAsync(string name, CancellationToken cancel);

    /// <exception cref="UserError">There is no such account.</exception>
    Task AttachAsync(MinioAccount account, string policy, CancellationToken cancel);

    Task DetachAsync(MinioAccount account, string policy, CancellationToken cancel);
}
