namespace DataSpoc.Contracts.Storage;

/// <summary>How a bucket is opened.</summary>
public sealed record ObjectStoreOptions
{
    /// <summary>
    /// Whether a <c>file://</c> folder that does not exist yet is an empty bucket (a first ingest), which the first write makes.
    /// By default reading it is an error that says so. On <c>s3://</c> without effect: buckets are made by whoever owns them.
    /// </summary>
    public bool MayBeNew { get; init; }

    /// <summary>The clock: times of files, waits between retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
