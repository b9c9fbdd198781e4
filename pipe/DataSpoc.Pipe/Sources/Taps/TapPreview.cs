using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>
/// The first rows of each stream of a tap. A tap reads one stream after the other, so it is run once for each, and ended when it has given enough; one that
/// cannot tell its streams shows those that come before enough is there.
/// </summary>
internal sealed class TapPreview(TapSettings settings, int rows) : ISource
{
    public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
    {
        var summaries = new List<StreamSummary>();
        foreach (var streams in await StreamsAsync(cancel))
        {
            var one = settings with { Streams = streams, State = default, Reading = settings.Reading with { ChunkRows = Math.Min(rows, settings.Reading.ChunkRows) } };
            summaries.AddRange((await new FirstRows(new SingerTap(one), rows).ReadAsync(sink, cancel)).Streams);
        }

        return new(summaries);
    }

    private async Task<IReadOnlyList<IReadOnlySet<string>>> StreamsAsync(CancellationToken cancel)
    {
        try
        {
            var discovered = await new SingerTap(settings).DiscoverAsync(cancel);
            return [.. discovered.Select(stream => new HashSet<string> { stream.Schema.Stream })];
        }
        catch (UserError error) when (error.ExitCode != ExitCode.Usage)
        {
            settings.Log?.Invoke(error.What);
            return [settings.Streams];
        }
    }
}
