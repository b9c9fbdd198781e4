using System.Text;
using DataSpoc.Pipe.Sources.Rows;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>The streams met so far, in order.</summary>
/// <param name="options">Which are taken, and how.</param>
internal sealed class StreamTable(SingerOptions options)
{
    private readonly Utf8Names names = new();
    private readonly List<SingerStream> streams = [];
    private int last = -1;

    public IReadOnlyList<SingerStream> All => streams;

    /// <summary>Whether the time of extraction becomes a column.</summary>
    public bool KeepsExtraction => options.ExtractedAt is not null;

    /// <summary>The stream of this name; made where it is new. Mostly it is the one asked for last.</summary>
    public SingerStream Get(ReadOnlySpan<byte> name)
    {
        if (last < 0 || !name.SequenceEqual(names[last]))
        {
            last = names.Find(name);
            if (last < 0)
            {
                last = names.Add(name);
                var text = Encoding.UTF8.GetString(name);
                streams.Add(new SingerStream(text, options) { Ignored = options.Streams.Count > 0 && !options.Streams.Contains(text) });
            }
        }

        return streams[last];
    }
}
