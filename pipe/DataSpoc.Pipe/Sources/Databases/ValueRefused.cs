namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>A value that its column cannot hold.</summary>
/// <param name="sentence">What is the matter, to follow the column's name: "is infinity".</param>
internal sealed class ValueRefused(string sentence) : Exception(sentence)
{
    /// <summary>What to do about it, or null.</summary>
    public string? Hint { get; init; }
}
