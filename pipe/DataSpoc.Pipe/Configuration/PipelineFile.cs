using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Contracts.Names;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Files;
using DataSpoc.Pipe.Sources.Http;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Taps;

namespace DataSpoc.Pipe.Configuration;

/// <summary><c>pipelines/&lt;name&gt;.yaml</c>. The keys of DataSpoc 1.0 are all here.</summary>
internal sealed record PipelineFile
{
    public required SourceSettings Source { get; init; }

    public DestinationSettings? Destination { get; init; }

    public IncrementalSettings? Incremental { get; init; }

    public ScheduleSettings? Schedule { get; init; }

    /// <summary>How the rows of single tables are written; <c>"*"</c> stands for those that are not named.</summary>
    public IReadOnlyDictionary<string, TableSettings> Tables { get; init; } = new Dictionary<string, TableSettings>();

    /// <summary>What the file asks for.</summary>
    /// <param name="name">The pipeline.</param>
    /// <param name="bucket">Where to.</param>
    /// <param name="folder">The project's folder: relative paths start there.</param>
    /// <exception cref="UserError">It names no source, or two.</exception>
    public IngestionPlan ToPlan(string name, string bucket, string folder)
    {
        if (Destination?.Path is { } path && path.Trim('/') is not ("" or "raw"))
            throw new UserError($"`pipelines/{name}.yaml` writes to `{path}`, and what is ingested lies in `raw`") { Where = [("key", "destination.path")], ExitCode = ExitCode.Usage, Hint = "leave it out: a bucket's layout is the same everywhere since contract 1.1" };
        var pipeline = ProjectPipelines.KeyOf(name);
        return Plan(name, pipeline, bucket, folder) with { Plans = ToPlans() };
    }

    /// <summary>What the file says of its tables.</summary>
    /// <exception cref="UserError">A setting is none.</exception>
    public TablePlans ToPlans() => TablePlans.Of(Tables, Destination?.DayColumn);

    private IngestionPlan Plan(string name, string pipeline, string bucket, string folder)
    {
        if (Source.Database is { } address)
            return Source is { Tap: null, Http: null, Files.Count: 0 } ? DatabasePlan(pipeline, bucket, address, folder) : throw TwoSources(name);
        if (Source.Http is { } http)
            return Source is { Tap: null, Files.Count: 0 } ? HttpPlan(pipeline, bucket, http, folder) : throw TwoSources(name);
        return (Source.Tap, Source.Files.Count) switch
        {
            ({ } tap, 0) => new(bucket, pipeline, Source.Name ?? SourceOf(tap), Incremental is { Enabled: true } ? WriteMode.Append : WriteMode.Overwrite)
            {
                Reads = Source.ToTap(tap),
                Folder = folder,
                Streams = Source.Streams.ToHashSet(StringComparer.Ordinal),
            },
            (null, > 0) => new(bucket, pipeline, Source.Name ?? "files", Incremental is { Enabled: false } ? WriteMode.Overwrite : null)
            {
                Files = [.. Source.Files.Select(file => file.Contains("://", StringComparison.Ordinal) ? file : Path.GetFullPath(file, folder))],
                Table = Source.Table is { } table ? Name.Require(table, "table") : NameFolding.Fold(name),
                HasHeader = Source.Header,
                Reading = (Source.Csv ?? new()) with { Types = Source.Types, FileName = Source.FileName, RowNumber = Source.RowNumber },
            },
            _ => throw TwoSources(name),
        };
    }

    private IngestionPlan DatabasePlan(string pipeline, string bucket, DatabaseAddress address, string folder) =>
        new(bucket, pipeline, Source.Name ?? address.Kind, Incremental is { Enabled: true } ? WriteMode.Append : WriteMode.Overwrite)
        {
            Database = new(address.In(folder), new()
            {
                Incremental = Incremental is { Enabled: true },
                Cursor = Incremental?.Cursor is { } cursor ? new(cursor) { Lag = Incremental.Lag } : null,
                Cursors = (Incremental?.Tables ?? new Dictionary<string, CursorEntry>()).ToDictionary(table => table.Key, table => new CursorSettings(table.Value.Cursor) { Lag = table.Value.Lag ?? Incremental?.Lag }),
                Types = Source.Types,
                OutOfRange = Source.OutOfRange ?? OutOfRange.Null,
                Readers = Source.Readers is >= 1 and <= 4 ? Source.Readers : throw new UserError("`source.readers` is 1 to 4") { ExitCode = ExitCode.Usage },
            }),
            Streams = Source.Streams.ToHashSet(StringComparer.Ordinal),
        };

    private IngestionPlan HttpPlan(string pipeline, string bucket, HttpSettings http, string folder) =>
        new(bucket, pipeline, Source.Name ?? pipeline, Incremental is { Enabled: true } ? WriteMode.Append : WriteMode.Overwrite)
        {
            Reads = new HttpPlan(http, Source.Shapes),
            Folder = folder,
            Streams = Source.Streams.ToHashSet(StringComparer.Ordinal),
        };

    private static UserError TwoSources(string name) => new($"`pipelines/{name}.yaml` names no source, or two")
    {
        ExitCode = ExitCode.Usage,
        Hint = "source: {tap: tap-shop}, {postgres: postgres://host/shop}, {sqlite: shop.db}, {http: {url: https://api.example.com, streams: [{name: orders}]}} or {files: [./orders/*.csv], table: orders}",
    };

    // DataSpoc's rule: tap-postgres brings the source postgres, `python ./tap_shop.py` tap_shop
    private static string SourceOf(string tap)
    {
        var words = tap.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var name = Path.GetFileNameWithoutExtension(words.LastOrDefault(word => !word.StartsWith('-')) ?? tap);
        return NameFolding.Fold(name.StartsWith("tap-", StringComparison.Ordinal) ? name["tap-".Length..] : name);
    }
}

/// <summary>Where rows come from.</summary>
internal sealed record SourceSettings
{
    /// <summary>A Singer tap: a program on PATH, with arguments separated by spaces. No shell is involved.</summary>
    public string? Tap { get; init; }

    /// <summary>The tap's configuration, or the path of a file with it.</summary>
    public JsonNode? Config { get; init; }

    /// <summary>The path of the tap's catalog; without one the tap is asked (<c>--discover</c>) where streams are chosen.</summary>
    public string? Catalog { get; init; }

    /// <summary>How the tap is given its catalog: older ones know <c>--properties</c>.</summary>
    public CatalogOption CatalogOption { get; init; }

    /// <summary>How long the tap may be silent, and run.</summary>
    public TimeoutSettings? Timeouts { get; init; }

    /// <summary>The longest line of the tap.</summary>
    public ByteSize? LongestLine { get; init; }

    /// <summary>Whether objects and arrays inside records become nested columns or JSON text.</summary>
    public NestedValues Nested { get; init; }

    /// <summary>Only these streams; empty means all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Files and globs.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The address of a PostgreSQL database: <c>postgres://user@host:5432/shop</c>. What it leaves out comes from PGHOST, PGUSER, PGPASSWORD and the others.</summary>
    public string? Postgres { get; init; }

    /// <summary>The file of an SQLite database.</summary>
    public string? Sqlite { get; init; }

    /// <summary>A JSON API.</summary>
    public HttpSettings? Http { get; init; }

    /// <summary>Connections that read one table of a database at once, 1 to 4.</summary>
    public int Readers { get; init; } = 1;

    /// <summary>Types of a database's columns where the rule's are not wanted: <c>orders.amount: decimal(38,12)</c>; also text, json, double.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>What becomes of values that no column can hold, such as a date after the year 9999 or infinity: error (the default), null, max.</summary>
    public OutOfRange? OutOfRange { get; init; } = Sources.OutOfRange.Error;

    internal DatabaseAddress? Database => Postgres is not null ? new("postgres", Postgres) : Sqlite is not null ? new("sqlite", Sqlite) : null;

    /// <summary>The table of the files.</summary>
    public string? Table { get; init; }

    /// <summary>The source in the bucket: <c>raw/&lt;name&gt;/…</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the first line of CSV files names the columns.</summary>
    public bool Header { get; init; } = true;

    /// <summary>How CSV files are written, where their first line does not tell.</summary>
    public FileReading? Csv { get; init; }

    /// <summary>The column that gets each record's file.</summary>
    public string? FileName { get; init; }

    /// <summary>The column that gets each record's number in its file.</summary>
    public string? RowNumber { get; init; }

    /// <summary>Taps: the column that gets each record's <c>time_extracted</c>.</summary>
    public string? ExtractedAt { get; init; }

    /// <summary>The tap of this source.</summary>
    public TapPlan ToTap(string command) => new(command, Config)
    {
        Catalog = Catalog,
        TakesProperties = CatalogOption == CatalogOption.Properties,
        IdleTimeout = Timeouts?.Idle,
        TotalTimeout = Timeouts?.Total,
        LongestLine = LongestLine is { } longest ? (int)Math.Clamp(longest.Bytes, 1, 2_000_000_000) : null,
        Shapes = Shapes,
        ExtractedAt = ExtractedAt,
    };

    /// <summary>What the pipeline chose about columns.</summary>
    public ShapeRules Shapes => new() { NestedAsJson = Nested == NestedValues.Json, FarDates = OutOfRange ?? Sources.OutOfRange.Null };
}

/// <summary>What a tap calls the option for its catalog.</summary>
internal enum CatalogOption
{
    Catalog,
    Properties,
}

/// <summary>What objects and arrays inside records become.</summary>
internal enum NestedValues
{
    /// <summary>Nested columns, where the schema says what they hold.</summary>
    Struct,

    /// <summary>JSON text.</summary>
    Json,
}

/// <summary>Limits of time of a tap; <c>idle</c> is an hour where it is not given.</summary>
internal sealed record TimeoutSettings
{
    public TimeSpan? Idle { get; init; }

    public TimeSpan? Total { get; init; }
}

/// <summary>Where rows go; a bare text is the bucket.</summary>
[ConfigurationShorthand(nameof(Bucket))]
internal sealed record DestinationSettings
{
    public string? Bucket { get; init; }

    /// <summary>Of 1.0; the layout of a bucket is fixed, so only <c>raw</c> is accepted.</summary>
    public string? Path { get; init; }

    /// <summary>Of 1.0: the column whose day rows are filed under, in tables that have it as a date or time; <c>_extraction_date</c>, its default, is the day of extraction.</summary>
    public string? PartitionBy { get; init; }

    /// <summary>The column that <see cref="PartitionBy"/> names; null: rows are filed under the day of extraction.</summary>
    internal string? DayColumn => PartitionBy is null or "" or "_extraction_date" ? null : PartitionBy;

    /// <summary>Of 1.0; files are written with zstd.</summary>
    public string? Compression { get; init; }
}

/// <summary>Whether a run goes on where the last one stopped; <c>incremental: true</c> says just that.</summary>
[ConfigurationShorthand(nameof(Enabled))]
internal sealed record IncrementalSettings
{
    /// <summary>True appends and keeps the bookmark, false replaces the tables at each run.</summary>
    public bool Enabled { get; init; }

    /// <summary>Databases: the column by which new rows are found, in tables that have it; others are read whole.</summary>
    public string? Cursor { get; init; }

    /// <summary>Databases: how late rows may come, <c>10m</c> or a number.</summary>
    public string? Lag { get; init; }

    /// <summary>Databases: tables with a cursor of their own.</summary>
    public IReadOnlyDictionary<string, CursorEntry> Tables { get; init; } = new Dictionary<string, CursorEntry>();
}

/// <summary>A table's cursor; a bare text is its column.</summary>
[ConfigurationShorthand(nameof(Cursor))]
internal sealed record CursorEntry
{
    public required string Cursor { get; init; }

    public string? Lag { get; init; }
}

/// <summary>When it runs; a bare text is the cron expression.</summary>
[ConfigurationShorthand(nameof(Cron))]
internal sealed record ScheduleSettings
{
    public string? Cron { get; init; }
}
