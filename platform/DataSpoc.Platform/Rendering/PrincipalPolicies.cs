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

    /// <summary>Statements without a principal: who has the policy has what they allow.</summary>
    public static IEnumerable<JsonObject> Statements(string bucket, Grants grants) => PolicyStatements.Of(grants).Select((statement, number) =>
    {
        var made = BucketPolicy.Statement(bucket, statement, number);
        made.Remove("Principal");
        return made;
    });

    /// <summary>A policy of statements, which get their names here.</summary>
    public static JsonObject Document(IEnumerable<JsonObject> statements)
    {
        var all = new JsonArray();
        foreach (var statement in statements)
        {
            statement["Sid"] = $"DataSpoc{all.Count}";
            all.Add(statement);
        }
        return new() { ["Version"] = "2012-10-17", ["Statement"] = all };
    }

    private static JsonObject Policy(DeclaredLake lake, string arn) =>
        Document(lake.Buckets.SelectMany(bucket => Statements(bucket.Name, new(bucket.Grants.All.Where(grant => grant.Principal == arn)))));
}
