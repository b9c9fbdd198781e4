using DataSpoc.Contracts.CommandLine.Terminal;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>Starts progress lines on stderr. Silent with <c>-q</c>.</summary>
public sealed class Progress
{
    private readonly ProgressDisplay _display;

    internal Progress(ProgressDisplay display) => _display = display;

    /// <summary>Work whose total is not known, or is a number of <paramref name="unit"/> (then with a bar).</summary>
    /// <param name="what">For example the stream's name.</param>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="total">The final count, if known.</param>
    public ProgressLine Begin(string what, string unit = "rows", long? total = null) => _display.Begin(what, unit, total, totalIsBytes: false);

    /// <summary>Work whose total is known in bytes, such as reading a file: the bar follows the bytes.</summary>
    public ProgressLine BeginBytes(string what, long totalBytes, string unit = "rows") => _display.Begin(what, unit, totalBytes, totalIsBytes: true);
}
