using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>
/// Lines of a stream of bytes, without copies: each lies whole in one buffer, which grows for a long line and shrinks after it.
/// A line's end is <c>\n</c>; the last line may lack it; a byte order mark before the first is left out.
/// </summary>
/// <param name="input">Read to its end, not disposed.</param>
/// <param name="origin">What the stream is called in errors.</param>
/// <param name="longest">Bytes of a line that are accepted.</param>
internal sealed class LineBuffer(Stream input, string origin, int longest)
{
    private const int UsualSize = 1 << 18;

    private byte[] buffer = [];
    private int start;
    private int searched;
    private int end;
    private bool ended;

    /// <summary>The number of the line taken last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Takes the next line where all of it is here. It is valid until the next <see cref="FillAsync"/>.</summary>
    /// <exception cref="UserError">The line is longer than the limit.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        var length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
        if (length >= 0)
        {
            line = buffer.AsMemory(start, searched + length - start);
            start = searched = searched + length + 1;
        }
        else if (ended && start < end)
        {
            line = buffer.AsMemory(start, end - start);
            start = searched = end;
        }
        else
        {
            searched = end;
            line = default;
            return false;
        }

        if (line.Length > longest)
            throw TooLong();

        Line++;
        return true;
    }

    /// <summary>Brings more bytes; false where there are none and every line was taken.</summary>
    /// <exception cref="UserError">A line is longer than the limit.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (ended)
            return false;

        MakeRoom();
        var read = await input.ReadAsync(buffer.AsMemory(end), cancel);
        if (Line == 0 && start == 0)
            read = await SkipMarkAsync(read, cancel);

        end += read;
        ended = read == 0;
        return !ended || start < end;
    }

    private void MakeRoom()
    {
        var kept = end - start;
        if (kept > longest)
            throw TooLong();

        var size = buffer.Length;
        if (kept < UsualSize / 2)
            size = UsualSize;
        else if (buffer.Length - kept < UsualSize / 4)
            size = (int)Math.Min((long)longest + UsualSize, buffer.Length * 2L);

        if (size != buffer.Length)
        {
            var next = GC.AllocateUninitializedArray<byte>(size);
            buffer.AsSpan(start, kept).CopyTo(next);
            buffer = next;
        }
        else if (start > 0)
            buffer.AsSpan(start, kept).CopyTo(buffer);

        start = 0;
        searched = end = kept;
    }

    private UserError TooLong() => new SourcePosition(origin, Line + 1, null).Error(
        $"line {Line + 1} of {origin} is longer than {longest:N0} bytes",
        "one message is one line: leave the field that is so large out of the tap's selection");

    private async ValueTask<int> SkipMarkAsync(int read, CancellationToken cancel)
    {
        while (end + read is > 0 and < 3 && "\uFEFF"u8.StartsWith(buffer.AsSpan(0, end + read)))
        {
            var more = await input.ReadAsync(buffer.AsMemory(end + read), cancel);
            read += more;
            if (more == 0)
                return read;
        }

        if (end == 0 && buffer.AsSpan(0, read).StartsWith("\uFEFF"u8))
            start = searched = 3;

        return read;
    }
}
