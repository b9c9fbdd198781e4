namespace DataSpoc.Ml.Configuration;

/// <summary><c>features/&lt;view&gt;.yaml</c>: what is known of an entity, and since when.</summary>
internal sealed record FeatureViewFile
{
    /// <summary>The columns that name the entity, at least one.</summary>
    public required IReadOnlyList<string> Entity { get; init; }

    /// <summary>The column with the moment from which on a row was known.</summary>
    public required string Timestamp { get; init; }

    /// <summary>How long a row counts; null: until the entity's next.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>The table of which only what was appended is read, where the rows of an entity depend on its rows of the same entity only; null: all is computed anew.</summary>
    public string? Incremental { get; init; }

    /// <summary>One SELECT over tables of the bucket: the entity, the timestamp, and the features.</summary>
    public required string Sql { get; init; }
}
