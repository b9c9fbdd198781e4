using System.Collections.Frozen;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Singer.Batches;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>How Singer messages are read.</summary>
internal sealed record SingerOptions
{
    /// <summary>What is read, as errors call it: <c>tap-shop</c>, <c>stdin</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The streams to take, by name; everything of others is passed over. Empty: all.</summary>
    public IReadOnlySet<string> Streams { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The longest line accepted, in bytes, up to 2,000,000,000. The whole line must lie in memory.</summary>
    public int MaxLineBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many streams may have a partly filled chunk at once; of more, the one that waited longest is handed over first.</summary>
    public int MaxOpenChunks { get; init; } = 8;

    /// <summary>How many fields that its schema does not declare a stream may grow by.</summary>
    public int MaxUndeclaredFields { get; init; } = 500;

    /// <summary>What the pipeline chose about columns.</summary>
    public ShapeRules Shapes { get; init; } = ShapeRules.Usual;

    /// <summary>The most rows of a chunk that is handed over, up to <see cref="DataChunk.Capacity"/>.</summary>
    public int ChunkRows { get; init; } = DataChunk.Capacity;

    /// <summary>Bytes of lines after which a chunk is handed over although it has room for more rows: long texts bound memory, not rows.</summary>
    public int ChunkBytes { get; init; } = 1 << 20;

    /// <summary>The column that gets each record's <c>time_extracted</c>; null: none.</summary>
    public string? ExtractedAt { get; init; }

    /// <summary>Whether each stream begins anew (<see cref="StreamSchema.Replaces"/>).</summary>
    public bool Replaces { get; init; }

    /// <summary>Whether a field that the schema lacks is passed over where it is null, or an empty object or array, of which no type can be told.</summary>
    public bool SkipsEmpty { get; init; }

    /// <summary>Where the files of BATCH messages are read from; null: such messages are refused.</summary>
    public IBatchFiles? Batches { get; init; }
}
