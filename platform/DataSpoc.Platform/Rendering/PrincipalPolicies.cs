using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Rendering;

/// <summary>The same access as policies of users and roles: what one principal may do, in all buckets.</summary>
internal static class PrincipalPolicies
{
    /// <summary>The most that AWS takes as a policy of its own, which users and roles have attached, in characters without white space (IAM User Guide, "IAM and AWS STS quotas").</summary>
    public const int MostManaged = 6144;

    private const int MostOfUser = 2048, MostOfRole = 10240;

    /// <summary>Per principal its policy, in the order of their names.</summary>
    public static IEnumerable<(Principal Principal, JsonObject Policy)> Of(DeclaredLake lake) =>
        from principal in lake.Principals.Values.OrderBy(static principal => principal.Name, StringComparer.Ordinal)
        let policy = lake.PolicyOf(principal.Arn).Json()
        where policy is not null
        select (principal, JsonNode.Parse(policy)!.AsObject());

    /// <summary>The most that AWS takes as an inline policy of the principal, in characters without white space.</summary>
    public static int MostInline(Principal principal) => principal.Arn.Contains(":user/", StringComparison.Ordinal) ? MostOfUser : MostOfRole;
}
