namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>The streams whose chunks are being filled; few at once, however many streams there are.</summary>
internal sealed class OpenChunks(SingerOptions options)
{
    private readonly List<SingerStream> open = [];
    private long rents;

    /// <summary>Whether one more may be begun without handing another over.</summary>
    public bool AreFew => open.Count < options.MaxOpenChunks;

    /// <summary>Gives the stream an empty chunk; of too many open ones, the one that waited longest is handed over first.</summary>
    public async ValueTask BeginAsync(SingerStream stream, ISourceSink sink, CancellationToken cancel)
    {
        if (open.Count >= options.MaxOpenChunks)
            await HandOverAsync(open.MinBy(s => s.Turn)!, sink, cancel);

        stream.Begin(sink.Rent(stream.Schema!, cancel), ++rents);
        open.Add(stream);
    }

    /// <summary>Hands over the stream's chunk, where it has one.</summary>
    public ValueTask HandOverAsync(SingerStream stream, ISourceSink sink, CancellationToken cancel)
    {
        if (!open.Remove(stream))
            return ValueTask.CompletedTask;

        var version = stream.Version;
        return sink.RowsAsync(stream.Schema!, stream.End(), version, cancel);
    }

    public async ValueTask HandOverAllAsync(ISourceSink sink, CancellationToken cancel)
    {
        foreach (var stream in open.ToArray())
            await HandOverAsync(stream, sink, cancel);
    }
}
