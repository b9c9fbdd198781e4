using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources;

/// <summary>A place in a source's output, to name in errors.</summary>
/// <param name="Origin">What is read, as people know it: <c>tap-shop</c>, <c>stdin</c>, <c>orders.ndjson</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Stream">The stream, or null where the line does not say one.</param>
internal sealed record SourcePosition(string Origin, long Line, string? Stream)
{
    public override string ToString() => $"line {Line} of {Origin}";

    /// <summary>An error whose sentence already names the place.</summary>
    public UserError Error(string what, string? hint = null, Exception? inner = null) => new(what, inner)
    {
        Where = Stream is null ? [("source", Origin)] : [("source", Origin), ("stream", Stream)],
        Hint = hint,
    };
}
