using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.BatchTransforms;

/// <summary>A source whose rows go through a <see cref="BatchTransform"/>.</summary>
/// <param name="source">The source.</param>
/// <param name="transform">What is made of its rows.</param>
/// <param name="database">Where that is done.</param>
/// <param name="scratch">A folder for batches; they are deleted.</param>
internal sealed class TransformedSource(ISource source, BatchTransform transform, Database database, string scratch) : ISource
{
    public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
    {
        using var batches = new Batches(sink, transform, database, scratch);
        var summary = await source.ReadAsync(batches, cancel);
        await batches.FlushAsync(cancel);
        return summary;
    }

    private sealed class Batches(ISourceSink sink, BatchTransform transform, Database database, string scratch) : ISourceSink, IDisposable
    {
        /// <summary>Chunks that wait, of all streams together.</summary>
        private const int MostWaiting = 96;

        private readonly Dictionary<string, StreamBatch> _streams = new(StringComparer.Ordinal);

        public ValueTask StreamsAsync(IReadOnlyCollection<string> streams, CancellationToken cancel) => sink.StreamsAsync(streams, cancel);

        public async ValueTask SchemaAsync(StreamSchema schema, CancellationToken cancel)
        {
            if (_streams.Remove(schema.Stream, out var before))
            {
                await before.FlushAsync(cancel);
                before.Dispose();
            }
            if (!transform.IsFor(schema.Stream))
            {
                await sink.SchemaAsync(schema, cancel);
                return;
            }
            var batch = new StreamBatch(sink, transform, database, scratch, schema);
            _streams.Add(schema.Stream, batch);
            await sink.SchemaAsync(batch.Outgoing, cancel);
        }

        public DataChunk Rent(StreamSchema schema, CancellationToken cancel) => _streams.TryGetValue(schema.Stream, out var batch) ? batch.Rent(cancel) : sink.Rent(schema, cancel);

        public async ValueTask RowsAsync(StreamSchema schema, DataChunk rows, long? version, CancellationToken cancel)
        {
            if (!_streams.TryGetValue(schema.Stream, out var batch))
            {
                await sink.RowsAsync(schema, rows, version, cancel);
                return;
            }
            await batch.AddAsync(rows, version, cancel);
            if (_streams.Count > 1 && _streams.Values.Sum(stream => stream.Waiting) > MostWaiting)
                await _streams.Values.MaxBy(stream => stream.Waiting)!.FlushAsync(cancel);
        }

        public bool IsCommitDue => sink.IsCommitDue;

        public async ValueTask StateAsync(ReadOnlyMemory<byte> state, bool complete, CancellationToken cancel)
        {
            // the source may send the bytes again from the same place
            var bookmark = state.ToArray();
            if (complete)
                await FlushAsync(cancel);
            await sink.StateAsync(bookmark, complete, cancel);
        }

        public async ValueTask ActivateVersionAsync(string stream, long version, CancellationToken cancel)
        {
            if (_streams.TryGetValue(stream, out var batch))
                await batch.FlushAsync(cancel);
            await sink.ActivateVersionAsync(stream, version, cancel);
        }

        public bool LeavesOut(string stream) => sink.LeavesOut(stream);

        // a record that never becomes a row goes through the transform when it is replayed
        public ValueTask<bool> RejectAsync(string stream, RejectedRecord record, CancellationToken cancel) =>
            sink.RejectAsync(stream, _streams.TryGetValue(stream, out var batch) ? record with { BeforeTransform = batch.IncomingTypes } : record, cancel);

        public ValueTask FailedAsync(string stream, UserError error, CancellationToken cancel)
        {
            if (_streams.TryGetValue(stream, out var batch))
                batch.IsGivenUp = true;
            return sink.FailedAsync(stream, error, cancel);
        }

        public async Task FlushAsync(CancellationToken cancel)
        {
            foreach (var batch in _streams.Values)
                await batch.FlushAsync(cancel);
        }

        public void Dispose()
        {
            foreach (var batch in _streams.Values)
                batch.Dispose();
        }
    }
}
