using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.Manifests;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.Storage.RunCommits;

/// <summary>What a run needs to commit: the bucket, whose run it is, the clock.</summary>
/// <param name="Store">The bucket.</param>
/// <param name="Tool">Whose prefixes are written.</param>
/// <param name="Name">The pipeline, transform or model.</param>
/// <param name="Writer">The tool and its version: <c>pipe 0.1.0</c>.</param>
/// <param name="Time">The clock of leases, log entries and back-off.</param>
public sealed record RunContext(IObjectStore Store, WritingTool Tool, string Name, string Writer, TimeProvider Time)
{
    /// <summary>
    /// How long others wait before they finish this run's commit themselves. Politeness, not safety: every step may be done twice
    /// (decision 6). Default 20 s.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Told, with the run and the end of its lease, when a start waits for another run's commit.</summary>
    public Action<string, DateTimeOffset>? Waiting { get; init; }

    /// <summary>Told when a start has taken an earlier run back, because a table refused it.</summary>
    public Action<UserError>? TakenBack { get; init; }

    /// <summary>The application id of this run's Delta transactions: <c>pipe/orders</c>.</summary>
    public string AppId => $"{Tool switch { WritingTool.Pipe => "pipe", WritingTool.Lens => "lens", _ => "ml" }}/{Name}";

    internal string RunKey => DocumentKeys.RunRecord(Tool, Name);

    // only Pipe has bookmarks
    internal string? StateKey => Tool == WritingTool.Pipe ? DocumentKeys.State(Name) : null;

    internal TableCommit Tables => new(Store, new TableLog(Store), Time);

    internal ManifestStore Manifest => new(Store, Tool switch
    {
        WritingTool.Pipe => DocumentKeys.PipeManifest,
        WritingTool.Lens => DocumentKeys.LensManifest,
        _ => DocumentKeys.MlManifest,
    }, Writer, Time);
}
