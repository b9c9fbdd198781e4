namespace DataSpoc.Contracts.Transforms;

/// <summary>What a transform would do.</summary>
/// <param name="Transform">The transform.</param>
/// <param name="Read">What would be read of its inputs, in words: <c>everything: the transform has changed</c>.</param>
/// <param name="IsNew">Whether the table is not there yet.</param>
public sealed record TransformPlan(Transform Transform, string Read, bool IsNew)
{
    /// <summary>Whether it would run at all.</summary>
    public bool Runs { get; init; } = true;

    /// <summary>How its columns would change, in order: <c>+ note VARCHAR</c>, <c>- old</c>, <c>amount INTEGER -> BIGINT</c>; of a new table all of them.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Rows of the table now.</summary>
    public long RowsBefore { get; init; }

    /// <summary>Rows it would have.</summary>
    public long RowsAfter { get; init; }

    /// <summary>Rows that would come, compared in the columns that both have; where there is a key, rows whose key would be new.</summary>
    public long Added { get; init; }

    /// <summary>Rows that would go.</summary>
    public long Removed { get; init; }

    /// <summary>Rows that would have other values under the same key; 0 where there is no key.</summary>
    public long Changed { get; init; }

    /// <summary>What its checks would find.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];
}
