using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Verification;

/// <summary>One field of the matrix, before it is tried.</summary>
/// <param name="Place">The prefix or document.</param>
/// <param name="Action">A single action.</param>
/// <param name="Expected">Whether it should be allowed.</param>
internal sealed record ExpectedPermission(string Place, Actions Action, bool Expected);

/// <summary>What should be allowed and what not: the matrix that <see cref="LakeVerification"/> compares a server with.</summary>
internal static class ExpectedPermissions
{
    /// <summary>Every prefix and document of the contract, and the prefixes of own roles.</summary>
    public static IReadOnlyList<string> PlacesOf(DeclaredBucket bucket) =>
        [.. LayerPrefixes.Contract.Concat(bucket.Grants.All.Select(static grant => grant.Prefix).Where(static prefix => prefix.Length > 0)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>By place; every one of the four actions.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="principal">An ARN; empty for anybody.</param>
    /// <param name="run">Names the keys of this run.</param>
    public static IEnumerable<ExpectedPermission> Of(DeclaredBucket bucket, string principal, string run)
    {
        foreach (var place in PlacesOf(bucket))
        {
            var onKey = bucket.Grants.Of(principal, PermissionProbe.Key(place, run));
            var onPlace = bucket.Grants.Of(principal, place);
            foreach (var action in ActionWords.OnPrefix.Each())
                yield return new(place, action, ((action == Actions.List ? onPlace : onKey) & action) != 0);
        }
    }
}
