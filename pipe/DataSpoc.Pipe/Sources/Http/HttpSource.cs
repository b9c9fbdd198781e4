using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Singer;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>A JSON API: its endpoints one after the other, with a bookmark after each. One that fails does not hold back the others.</summary>
/// <param name="settings">The API.</param>
/// <param name="rules">How types become columns.</param>
/// <param name="opening">What the run gives.</param>
internal sealed class HttpSource(HttpSettings settings, ShapeRules rules, SourceOpening opening) : IDiscoverableSource
{
    /// <summary>Records that a look at an endpoint's types takes.</summary>
    private const int Sample = 1000;

    public async Task<IReadOnlyList<DiscoveredStream>> DiscoverAsync(CancellationToken cancel)
    {
        var found = new List<DiscoveredStream>();
        await EachAsync(async (endpoint, reader) =>
        {
            var stream = new DiscoveredStream(new(endpoint.Name, [], []), "endpoint") { Cursor = endpoint.Incremental?.Field };
            try
            {
                await reader.FetchAsync(null, null, Sample, cancel);
                found.Add(reader.Records == 0 && endpoint.Schema is null ? stream with { Unreadable = new($"`{endpoint.Name}` has no records, so nothing is known of its columns") } : stream with { Schema = SchemaOf(endpoint, reader.Schema) });
            }
            catch (UserError error)
            {
                found.Add(stream with { Unreadable = error });
            }
        });
        return found;
    }

    public ISource First(int rows) => new Preview(this, rows);

    public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
    {
        var bookmark = HttpBookmark.Parse(opening.State, settings.Url);
        await sink.StreamsAsync([.. settings.Streams.Select(stream => stream.Name)], cancel);
        var summaries = new List<StreamSummary>();
        await EachAsync(async (endpoint, reader) =>
        {
            var entry = endpoint.Incremental is { } incremental && opening.Incremental ? bookmark.Of(endpoint.Name, incremental.Field) : null;
            var cursor = endpoint.Incremental is { } by && opening.Incremental ? new RecordCursor(by, entry) : null;
            try
            {
                await reader.FetchAsync(cursor, entry?["schema"] as JsonObject, long.MaxValue, cancel);
            }
            catch (UserError error)
            {
                await sink.FailedAsync(endpoint.Name, error, cancel);
                return;
            }

            summaries.Add(await reader.HandOverAsync(replaces: cursor is null && opening.Incremental, sink, cancel));
            if (cursor is null)
                return;
            var next = cursor.Entry();
            if (endpoint.Schema is null)
                next["schema"] = reader.Schema.DeepClone();
            bookmark.Set(endpoint.Name, next);
            await sink.StateAsync(bookmark.Serialize(), true, cancel);
        });
        return new(summaries);
    }

    private async Task EachAsync(Func<HttpStream, EndpointReader, Task> visit)
    {
        foreach (var missing in opening.Streams.Where(name => settings.Streams.All(stream => stream.Name != name)))
            throw new UserError($"the pipeline has no stream `{missing}`") { Where = [("streams", string.Join(", ", settings.Streams.Select(stream => stream.Name)))], ExitCode = ExitCode.Usage };
        if (settings.Streams.GroupBy(stream => stream.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UserError($"the stream `{twice.Key}` is there twice") { Hint = "give each stream a name of its own", ExitCode = ExitCode.Usage };
        using var client = new ApiClient(settings, opening.Time, opening.Log);
        using var folder = new TemporaryFolder("http");
        foreach (var endpoint in settings.Streams.Where(stream => opening.Streams.Count == 0 || opening.Streams.Contains(stream.Name)))
            await visit(endpoint, new(client, settings, endpoint, rules, Path.Combine(folder.Path, "records.jsonl")));
    }

    private StreamSchema SchemaOf(HttpStream endpoint, JsonObject schema)
    {
        using var document = JsonDocument.Parse(schema.ToJsonString());
        var shape = JsonSchemaShapes.Read(document.RootElement, rules, new(endpoint.Name, 1, endpoint.Name));
        return new SingerSchema(shape, [.. endpoint.Key.Where(key => shape.Fields.Any(field => field.SourceName == key))]).Columns(endpoint.Name, shape, versions: false);
    }

    private sealed class Preview(HttpSource source, int rows) : ISource
    {
        public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
        {
            var summaries = new List<StreamSummary>();
            await source.EachAsync(async (endpoint, reader) =>
            {
                await reader.FetchAsync(null, null, rows, cancel);
                summaries.Add(await reader.HandOverAsync(replaces: false, sink, cancel));
            });
            return new(summaries);
        }
    }
}

/// <summary>A JSON API of a pipeline.</summary>
/// <param name="Settings">The API.</param>
/// <param name="Shapes">How types become columns.</param>
internal sealed record HttpPlan(HttpSettings Settings, ShapeRules Shapes) : ISourcePlan
{
    public IDiscoverableSource Open(SourceOpening opening) => new HttpSource(Settings, Shapes, opening);
}
