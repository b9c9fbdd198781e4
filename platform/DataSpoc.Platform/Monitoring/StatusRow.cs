namespace DataSpoc.Platform.Monitoring;

/// <summary>How something in a bucket is.</summary>
internal enum Health
{
    Ok,

    /// <summary>A commit is under way.</summary>
    Running,

    /// <summary>Longer ago than is allowed.</summary>
    Stale,

    /// <summary>These credentials may not see it.</summary>
    NotReadable,

    /// <summary>A commit began and did not end, and nobody is at it any more.</summary>
    Unfinished,
    Failed,
}

/// <summary>A line of the status.</summary>
/// <param name="Bucket">As one types it.</param>
/// <param name="Kind"><c>pipeline</c>, <c>transform</c>, <c>model run</c>, <c>model</c>, <c>table</c>, or what could not be read.</param>
/// <param name="Name">Its name; a table's is that in SQL.</param>
/// <param name="Health">How it is.</param>
internal sealed record StatusRow(string Bucket, string Kind, string Name, Health Health)
{
    /// <summary>When it last did something; null where unknown.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Rows: of a table those in it, of a run those it brought.</summary>
    public long? Rows { get; init; }

    /// <summary>What there is to say about it.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether it needs somebody.</summary>
    public bool IsBad => Health is Health.Failed or Health.Unfinished or Health.Stale;

    /// <summary>Whether it should come again: a model stays as it is until somebody promotes another, and nothing need be rejected.</summary>
    public bool Recurs { get; init; } = true;

    /// <summary>This line, or the same one as stale where it was well and its time is too long ago.</summary>
    public StatusRow Aged(DateTimeOffset now, TimeSpan? maxAge) =>
        Health == Health.Ok && Recurs && maxAge is { } most && At is { } at && now - at > most ? this with { Health = Health.Stale } : this;
}
