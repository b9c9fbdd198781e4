namespace DataSpoc.Platform.Access;

/// <summary>Grants that fit into one statement of a policy.</summary>
/// <param name="Principals">ARNs, in order.</param>
/// <param name="Actions">Those on objects together; listing and uploads alone, because they concern the bucket.</param>
/// <param name="Prefixes">In order; empty for uploads.</param>
internal sealed record PolicyStatement(IReadOnlyList<string> Principals, Actions Actions, IReadOnlyList<string> Prefixes)
{
    public bool OnObjects => Actions is not (Actions.List or Actions.Uploads);

    public IEnumerable<string> S3Names => Actions switch
    {
        Actions.List => [S3Actions.ListBucket],
        Actions.Uploads => [S3Actions.ListUploads],
        _ => S3Actions.NamesOnObjects(Actions),
    };
}

/// <summary>Packs grants into as few statements as say exactly the same; the same grants give the same statements.</summary>
internal static class PolicyStatements
{
    private const Actions Objects = Actions.Read | Actions.Write | Actions.Delete;

    public static IReadOnlyList<PolicyStatement> Of(Grants grants) =>
    [
        .. grants.All
            .SelectMany(static grant => new[] { grant with { Actions = grant.Actions & Objects }, grant with { Actions = grant.Actions & Actions.List }, grant with { Actions = grant.Actions & Actions.Uploads } })
            .Where(static grant => grant.Actions != Actions.None)
            // one principal's prefixes of the same actions
            .GroupBy(static grant => (grant.Principal, grant.Actions))
            .Select(static group => (group.Key.Principal, group.Key.Actions, Prefixes: group.Select(static grant => grant.Prefix).Order(StringComparer.Ordinal).ToArray()))
            // the principals for whom that is the same
            .GroupBy(static one => (one.Actions, Prefixes: string.Join('\n', one.Prefixes)))
            .OrderBy(static group => (int)group.Key.Actions).ThenBy(static group => group.Key.Prefixes, StringComparer.Ordinal)
            .Select(static group => new PolicyStatement([.. group.Select(static one => one.Principal).Order(StringComparer.Ordinal)], group.Key.Actions, group.First().Prefixes)),
    ];
}
