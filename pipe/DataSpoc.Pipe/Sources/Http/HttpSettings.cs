using System.Text.Json.Nodes;
using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>A JSON API, as <c>source.http</c> of a pipeline describes it.</summary>
internal sealed record HttpSettings
{
    /// <summary>Where the paths of streams start: <c>https://api.example.com/v1</c>.</summary>
    public required string Url { get; init; }

    /// <summary>What is added to each request so that the API knows who asks.</summary>
    public HttpAuth? Auth { get; init; }

    /// <summary>Further headers. Like <see cref="Auth"/> they never go to another host.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Query parameters of every request.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>How pages follow each other; streams may say otherwise.</summary>
    public HttpPagination? Pagination { get; init; }

    /// <summary>Where the records are in an answer; streams may say otherwise.</summary>
    public string? Records { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<HttpStream> Streams { get; init; }

    /// <summary>For one request and its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a request that failed for a reason that may pass is made again.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Requests per second at most; null: as fast as the API answers.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Pages of one stream in one run; more are an error.</summary>
    public int MaxPages { get; init; } = 100_000;

    /// <summary>Bytes of one answer, uncompressed; more are an error.</summary>
    public ByteSize MaxBody { get; init; } = new(64 << 20);
}

/// <summary>One endpoint; a bare text is its name.</summary>
[ConfigurationShorthand(nameof(Name))]
internal sealed record HttpStream
{
    public required string Name { get; init; }

    /// <summary>Below <see cref="HttpSettings.Url"/>; the name where it is not given.</summary>
    public string? Path { get; init; }

    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the records are in an answer (<c>data.items</c>); without it the answer itself, or its only array.</summary>
    public string? Records { get; init; }

    /// <summary>Fields that identify a record.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    public HttpPagination? Pagination { get; init; }

    public HttpIncremental? Incremental { get; init; }

    /// <summary>A JSON Schema of the records; without it, types are found in the records.</summary>
    public JsonObject? Schema { get; init; }
}

/// <summary>One of the four ways; values come from the environment (<c>${TOKEN}</c>).</summary>
internal sealed record HttpAuth
{
    public string? Bearer { get; init; }

    public HttpBasic? Basic { get; init; }

    public HttpNamedValue? Header { get; init; }

    public HttpNamedValue? Query { get; init; }
}

internal sealed record HttpBasic(string User, string Password);

internal sealed record HttpNamedValue(string Name, string Value);

/// <summary>How pages follow each other.</summary>
[ConfigurationShorthand(nameof(Type))]
internal sealed record HttpPagination
{
    public required PaginationKind Type { get; init; }

    /// <summary>The query parameter of the cursor, page or offset.</summary>
    public string? Param { get; init; }

    /// <summary>Where an answer says the next URL or cursor.</summary>
    public string? Path { get; init; }

    /// <summary>The first page or offset; 1 and 0 where it is not given.</summary>
    public long? Start { get; init; }

    /// <summary>Records per page; offsets advance by it.</summary>
    public int? Size { get; init; }

    /// <summary>The query parameter of <see cref="Size"/>.</summary>
    public string? SizeParam { get; init; }
}

internal enum PaginationKind
{
    /// <summary>One answer holds everything.</summary>
    None,

    /// <summary>The header <c>Link: …; rel="next"</c> (RFC 8288).</summary>
    Link,

    /// <summary>The answer holds the next URL.</summary>
    Next,

    /// <summary>The answer holds a cursor for the next request.</summary>
    Cursor,

    /// <summary>Pages are numbered; the first empty one ends them.</summary>
    Page,

    /// <summary>Records are numbered; the first empty page ends them.</summary>
    Offset,
}

/// <summary>Which records are new: those with a greater value of a field.</summary>
/// <param name="Field">In the record: <c>updated_at</c>.</param>
internal sealed record HttpIncremental(string Field)
{
    /// <summary>The query parameter that takes the greatest value so far; null: the API cannot filter, and older records are passed over here.</summary>
    public string? Param { get; init; }

    /// <summary>The parameter's value in the first run; null: it is left out.</summary>
    public string? Start { get; init; }
}
