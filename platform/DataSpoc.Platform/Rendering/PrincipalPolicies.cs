using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Rendering;

/// <summary>The same access as policies of users and roles: what one principal may do, in all buckets.</summary>
internal static class PrincipalPolicies
{
    /// <summary>The most that AWS takes as an inline policy of a role, in characters without white space.</summary>
    public const int MostCharacters = 10240;

    /// <summary>Per principal its policy, in the order of their names; calls without TLS are the affair of the buckets' policies.</summary>
    public static IEnumerable<(Principal Principal, JsonObject Policy)> Of(DeclaredLake lake) =>
        from principal in lake.Principals.Values.OrderBy(static principal => principal.Name, StringComparer.Ordinal)
        let policy = (lake.PolicyOf(principal.Arn) with { TlsOnly = [] }).Json()
        where policy is not null
        select (principal, JsonNode.Parse(policy)!.AsObject());
}
