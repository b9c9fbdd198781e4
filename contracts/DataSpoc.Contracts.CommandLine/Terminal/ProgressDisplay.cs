using System.Text;
using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.CommandLine.Terminal;

/// <summary>Draws the live lines of everything that is under way, ten times a second, while anything is.</summary>
internal sealed class ProgressDisplay(ErrorStream stderr, TimeProvider time, bool live, bool quiet, Func<int?> width) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // shorter work than this is over before a line could be read
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);
    private readonly Lock _lock = new();
    private readonly List<ProgressLine> _lines = [];
    private ITimer? _timer;

    public ProgressLine Begin(string what, string unit, long? total, bool totalIsBytes)
    {
        var line = new ProgressLine(this, what, unit, total, totalIsBytes, time.GetTimestamp());
        lock (_lock)
        {
            _lines.Add(line);
            if (live && !quiet)
                _timer ??= time.CreateTimer(static d => ((ProgressDisplay)d!).Draw(), this, Delay, Interval);
        }
        return line;
    }

    public void End(ProgressLine line, string? note)
    {
        if (!Take(line) || quiet)
            return;
        var elapsed = time.GetElapsedTime(line.Started);
        if (stderr.Json)
        {
            stderr.Event("info", new()
            {
                ["message"] = note is null ? $"{line.What} done" : $"{line.What}: {note}",
                ["what"] = line.What,
                [line.Unit] = line.Amount,
                ["bytes"] = line.Bytes,
                ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
            });
            return;
        }
        stderr.Line(Summary(line, elapsed) + (note is null ? "" : $" · {note}"));
    }

    public void Remove(ProgressLine line) => Take(line);

    public void Dispose()
    {
        lock (_lock)
        {
            _lines.Clear();
            _timer?.Dispose();
            _timer = null;
        }
        stderr.Progress("");
    }

    private bool Take(ProgressLine line)
    {
        lock (_lock)
        {
            if (!_lines.Remove(line))
                return false;
            if (_lines.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
        Draw();
        return true;
    }

    private void Draw()
    {
        if (!live || quiet)
            return;
        lock (_lock)
        {
            var columns = Math.Max(20, (width() ?? 80) - 1);
            var text = new StringBuilder();
            foreach (var line in _timer is null ? [] : _lines)
                text.Append(Output.CellDisplay.Cut(ProgressText.Live(line, time.GetElapsedTime(line.Started)), columns)).Append('\n');
            stderr.Progress(text.ToString());
        }
    }

    private static string Summary(ProgressLine line, TimeSpan elapsed) => ProgressText.Final(line, elapsed);
}
