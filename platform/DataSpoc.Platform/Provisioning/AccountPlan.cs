using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Provisioning;

/// <summary>What has to change about the lake's policy of one user or group. Pure.</summary>
/// <param name="Actual">As it is.</param>
/// <param name="Wanted">As the policy should be; empty where there should be none.</param>
/// <param name="Differences">Those that no bucket of the plan shows.</param>
internal sealed record AccountPlan(ActualAccount Actual, UserPolicy Wanted, IReadOnlyList<Difference> Differences)
{
    private readonly UserPolicy _narrowed = Actual.Effective.NarrowedTo(Wanted);

    /// <summary>The plan.</summary>
    /// <param name="actual">As it is.</param>
    /// <param name="wanted">As it should be.</param>
    /// <param name="shown">The buckets of the plan, which show who gains and loses what in them.</param>
    public static AccountPlan Of(ActualAccount actual, UserPolicy wanted, IReadOnlySet<string> shown) => new(actual, wanted, [.. Elsewhere(actual, shown), .. Foreign(actual), .. Left(actual, wanted)]);

    public string Policy => Actual.PolicyName;

    public bool IsEmpty => !Narrowing().Concat(Granting()).Concat(Removing()).Any();

    /// <summary>Whether somebody should have access who is not there.</summary>
    public bool LacksAccount => !Actual.Exists && Wanted.Json() is not null;

    /// <summary>What takes away.</summary>
    public IEnumerable<Step> Narrowing()
    {
        if (DetachesFirst)
            yield return Says("take away all access", (server, cancel) => server.DetachAsync(Actual.Account, Policy, cancel));
        else if (Actual.IsAttached && _narrowed.Json() is not null && _narrowed.Json() != Actual.Effective.Json())
            yield return Says("take away what is no longer allowed", (server, cancel) => server.PutPolicyAsync(Policy, _narrowed, cancel));
    }

    /// <summary>What gives.</summary>
    public IEnumerable<Step> Granting()
    {
        if (Wanted.Json() is not { } wanted)
            yield break;
        var attached = Actual.IsAttached && !DetachesFirst;
        if (wanted != (attached ? _narrowed.Json() : Actual.Policy?.Json()))
            yield return Says(attached ? "give what is allowed" : "write the policy", (server, cancel) => server.PutPolicyAsync(Policy, Wanted, cancel));
        if (!attached)
            yield return Says("attach the policy, which gives what is allowed", (server, cancel) => server.AttachAsync(Actual.Account, Policy, cancel));
    }

    /// <summary>What goes altogether.</summary>
    public IEnumerable<Step> Removing()
    {
        if (Wanted.Json() is null && Actual.Policy is not null)
            yield return Says("remove the policy", (server, cancel) => server.RemovePolicyAsync(Policy, cancel));
    }

    /// <summary>Whether nothing remains on the way: a policy without a statement is none.</summary>
    private bool DetachesFirst => Actual.IsAttached && (Wanted.Json() is null || (_narrowed.Json() is null && Actual.Effective.Json() is not null));

    private Step Says(string says, Func<IAccountAdministration, CancellationToken, Task> call) => new(Actual.Account.Principal, says, (server, cancel) => call(server.Accounts!, cancel));

    private static IEnumerable<Difference> Elsewhere(ActualAccount actual, IReadOnlySet<string> shown) => actual.Effective.Buckets.Where(pair => !shown.Contains(pair.Key)).OrderBy(static pair => pair.Key, StringComparer.Ordinal)
        .SelectMany(static pair => Difference.Of(pair.Value, Grants.None).Select(lost => new Difference("loses", $"in {pair.Key}: {lost.Before}", "nothing")));

    private static IEnumerable<Difference> Foreign(ActualAccount actual) => (actual.Policy?.Foreign ?? []).Select(static statement =>
        new Difference("statement", $"`{statement.Name}`, which is not from platform.yaml{(statement.Denies ? " and denies something" : "")}", "removed"));

    private static IEnumerable<Difference> Left(ActualAccount actual, UserPolicy wanted)
    {
        if (actual.Policy is not null && wanted.Json() is null && (!actual.IsAttached || actual.Effective.Buckets.Count == 0))
            yield return new("policy", actual.IsAttached ? "attached" : "attached to nobody whom it is for", "removed");
    }
}
