using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.CommandLine.Terminal;

/// <summary>
/// Stdin whose blocking reads end when the command is interrupted: a tap that is silent for an hour must not hold
/// back a SIGTERM. Reads throw <see cref="OperationCanceledException"/> then.
/// </summary>
internal sealed class StandardInputStream : Stream
{
    private const int InterruptedCall = 4, TryAgain = 11, TryAgainOnMac = 35;
    private const int PollMilliseconds = 200;
    private readonly CancellationToken _cancel;

    private StandardInputStream(CancellationToken cancel) => _cancel = cancel;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static Stream Open(CancellationToken cancel) =>
        OperatingSystem.IsWindows() ? Console.OpenStandardInput() : new StandardInputStream(cancel);

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            _cancel.ThrowIfCancellationRequested();
            if (!SystemCalls.WaitUntilReadable(0, PollMilliseconds))
                continue;
            var read = SystemCalls.Read(0, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (read >= 0)
                return (int)read;
            var error = Marshal.GetLastPInvokeError();
            if (error is not (InterruptedCall or TryAgain or TryAgainOnMac))
                throw new UserError($"stdin cannot be read: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
