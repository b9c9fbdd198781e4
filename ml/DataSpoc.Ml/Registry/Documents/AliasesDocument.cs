using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataSpoc.Ml.Registry.Documents;

/// <summary><c>aliases.json</c>: which version each alias of a model names, now and before.</summary>
/// <param name="Version">Of the document's form.</param>
/// <param name="Aliases"><c>dev</c>, <c>staging</c>, <c>prod</c>, <c>archived</c> (the one archived last) → version.</param>
/// <param name="History">Every change, oldest first.</param>
internal sealed record AliasesDocument(string Version, IReadOnlyDictionary<string, int> Aliases, IReadOnlyList<AliasChange> History)
{
    /// <summary>The newest trained version.</summary>
    public const string Development = "dev";

    /// <summary>The version that is tried before it serves.</summary>
    public const string Staging = "staging";

    /// <summary>The version that serves.</summary>
    public const string Production = "prod";

    /// <summary>Not to be used any more.</summary>
    public const string Archive = "archived";

    /// <summary>All versions that are archived, ascending; none where an earlier document does not say.</summary>
    public IReadOnlyList<int> Archived { get; init => field = value ?? []; } = [];

    /// <summary>Members of later versions, kept when the document is rewritten.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>The book with an alias set.</summary>
    public AliasesDocument With(string alias, int version, DateTimeOffset at, string by, string why, IReadOnlyList<GateCheck>? gate = null) => this with
    {
        Aliases = new SortedDictionary<string, int>(Aliases.ToDictionary(), StringComparer.Ordinal) { [alias] = version },
        Archived = alias == Archive ? [.. Archived.Append(version).Distinct().Order()] : alias == Development ? Archived : [.. Archived.Where(v => v != version)],
        History = [.. History, new(alias, version, at, Aliases.TryGetValue(alias, out var previous) ? previous : null, by, why) { Gate = gate ?? [] }],
    };

    /// <summary>The version that was production before the one that is now; null where there was none. A rollback does not count as a step forward.</summary>
    public int? BeforeProduction()
    {
        var served = new List<int>();
        foreach (var change in History.Where(c => c.Alias == Production))
            if (change.Why.StartsWith(AliasChange.Rollback, StringComparison.Ordinal) && served.Count > 0)
                served.RemoveAt(served.Count - 1);
            else if (served.Count == 0 || served[^1] != change.Version)
                served.Add(change.Version);
        return served.Count > 1 ? served[^2] : null;
    }
}

/// <summary>An alias was set.</summary>
/// <param name="Alias">Which.</param>
/// <param name="Version">To this version.</param>
/// <param name="At">When.</param>
/// <param name="Previous">From this one; null where it was new.</param>
/// <param name="By">Who: a user, or the tool.</param>
/// <param name="Why">In words.</param>
internal sealed record AliasChange(string Alias, int Version, DateTimeOffset At, int? Previous = null, string By = "", string Why = "")
{
    /// <summary>What <see cref="Why"/> begins with when production was put back.</summary>
    public const string Rollback = "rollback";

    /// <summary>What was checked before.</summary>
    public IReadOnlyList<GateCheck> Gate { get; init => field = value ?? []; } = [];
}

/// <summary>Something a promotion depends on.</summary>
/// <param name="Check">What: <c>artifacts</c>, <c>latency</c>, <c>production</c>, <c>rule</c>.</param>
/// <param name="Passed">Whether it held.</param>
/// <param name="Detail">In words, with the figures.</param>
internal sealed record GateCheck(string Check, bool Passed, string Detail);
