using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Transforms.Checks;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>What a run did.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Streams">Its streams, in the source's order.</param>
/// <param name="Error">What ended the run before its end, or null.</param>
internal sealed record RunResult(string RunId, IReadOnlyList<StreamResult> Streams, UserError? Error)
{
    /// <summary>What a person should know although the run went well.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    public long Rows => Streams.Sum(stream => stream.Rows);

    /// <summary>Records that went into quarantine.</summary>
    public long Rejected => Streams.Sum(stream => stream.Rejected);

    /// <summary>The run's error, or else the first stream's.</summary>
    public UserError? FirstError => Error ?? Streams.Select(stream => stream.Failure).FirstOrDefault(failure => failure is not null);
}

/// <summary>What a run did to one stream.</summary>
/// <param name="Stream">The source's name.</param>
/// <param name="Location">Its table.</param>
/// <param name="Rows">Rows committed.</param>
/// <param name="Files">Files committed.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Failure">Why it was not read on, or null.</param>
internal sealed record StreamResult(string Stream, TableLocation Location, long Rows, int Files, long Bytes, UserError? Failure)
{
    /// <summary>Records that went into quarantine.</summary>
    public long Rejected { get; init; }

    /// <summary>What the checks of its table found.</summary>
    public CheckReport Checks { get; init; } = new([]);
}
