using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Provisioning;

/// <summary>What happens to a bucket.</summary>
internal enum BucketChange
{
    None,
    Create,
    Change,
    Remove,
}

/// <summary>One thing that is not as it should be.</summary>
/// <param name="What"><c>versioning</c>, <c>lifecycle</c>, <c>gains</c>, <c>loses</c>, …</param>
/// <param name="Before">As it is; null where that says nothing.</param>
/// <param name="After">As it should be.</param>
/// <param name="Principal">Who gains or loses, by ARN; null for settings.</param>
internal sealed record Difference(string What, string? Before, string? After, string? Principal = null)
{
    public const string Gains = "gains", Loses = "loses";

    /// <summary>Who gains and who loses what, by principal and actions.</summary>
    public static IEnumerable<Difference> Of(Grants before, Grants after) =>
        before.Without(after).All.GroupBy(static grant => (grant.Principal, grant.Actions)).Select(static group => new Difference(Loses, Said(group), null, group.Key.Principal))
            .Concat(after.Without(before).All.GroupBy(static grant => (grant.Principal, grant.Actions)).Select(static group => new Difference(Gains, null, Said(group), group.Key.Principal)));

    private static string Said(IGrouping<(string Principal, Actions Actions), Grant> group) =>
        $"{group.Key.Actions.Words()}: {string.Join(' ', group.Select(static grant => grant.Prefix.Length == 0 ? "(whole bucket)" : grant.Prefix))}";
}
