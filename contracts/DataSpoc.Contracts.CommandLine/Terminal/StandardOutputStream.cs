using System.Runtime.InteropServices;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Terminal;

/// <summary>
/// A standard stream written with <c>write(2)</c>. The runtime's console stream swallows EPIPE, so that a query whose
/// reader has gone would run to its end; its file stream writes at offsets of its own, so that processes that share a
/// redirected file would overwrite each other.
/// </summary>
internal sealed class StandardOutputStream : Stream
{
    private const int InterruptedCall = 4, TryAgain = 11, TryAgainOnMac = 35, BrokenPipe = 32;
    private readonly int _descriptor;

    private StandardOutputStream(int descriptor) => _descriptor = descriptor;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutputStream(1);

    public static TextWriter OpenError() =>
        new StreamWriter(OperatingSystem.IsWindows() ? Console.OpenStandardError() : new StandardOutputStream(2), new UTF8Encoding(false), 1024) { AutoFlush = true };

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = SystemCalls.Write(_descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case InterruptedCall:
                    break;
                case TryAgain or TryAgainOnMac:
                    SystemCalls.WaitUntilWritable(_descriptor);
                    break;
                case BrokenPipe when _descriptor == 1:
                    throw new BrokenPipeException();
                case BrokenPipe:
                    return;
                case var error:
                    throw Refused(error);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private static UserError Refused(int error) => new($"stdout cannot be written: {Marshal.GetPInvokeErrorMessage(error)}")
    {
        Hint = "free space where stdout goes to, or send it elsewhere",
    };
}
