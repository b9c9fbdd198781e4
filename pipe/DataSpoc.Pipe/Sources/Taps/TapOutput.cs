using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>What a tap writes, as long as its limits of time allow; remembers whether the end was met. Time in which nobody reads does not count as silence.</summary>
/// <param name="inner">The tap's stdout.</param>
/// <param name="settings">The limits.</param>
/// <param name="time">The clock.</param>
internal sealed class TapOutput(Stream inner, TapSettings settings, TimeProvider time) : Stream
{
    private readonly long started = time.GetTimestamp();

    public bool Ended { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="UserError">The tap was silent, or ran, for longer than it may.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = settings.TotalTimeout is { } total ? total - time.GetElapsedTime(started) : (TimeSpan?)null;
        var patience = left < settings.IdleTimeout ? left.Value : settings.IdleTimeout;
        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time, cancellationToken);
            Ended |= read == 0 && buffer.Length > 0;
            return read;
        }
        catch (TimeoutException error)
        {
            throw patience == left ? Late(error) : Silent(error);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private UserError Silent(Exception inner) => new($"`{settings.Name}` has written nothing for {settings.IdleTimeout.TotalSeconds:0.###} s", inner)
    {
        Where = [("tap", settings.Command)],
        Hint = "it hangs, or its source is slow: `timeouts.idle` of the pipeline's source says how long to wait",
    };

    private UserError Late(Exception inner) => new($"`{settings.Name}` has run for longer than {settings.TotalTimeout!.Value.TotalSeconds:0.###} s", inner)
    {
        Where = [("tap", settings.Command)],
        Hint = "what it has acknowledged is kept, the next run goes on from there: `timeouts.total` of the pipeline's source says how long it may run",
    };
}
