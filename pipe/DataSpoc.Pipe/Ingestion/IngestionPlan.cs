using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.BatchTransforms;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>How rows meet those that are there.</summary>
internal enum WriteMode
{
    /// <summary>Rows are added.</summary>
    Append,

    /// <summary>The table is replaced.</summary>
    Overwrite,

    /// <summary>The days that come are replaced: the same run again changes nothing.</summary>
    OverwritePartition,

    /// <summary>The last row of a key takes the place of the one that is there.</summary>
    Merge,
}

/// <summary>What one <c>pipe ingest</c> is to do.</summary>
/// <param name="Bucket">Where to.</param>
/// <param name="Pipeline">Whose bookmark and log.</param>
/// <param name="Source">The tables' source.</param>
/// <param name="Mode">Append or overwrite; null for files means: those that are new, appended.</param>
internal sealed record IngestionPlan(string Bucket, string Pipeline, string Source, WriteMode? Mode)
{
    /// <summary>Singer messages come on stdin.</summary>
    public bool ReadsStdin { get; init; }

    /// <summary>A source that pushes rows: a Singer tap, a database, an HTTP API.</summary>
    public ISourcePlan? Reads { get; init; }

    /// <summary>Where relative paths of <see cref="Reads"/> start.</summary>
    public string Folder { get; init; } = "";

    /// <summary>A database to read.</summary>
    public DatabasePlan? Database { get; init; }

    /// <summary>Files and globs, which go into one table.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The table of the files.</summary>
    public string? Table { get; init; }

    public bool HasHeader { get; init; } = true;

    /// <summary>What a person said of the files.</summary>
    public FileReading Reading { get; init; } = FileReading.Usual;

    /// <summary>Only these streams; empty means all.</summary>
    public IReadOnlySet<string> Streams { get; init; } = new HashSet<string>();

    /// <summary>What the pipeline makes of its rows before they are written, or null.</summary>
    public BatchTransform? Transform { get; init; }

    /// <summary>Where reading begins, whatever the bookmark says; null: at the bookmark.</summary>
    public string? Since { get; init; }

    /// <summary>Files that were changed since are read, whatever the bookmark says, and no others; null: those that are new.</summary>
    public DateTimeOffset? FilesSince { get; init; }

    /// <summary>What is said about single tables.</summary>
    public TablePlans Plans { get; init; } = TablePlans.None;

    /// <summary>Whether files that a check refused are kept.</summary>
    public bool Inspect { get; init; }

    /// <summary>Whether the bookmark is forgotten.</summary>
    public bool FullRun { get; init; }
}
