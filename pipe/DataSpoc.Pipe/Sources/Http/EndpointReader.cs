using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Singer;
using DataSpoc.Pipe.Sources.Singer.Batches;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>
/// Reads one endpoint: its pages' records go into a local file, a line each, from which the types are found; then the file is handed over as a stream.
/// So memory does not grow with the records, and a page that fails at the end leaves nothing behind.
/// </summary>
/// <param name="client">Asks the API.</param>
/// <param name="settings">The API.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="rules">How types become columns.</param>
/// <param name="spool">The file, which is made anew.</param>
internal sealed class EndpointReader(ApiClient client, HttpSettings settings, HttpStream endpoint, ShapeRules rules, string spool)
{
    private readonly ObservedType types = new();

    /// <summary>Records in the file.</summary>
    public long Records { get; private set; }

    /// <summary>The records' JSON Schema.</summary>
    public JsonObject Schema => endpoint.Schema ?? types.ToSchema();

    /// <summary>Fetches pages until there are no more, or <paramref name="most"/> records.</summary>
    /// <param name="cursor">Which records are new; null: all.</param>
    /// <param name="known">The schema that an earlier run found, or null.</param>
    /// <param name="most">Records at most.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="UserError">A page cannot be had or understood.</exception>
    public async Task FetchAsync(RecordCursor? cursor, JsonObject? known, long most, CancellationToken cancel)
    {
        if (known is not null)
            types.Observe(known);
        var paginator = new Paginator(endpoint.Pagination ?? settings.Pagination, First(cursor), endpoint.Name);
        await using var file = File.Create(spool);
        var address = paginator.First();
        for (var pages = 1; address is not null && Records < most; pages++)
        {
            if (pages > settings.MaxPages)
                throw new UserError($"`{endpoint.Name}` has more than {settings.MaxPages:N0} pages") { Where = [("stream", endpoint.Name)], Hint = "if that is right, allow more with `max_pages`; if not, the API's pages have no end: check `pagination`" };
            var page = await client.GetAsync(address, endpoint.Name, cancel);
            var records = Find(page);
            foreach (var range in records)
                if (Records < most)
                    Take(page.Body.Span[range], cursor, file);
            address = paginator.Next(page, records.Count);
        }
    }

    /// <summary>Hands the file's records over; where nothing is known of a stream's columns, and it has no records, nothing.</summary>
    /// <param name="replaces">Whether the records take the place of what the table holds.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<StreamSummary> HandOverAsync(bool replaces, ISourceSink sink, CancellationToken cancel)
    {
        if (Schema["properties"] is not JsonObject { Count: > 0 })
            return new(endpoint.Name, 0);
        var messages = new JsonArray(
            new JsonObject { ["type"] = "SCHEMA", ["stream"] = endpoint.Name, ["key_properties"] = new JsonArray([.. endpoint.Key.Select(key => (JsonNode?)key)]), ["schema"] = Schema.DeepClone() },
            new JsonObject { ["type"] = "BATCH", ["stream"] = endpoint.Name, ["encoding"] = new JsonObject { ["format"] = "jsonl" }, ["manifest"] = new JsonArray(spool) });
        using var lines = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', messages.Select(message => message!.ToJsonString()))));
        var reader = new SingerReader(lines, new() { Origin = endpoint.Name, Shapes = rules, Replaces = replaces, SkipsEmpty = true, MaxLineBytes = (int)Math.Min(settings.MaxBody.Bytes, int.MaxValue / 2), Batches = new Spool() });
        return (await reader.ReadAsync(sink, cancel)).Streams is [var summary] ? summary : new(endpoint.Name, 0);
    }

    private Uri First(RecordCursor? cursor)
    {
        var path = endpoint.Path ?? endpoint.Name;
        var address = new Uri(client.Base, path.TrimStart('/'));
        if (!Origin.IsSame(address, client.Base))
            throw new UserError($"the path of `{endpoint.Name}` leads to another host") { Hint = "`path` is below `url`", ExitCode = ExitCode.Usage };
        foreach (var (name, value) in settings.Params.Concat(endpoint.Params))
            address = QueryText.With(address, name, value);
        return cursor?.Query is { } since ? QueryText.With(address, endpoint.Incremental!.Param!, since) : address;
    }

    private IReadOnlyList<Range> Find(Page page)
    {
        var path = endpoint.Records ?? settings.Records;
        try
        {
            return PageRecords.Find(page.Body.Span, path is null ? null : new(path)) ?? throw Wrong(page, path is null ? $"where the records of `{endpoint.Name}` are is not clear" : $"an answer of `{endpoint.Name}` has no records at `{path}`", "say where they are: `records: data.items`");
        }
        catch (JsonException error)
        {
            throw Wrong(page, $"an answer of `{endpoint.Name}` is not JSON", null, error);
        }
    }

    private void Take(ReadOnlySpan<byte> record, RecordCursor? cursor, FileStream file)
    {
        if (cursor?.Takes(record, endpoint.Name) == false)
            return;
        Records++;
        if (endpoint.Schema is null)
        {
            var reader = new Utf8JsonReader(record);
            reader.Read();
            types.Observe(ref reader);
        }
        Write(record, file);
    }

    /// <summary>Line feeds between tokens become spaces; inside texts JSON has none.</summary>
    private static void Write(ReadOnlySpan<byte> record, FileStream file)
    {
        while (record.IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0)
        {
            file.Write(record[..end]);
            file.WriteByte((byte)' ');
            record = record[(end + 1)..];
        }
        file.Write(record);
        file.WriteByte((byte)'\n');
    }

    private UserError Wrong(Page page, string what, string? hint, Exception? inner = null) => new(what, inner)
    {
        Where = [("stream", endpoint.Name), ("address", QueryText.Shown(page.Address)), ("answer", Rows.ValueProblem.Cut(page.Body.Span))],
        Hint = hint,
    };

    private sealed class Spool : IBatchFiles
    {
        public Task<string> FetchAsync(string uri, CancellationToken cancel) => Task.FromResult(uri);

        public Connection Connect() => throw new NotSupportedException("the records of an API lie in JSON lines");
    }
}
