namespace DataSpoc.Platform.Access;

/// <summary>What one principal may do below one prefix.</summary>
/// <param name="Principal">Its ARN.</param>
/// <param name="Prefix">Ends with a slash or a dash (<see cref="Places"/>), or is a single document's key; empty for the bucket as a whole (<see cref="Actions.Uploads"/>).</param>
/// <param name="Actions">Never none.</param>
internal sealed record Grant(string Principal, string Prefix, Actions Actions);

/// <summary>Who may do what in a bucket: a set of (principal, prefix, action). Immutable.</summary>
internal sealed class Grants
{
    private readonly SortedDictionary<(string Principal, string Prefix), Actions> _actions = new(Comparer<(string Principal, string Prefix)>.Create(static (a, b) =>
        string.CompareOrdinal(a.Principal, b.Principal) is var by and not 0 ? by : string.CompareOrdinal(a.Prefix, b.Prefix)));

    public Grants(IEnumerable<Grant> grants)
    {
        foreach (var (principal, prefix, actions) in grants)
        {
            Add(principal, prefix, actions & ~Actions.Uploads);
            // it has no prefix, wherever it was asked for
            Add(principal, "", actions & Actions.Uploads);
        }
    }

    public static Grants None { get; } = new([]);

    public bool IsEmpty => _actions.Count == 0;

    /// <summary>All, by principal and prefix.</summary>
    public IEnumerable<Grant> All => _actions.Select(static pair => new Grant(pair.Key.Principal, pair.Key.Prefix, pair.Value));

    public IEnumerable<string> Principals => _actions.Keys.Select(static key => key.Principal).Distinct(StringComparer.Ordinal);

    /// <summary>What the principal may do with a key, or, for listing, below a prefix.</summary>
    public Actions Of(string principal, string key) => Holding(principal, key);

    /// <summary>What both allow, whatever prefixes they say it with.</summary>
    public Grants And(Grants other) => new(
        All.Select(grant => grant with { Actions = grant.Actions & other.Holding(grant.Principal, grant.Prefix) })
            .Concat(other.All.Select(grant => grant with { Actions = grant.Actions & Holding(grant.Principal, grant.Prefix) })));

    /// <summary>What is allowed here and not there, whatever prefixes it is said with there.</summary>
    public Grants Without(Grants other) => new(All.Select(grant => grant with { Actions = grant.Actions & ~other.Holding(grant.Principal, grant.Prefix) }));

    public Grants With(Grants other) => new(All.Concat(other.All));

    private Actions Holding(string principal, string place) => _actions
        .Where(pair => pair.Key.Principal == principal && Places.Holds(pair.Key.Prefix, place))
        .Aggregate(Actions.None, static (all, pair) => all | pair.Value);

    private void Add(string principal, string prefix, Actions actions)
    {
        if (actions != Actions.None)
            _actions[(principal, prefix)] = _actions.GetValueOrDefault((principal, prefix)) | actions;
    }
}
