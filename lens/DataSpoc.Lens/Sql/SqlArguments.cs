namespace DataSpoc.Lens.Sql;

/// <summary>What <c>lens sql</c> was given.</summary>
internal sealed record SqlArguments
{
    public string? Query { get; init; }

    public string? File { get; init; }

    public IReadOnlyList<string> Buckets { get; init; } = [];

    public long? Limit { get; init; }

    public string? Timeout { get; init; }

    public string? Export { get; init; }

    /// <summary><c>name=value</c> each.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    public string? AsOf { get; init; }

    /// <summary>Whether the plan is wanted instead of the rows.</summary>
    public bool Explain { get; init; }

    /// <summary>Whether the guard is lifted.</summary>
    public bool Unsafe { get; init; }

    /// <summary>What runs the query: null for what <c>lens.yaml</c> says, or DuckDB.</summary>
    public string? Engine { get; init; }
}
