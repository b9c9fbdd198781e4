using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Singer.Batches;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>
/// Singer messages from a stream of bytes: the lines of a tap's stdout, or of our stdin. The rules (Singer specification 0.3.0 and
/// the Meltano SDK): nothing is skipped silently; a line that is no message ends the reading; what goes wrong within one
/// stream ends that stream; a schema that changes applies to what follows, and what came before is handed over under the old one.
/// </summary>
/// <param name="input">UTF-8, one message per line; read to its end, not disposed.</param>
/// <param name="options">How it is read.</param>
#pragma warning disable CA1001 // what waits is disposed of at the end of ReadAsync
internal sealed class SingerReader(Stream input, SingerOptions options) : ISource
{
    private readonly StreamTable streams = new(options);
    private readonly OpenChunks chunks = new(options);
    private readonly WaitingRecords waiting = new();

    public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
    {
        using var _ = waiting;
        await ReadLinesAsync(input, options.Origin, null, sink, cancel);
        await HandOverAllAsync(sink, cancel);
        return new SourceSummary([.. streams.All.Where(s => s.Schema is not null).Select(s => s.Summary)]);
    }

    /// <param name="source">The lines.</param>
    /// <param name="origin">What errors call them.</param>
    /// <param name="batch">The stream whose records, without envelopes, the lines are; null: they are messages.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="cancel">Stops the reading.</param>
    private async Task ReadLinesAsync(Stream source, string origin, SingerStream? batch, ISourceSink sink, CancellationToken cancel)
    {
        var lines = new LineBuffer(source, origin, options.MaxLineBytes);
        var messages = new MessageReader(origin, streams);
        while (await lines.FillAsync(cancel))
        {
            while (lines.TryTake(out var line))
            {
                var step = Take(line);
                while (step != Step.None)
                    step = await DoAsync(step, messages, line, batch is null, sink, cancel) ? Take(line) : Step.None;
            }

            cancel.ThrowIfCancellationRequested();
        }

        Step Take(ReadOnlyMemory<byte> line) => batch is null ? messages.Take(line, lines.Line) : messages.TakeRecord(line, lines.Line, batch);
    }

    /// <returns>Whether the line has to be taken in again.</returns>
    private async ValueTask<bool> DoAsync(Step step, MessageReader messages, ReadOnlyMemory<byte> line, bool mayWait, ISourceSink sink, CancellationToken cancel)
    {
        if (step == Step.State)
        {
            var complete = sink.IsCommitDue;
            if (complete)
                await HandOverAllAsync(sink, cancel);
            await sink.StateAsync(messages.State, complete, cancel);
            return false;
        }

        var stream = messages.Stream!;
        if (step == Step.NeedsChunk)
        {
            if (mayWait && await WaitsAsync(stream, line, messages.Position.Line, sink, cancel))
                return false;

            if (stream.Chunk is null)
                await chunks.BeginAsync(stream, sink, cancel);
            return true;
        }

        if (step == Step.Schema)
        {
            await DeclareAsync(stream, line, messages.Position, sink, cancel);
            return false;
        }

        await HandOverAsync(stream, sink, cancel);
        switch (step)
        {
            case Step.NewFields:
                return await GrowAsync(stream, messages.Position, sink, cancel);
            case Step.FirstVersion:
                if (stream.AddVersions())
                    await sink.SchemaAsync(stream.Schema!, cancel);
                return true;
            case Step.ActivateVersion:
                stream.Active = messages.Version;
                if (stream.Schema is null)
                    stream.EarlyVersion = messages.Version;
                else
                    await sink.ActivateVersionAsync(stream.Name, messages.Version!.Value, cancel);
                break;
            case Step.Batch:
                await ReadBatchAsync(stream, line, messages.Position, sink, cancel);
                break;
            case Step.Failed when messages.Rejected is { } record && await sink.RejectAsync(stream.Name, record, cancel):
                break;
            case Step.Failed:
                await FailAsync(stream, messages.Failure!, sink, cancel);
                break;
        }

        return step == Step.NewVersion;
    }

    /// <summary>Lets the line of a stream wait where too many others have a chunk.</summary>
    /// <returns>Whether it waits; else nothing of the stream does.</returns>
    private async ValueTask<bool> WaitsAsync(SingerStream stream, ReadOnlyMemory<byte> line, long number, ISourceSink sink, CancellationToken cancel)
    {
        if (chunks.AreFew || line.Length > WaitingRecords.LongestLine)
        {
            await TakeWaitingAsync(stream, sink, cancel);
            return false;
        }

        if (waiting.Add(stream, line.Span, number))
            await TakeWaitingAsync(stream, sink, cancel);
        else if (waiting.IsFull)
            await HandOverAllAsync(sink, cancel);
        return true;
    }

    private async ValueTask TakeWaitingAsync(SingerStream stream, ISourceSink sink, CancellationToken cancel)
    {
        if (!waiting.Holds(stream))
            return;

        var messages = new MessageReader(options.Origin, streams);
        foreach (var (line, number) in waiting.Take(stream))
        {
            var step = messages.Take(line, number);
            while (step != Step.None)
                step = await DoAsync(step, messages, line, false, sink, cancel) ? messages.Take(line, number) : Step.None;
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Hands over all rows of a stream.</summary>
    private async ValueTask HandOverAsync(SingerStream stream, ISourceSink sink, CancellationToken cancel)
    {
        await TakeWaitingAsync(stream, sink, cancel);
        await chunks.HandOverAsync(stream, sink, cancel);
    }

    private async ValueTask HandOverAllAsync(ISourceSink sink, CancellationToken cancel)
    {
        await chunks.HandOverAllAsync(sink, cancel);
        while (waiting.Streams is [var stream, ..])
            await HandOverAsync(stream, sink, cancel);
    }

    private async ValueTask DeclareAsync(SingerStream stream, ReadOnlyMemory<byte> line, SourcePosition position, ISourceSink sink, CancellationToken cancel)
    {
        SingerSchema schema;
        try
        {
            schema = SingerSchema.Read(line, options.Shapes, position);
        }
        catch (UserError error)
        {
            await HandOverAsync(stream, sink, cancel);
            await FailAsync(stream, error, sink, cancel);
            return;
        }

        if (schema.Equals(stream.Declared))
            return;

        await HandOverAsync(stream, sink, cancel);
        if (stream.Declare(schema))
            await sink.SchemaAsync(stream.Schema!, cancel);
        stream.Context.LeavesOut = sink.LeavesOut(stream.Name);

        if (stream.EarlyVersion is { } version)
        {
            stream.EarlyVersion = null;
            await sink.ActivateVersionAsync(stream.Name, version, cancel);
        }
    }

    private async ValueTask<bool> GrowAsync(SingerStream stream, SourcePosition position, ISourceSink sink, CancellationToken cancel)
    {
        try
        {
            stream.Grow(options.MaxUndeclaredFields, position);
        }
        catch (UserError error)
        {
            await FailAsync(stream, error, sink, cancel);
            return false;
        }

        await sink.SchemaAsync(stream.Schema!, cancel);
        return true;
    }

    private async ValueTask ReadBatchAsync(SingerStream stream, ReadOnlyMemory<byte> line, SourcePosition position, ISourceSink sink, CancellationToken cancel)
    {
        try
        {
            await new BatchReader(options, chunks, (lines, origin, batch) => ReadLinesAsync(lines, origin, batch, sink, cancel)).ReadAsync(stream, line, position, sink, cancel);
        }
        catch (UserError error)
        {
            await HandOverAsync(stream, sink, cancel);
            await FailAsync(stream, error, sink, cancel);
        }
    }

    private static ValueTask FailAsync(SingerStream stream, UserError error, ISourceSink sink, CancellationToken cancel)
    {
        stream.Ignored = true;
        return sink.FailedAsync(stream.Name, error, cancel);
    }
}
