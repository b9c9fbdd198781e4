using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Rendering;

/// <summary>The same access as policies of users and roles: what one principal may do, in all buckets.</summary>
internal static class PrincipalPolicies
{
    /// <summary>The most that AWS takes as an inline policy of a role, in characters without white space.</summary>
    public const int MostCharacters = 10240;

    /// <summary>Per principal its policy, in the order of their names.</summary>
    public static IEnumerable<(Principal Principal, JsonObject Policy)> Of(DeclaredLake lake) => lake.Principals.Values
        .OrderBy(static principal => principal.Name, StringComparer.Ordinal)
        .Select(principal => (principal, Policy(lake, principal.Arn)))
        .Where(static pair => pair.Item2["Statement"]!.AsArray().Count > 0);

    private static JsonObject Policy(DeclaredLake lake, string arn)
    {
        var statements = new JsonArray();
        foreach (var bucket in lake.Buckets)
        {
            foreach (var statement in PolicyStatements.Of(new(bucket.Grants.All.Where(grant => grant.Principal == arn))))
            {
                var made = BucketPolicy.Statement(bucket.Name, statement, statements.Count);
                made.Remove("Principal");
                statements.Add(made);
            }
        }
        return new() { ["Version"] = "2012-10-17", ["Statement"] = statements };
    }
}
