using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources;

/// <summary>Something that yields streams of typed rows: a Singer tap, files, a database.</summary>
internal interface ISource
{
    /// <summary>Reads everything there is and pushes it into <paramref name="sink"/>, one call at a time, in the source's order.</summary>
    /// <returns>What was read.</returns>
    /// <exception cref="UserError">The source failed, or sent what cannot be understood. What the sink was given before stays valid.</exception>
    Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel);
}

/// <summary>What a source gave.</summary>
/// <param name="Streams">Every stream that was announced, in the order of their first announcement.</param>
internal sealed record SourceSummary(IReadOnlyList<StreamSummary> Streams);

/// <summary>What one stream gave.</summary>
/// <param name="Stream">The source's name for it.</param>
/// <param name="Records">Rows handed over.</param>
internal sealed record StreamSummary(string Stream, long Records)
{
    /// <summary>Fields that were in records but not in the source's schema, as paths (<c>address.zip</c>), and became columns.</summary>
    public IReadOnlyList<string> UndeclaredFields { get; init; } = [];

    /// <summary>Halves of surrogate pairs in texts that became U+FFFD, because no UTF-8 can hold them.</summary>
    public long ReplacedSurrogates { get; init; }

    /// <summary>Other things that a person should know although the stream was read, as sentences that name it.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Dates that no column can hold and that became the nearest one or NULL, as the pipeline chose.</summary>
    public long FarDates { get; init; }
}
