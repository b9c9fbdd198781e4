using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Lens.Ask;

namespace DataSpoc.Lens.Configuration;

/// <summary>What <c>lens.yaml</c> may say.</summary>
internal sealed record LensConfiguration
{
    /// <summary>Buckets by the name they have in SQL: <c>bronze: s3://company-bronze</c>.</summary>
    public IReadOnlyDictionary<string, Located<string>> Buckets { get; init; } = new Dictionary<string, Located<string>>();

    /// <summary>The bucket that <c>raw.orders</c> is looked for in; by default all of them.</summary>
    public Located<string>? Default { get; init; }

    /// <summary>What a query may hold in memory before it writes to <see cref="TempDirectory"/>; by default 70 % of what this process may use.</summary>
    public ByteSize? MemoryLimit { get; init; }

    /// <summary>Threads that work on a query; by default one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>Where a query that exceeds memory keeps its rest; by default in the system's folder for temporary files.</summary>
    public string? TempDirectory { get; init; }

    /// <summary>How much a query may keep there; by default 90 % of what is free.</summary>
    public ByteSize? MaxTempSize { get; init; }

    /// <summary>After which time a query is ended; by default never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What runs queries: <c>duckdb</c>, the default, <c>httpfs</c>, or <c>clickhouse://host</c>.</summary>
    public Located<string>? Engine { get; init; }

    /// <summary>The language model of <c>lens ask</c>.</summary>
    public AskConfiguration Ask { get; init; } = new();
}
