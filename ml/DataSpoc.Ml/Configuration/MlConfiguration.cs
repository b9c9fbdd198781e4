using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Ml.Configuration;

/// <summary>What <c>ml.yaml</c> may say.</summary>
internal sealed record MlConfiguration
{
    /// <summary>The bucket, where <c>--bucket</c> is not given.</summary>
    public string? Bucket { get; init; }

    /// <summary>What queries may hold in memory; by default 40 % of what this process may use: matrix and trees need the rest.</summary>
    public ByteSize? MemoryLimit { get; init; }

    /// <summary>Threads; by default one per core.</summary>
    public int? Threads { get; init; }
}
