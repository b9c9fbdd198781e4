using System.Text;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>
/// Reads a tap's stderr to its end, whatever it writes there: one that is not read blocks the tap once the pipe is full. Of all that, the last
/// lines are kept, and the last one that says why the tap gave up.
/// </summary>
/// <param name="secrets">What must not be shown.</param>
/// <param name="log">Told every line.</param>
internal sealed class ErrorTail(Secrets secrets, Action<string>? log)
{
    private const int LinesKept = 15;
    private const int LongestLine = 500;

    private readonly Queue<string> last = new();
    private readonly StringBuilder line = new();

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (last)
                return [.. last];
        }
    }

    /// <summary>The last line of the levels CRITICAL or FATAL, or null.</summary>
    public string? Critical { get; private set; }

    public async Task DrainAsync(StreamReader errors, CancellationToken cancel)
    {
        var buffer = new char[4096];
        while (await errors.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            foreach (var c in buffer.AsSpan(0, count))
            {
                if (c == '\n')
                    EndLine();
                else if (line.Length < LongestLine && c != '\r')
                    line.Append(char.IsControl(c) ? ' ' : c);
            }
        }

        EndLine();
    }

    private void EndLine()
    {
        if (line.Length == 0)
            return;

        var text = secrets.Mask(line.ToString());
        line.Clear();
        lock (last)
        {
            last.Enqueue(text);
            if (last.Count > LinesKept)
                last.Dequeue();
        }

        if (text.Contains("CRITICAL", StringComparison.OrdinalIgnoreCase) || text.Contains("FATAL", StringComparison.OrdinalIgnoreCase))
            Critical = text;
        log?.Invoke(text);
    }
}
