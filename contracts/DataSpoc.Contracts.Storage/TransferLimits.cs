namespace DataSpoc.Contracts.Storage;

/// <summary>How a large object is moved in pieces: <see cref="PieceSize"/> × <see cref="Parallelism"/> bytes in memory at most.</summary>
internal sealed record TransferLimits
{
    /// <summary>S3's limit.</summary>
    private const int MostPieces = 10_000;

    /// <summary>Bytes; 8 MiB by default. S3 refuses parts under 5 MiB except the last.</summary>
    public int PieceSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>Pieces under way at once; 4 by default.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>The pieces of an object: at least one, all of one size but the last.</summary>
    public IReadOnlyList<(int Number, long Offset, int Length)> Pieces(long size)
    {
        const int granule = 1024 * 1024;
        var needed = (size + MostPieces - 1) / MostPieces;
        var length = Math.Max(PieceSize, (needed + granule - 1) / granule * granule);
        var count = (int)Math.Max(1, (size + length - 1) / length);
        return [.. Enumerable.Range(0, count).Select(i => (i + 1, i * length, (int)Math.Min(length, size - (i * length))))];
    }
}
