using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>Where a run's rows go, and how.</summary>
/// <param name="Context">The bucket, the pipeline, the clock.</param>
/// <param name="Session">The run.</param>
/// <param name="Database">Where files are written.</param>
/// <param name="Source">The tables' source: <c>raw/&lt;source&gt;/…</c>.</param>
/// <param name="Mode">Append or overwrite.</param>
internal sealed record LoadTarget(RunContext Context, RunSession Session, Database Database, string Source, ChangeMode Mode)
{
    /// <summary>A file ends after the row group with which it reaches this size.</summary>
    public const long FileBytes = 128L << 20;

    /// <summary>The day the rows are filed under: that of the extraction, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Whether everything begins anew, whatever is said of single tables.</summary>
    public bool Full { get; init; }

    /// <summary>What the pipeline says about its tables.</summary>
    public TablePlans Plans { get; init; } = TablePlans.None;

    /// <summary>Where files of a distant bucket that are merged into are copied to.</summary>
    public ObjectCache Cache { get; init; } = ObjectCache.OfUser(Environment.GetEnvironmentVariable);

    /// <summary>The salt of hashes, or null.</summary>
    public string? Salt { get; init; }

    /// <summary>Where files that a check refused are kept; null: nowhere.</summary>
    public string? InspectFolder { get; init; }

    public IObjectStore Store => Context.Store;

    public TableLocation Table(string table) => new(Layer.Raw, Source, table);
}
