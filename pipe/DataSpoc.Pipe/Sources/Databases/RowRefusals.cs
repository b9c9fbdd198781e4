namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>What becomes of rows of one table with a value that its column cannot hold.</summary>
/// <param name="sink">Where rows go.</param>
/// <param name="stream">The table.</param>
internal sealed class RowRefusals(ISourceSink sink, string stream)
{
    /// <summary>Whether the value becomes NULL, and the row goes on.</summary>
    public bool LeavesOut { get; } = sink.LeavesOut(stream);

    /// <summary>Hands a row over to be kept apart.</summary>
    /// <returns>Whether it was taken; else the table fails.</returns>
    public ValueTask<bool> RejectAsync(RejectedRecord row, CancellationToken cancel) => sink.RejectAsync(stream, row, cancel);
}
