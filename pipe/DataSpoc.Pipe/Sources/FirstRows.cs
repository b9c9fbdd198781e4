using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources;

/// <summary>Reads a source until each stream that it has announced so far has given so many rows; hands over no more than these, and no bookmark.</summary>
internal sealed class FirstRows(ISource source, int rows) : ISource
{
    public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
    {
        var limit = new Limit(sink, rows);
        try
        {
            await source.ReadAsync(limit, cancel);
        }
        catch (EnoughRowsException)
        {
            // as intended: the source is stopped by its reader's end
            return limit.Summary;
        }

        return limit.Summary;
    }

    private sealed class Limit(ISourceSink inner, int rows) : ISourceSink
    {
        private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

        public SourceSummary Summary => new([.. counts.Select(stream => new StreamSummary(stream.Key, stream.Value))]);

        public ValueTask StreamsAsync(IReadOnlyCollection<string> streams, CancellationToken cancel) => inner.StreamsAsync(streams, cancel);

        public ValueTask SchemaAsync(StreamSchema schema, CancellationToken cancel)
        {
            counts.TryAdd(schema.Stream, 0);
            return inner.SchemaAsync(schema, cancel);
        }

        public DataChunk Rent(StreamSchema schema, CancellationToken cancel) => inner.Rent(schema, cancel);

        public async ValueTask RowsAsync(StreamSchema schema, DataChunk chunk, long? version, CancellationToken cancel)
        {
            chunk.Count = Math.Min(chunk.Count, rows - counts[schema.Stream]);
            counts[schema.Stream] += chunk.Count;
            await inner.RowsAsync(schema, chunk, version, cancel);
            if (counts.Values.All(count => count >= rows))
                throw new EnoughRowsException();
        }

        public ValueTask StateAsync(ReadOnlyMemory<byte> state, bool complete, CancellationToken cancel) => ValueTask.CompletedTask;

        public ValueTask ActivateVersionAsync(string stream, long version, CancellationToken cancel) => ValueTask.CompletedTask;

        public ValueTask<bool> RejectAsync(string stream, RejectedRecord record, CancellationToken cancel) => inner.RejectAsync(stream, record, cancel);

        public bool LeavesOut(string stream) => inner.LeavesOut(stream);

        public ValueTask FailedAsync(string stream, UserError error, CancellationToken cancel) => inner.FailedAsync(stream, error, cancel);
    }

    private sealed class EnoughRowsException : Exception;
}
