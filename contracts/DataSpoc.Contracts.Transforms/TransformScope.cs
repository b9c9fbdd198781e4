using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Transforms;

/// <summary>How much of its incremental input a run reads.</summary>
/// <param name="Reads">In words: <c>everything: its SELECT changed</c>, <c>2 new files of raw.shop_orders</c>.</param>
internal abstract record TransformScope(string Reads)
{
    /// <summary>All inputs are read whole, the table is made anew.</summary>
    public sealed record Everything(string Reason) : TransformScope($"everything: {Reason}");

    /// <summary>Nothing came since the last run.</summary>
    public sealed record Nothing(string Input) : TransformScope($"nothing: `{Input}` is as it was");

    /// <summary>These files, by path.</summary>
    public sealed record Files(IReadOnlySet<string> Paths, string Input) : TransformScope($"{Paths.Count} new {(Paths.Count == 1 ? "file" : "files")} of `{Input}`");

    /// <summary>These days, whole; none of them is null.</summary>
    public sealed record Days(IReadOnlySet<string> Values, string Input) : TransformScope($"{Values.Count} changed {(Values.Count == 1 ? "day" : "days")} of `{Input}`");

    /// <summary>Whether a file of the incremental input is read.</summary>
    public bool Holds(string path, string? day) => this switch
    {
        Files files => files.Paths.Contains(path),
        Days days => day is not null && days.Values.Contains(day),
        Nothing => false,
        _ => true,
    };

    /// <summary>What a change of the input makes of a mode; rows that cannot be told from others make it everything.</summary>
    /// <param name="mode">Any but overwrite.</param>
    /// <param name="input">The input's name.</param>
    /// <param name="change">What happened since the last run; null where the log does not tell.</param>
    /// <param name="now">The input as it is.</param>
    public static TransformScope Of(TransformMode mode, string input, InputChange? change, TableSnapshot now)
    {
        if (change is null)
            return new Everything($"the log of `{input}` does not reach back to the last run");
        if (change.Days.Count == 0)
            return new Nothing(input);
        if (mode == TransformMode.OverwritePartition)
            return change.Days.Contains(null) ? new Everything($"`{input}` has rows without a day") : new Days(change.Days.OfType<string>().ToHashSet(StringComparer.Ordinal), input);
        return change.HasRemoved ? new Everything($"rows of `{input}` were replaced")
            : !change.Added.All(now.Files.ContainsKey) ? new Everything($"new rows of `{input}` lie in compacted files")
            : new Files(change.Added, input);
    }
}
