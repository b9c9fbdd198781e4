using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources;

/// <summary>One column of a stream.</summary>
/// <param name="Name">In files: never equal to another one's without regard to case, never <c>dt</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">False only for key properties.</param>
internal sealed record StreamColumn(string Name, LogicalType Type, bool Nullable)
{
    /// <summary>The source's spelling of the name.</summary>
    public required string SourceName { get; init; }

    /// <summary>Met in records although the source's schema does not declare it.</summary>
    public bool Undeclared { get; init; }
}

/// <summary>What a stream's rows look like from here on, until it is replaced.</summary>
/// <param name="Stream">The source's name: any text.</param>
/// <param name="Columns">At least one, in the order of the chunks' columns.</param>
/// <param name="KeyProperties">Names of columns that together identify a row; empty where the source knows none.</param>
internal sealed record StreamSchema(string Stream, IReadOnlyList<StreamColumn> Columns, IReadOnlyList<string> KeyProperties)
{
    /// <summary>The types of a chunk's columns.</summary>
    public IReadOnlyList<LogicalType> Types { get; } = [.. Columns.Select(c => c.Type)];

    /// <summary>
    /// The stream begins anew in this reading: its rows take the place of what the table holds, with the first commit that has some of them. A source that wants no
    /// reader to see a part of them sends no bookmark before the last.
    /// </summary>
    public bool Replaces { get; init; }

    public bool Equals(StreamSchema? other) => other is not null && Stream == other.Stream && Replaces == other.Replaces
        && Columns.SequenceEqual(other.Columns) && KeyProperties.SequenceEqual(other.KeyProperties);

    public override int GetHashCode() => HashCode.Combine(Stream, Columns.Count);
}
