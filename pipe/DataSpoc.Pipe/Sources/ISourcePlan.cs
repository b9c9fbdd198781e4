using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Sources;

/// <summary>A source as a pipeline describes it, not opened yet.</summary>
internal interface ISourcePlan
{
    /// <summary>The source, for one reading; nothing is started or read before it is asked.</summary>
    IDiscoverableSource Open(SourceOpening opening);
}

/// <summary>What a source is given by the run, or the command, that opens it.</summary>
internal sealed record SourceOpening
{
    /// <summary>Where temporary databases of the source run.</summary>
    public required Database Database { get; init; }

    /// <summary>Where objects of other buckets are kept.</summary>
    public required ObjectCache Cache { get; init; }

    /// <summary>Opens the bucket of an <c>s3://</c> file.</summary>
    public required Func<BucketUri, IObjectStore> OpenStore { get; init; }

    /// <summary>The project's folder: relative paths start there.</summary>
    public required string Folder { get; init; }

    /// <summary>Only these streams; empty means all.</summary>
    public IReadOnlySet<string> Streams { get; init; } = new HashSet<string>();

    /// <summary>The last bookmark, byte for byte, or empty: from the start.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Whether the run goes on where the last one stopped (<c>incremental.enabled</c>).</summary>
    public bool Incremental { get; init; }

    /// <summary>Told what only a person who looks for a reason wants to know.</summary>
    public Action<string>? Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
