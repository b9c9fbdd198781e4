using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// Which table each stream of a source goes into. A stream whose name is one of the contract keeps it; others are folded. Of streams that would meet there each gets a suffix made from
/// its name, whatever the order in which they come, as far as the source tells its streams beforehand. What was decided once stays: a table remembers its stream.
/// </summary>
/// <param name="store">The bucket.</param>
/// <param name="source">The tables' source.</param>
internal sealed class StreamTables(IObjectStore store, string source)
{
    private readonly Dictionary<string, StreamTable> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streams = new(StringComparer.Ordinal);

    /// <summary>Streams that will come, or may.</summary>
    public void Announce(IEnumerable<string> streams) => _streams.UnionWith(streams);

    /// <summary>The table's name as far as it is known without a look into the bucket.</summary>
    public string NameOf(string stream) => _tables.GetValueOrDefault(stream)?.Location.Table ?? NameFolding.Fold(stream);

    /// <summary>The table of a stream.</summary>
    public async Task<StreamTable> OfAsync(string stream, CancellationToken cancel)
    {
        if (_tables.TryGetValue(stream, out var known))
            return known;
        _streams.Add(stream);
        var folded = NameFolding.Fold(stream);
        var (plain, own) = (await ReadAsync(folded, cancel), default(StreamTable));
        var isPlain = plain.Stream is { } owner ? owner == stream : folded == stream || !_streams.Any(other => other != stream && NameFolding.Fold(other) == folded);
        // a name that is another's, or was this stream's own before the other one was gone
        if (!isPlain || _owners.ContainsKey(folded) || (plain.Stream is null && folded != stream))
            own = await ReadAsync(NameFolding.WithSuffix(folded, stream), cancel);
        var table = own is not null && (!isPlain || _owners.ContainsKey(folded) || own.Stream == stream) ? own : plain;
        _owners[table.Location.Table] = stream;
        return _tables[stream] = table;
    }

    private async Task<StreamTable> ReadAsync(string name, CancellationToken cancel)
    {
        var location = new TableLocation(Layer.Raw, source, name);
        var snapshot = await new TableLog(store).ReadAsync(location, cancel);
        return new(location, snapshot, snapshot is null ? null : ManifestEntry.From(location, snapshot, null).SourceName ?? name);
    }
}

/// <summary>A stream's table.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Snapshot">What it holds; null where there is none yet.</param>
/// <param name="Stream">The stream whose rows it holds; null where there is none yet.</param>
internal sealed record StreamTable(TableLocation Location, TableSnapshot? Snapshot, string? Stream);
