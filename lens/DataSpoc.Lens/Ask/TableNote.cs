using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Ask;

/// <summary>What a model is told of a table.</summary>
/// <param name="Table">Which it is.</param>
/// <param name="Name">As a query names it.</param>
/// <param name="Comment">What it means, or null.</param>
/// <param name="Rows">How many; null where nobody counted.</param>
/// <param name="Columns">In order.</param>
internal sealed record TableNote(ResolvedTable Table, string Name, string? Comment, long? Rows, IReadOnlyList<ColumnNote> Columns)
{
    /// <summary>Some rows, one JSON object each; private columns are not in them.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];

    /// <summary>The names by which files of the project may call a table.</summary>
    public static string[] NamesOf(ResolvedTable table) => [table.Table.ToString(), table.View.ToString()];
}

/// <summary>What a model is told of a column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">As SQL writes it.</param>
/// <param name="Comment">What it means, or null.</param>
/// <param name="IsKey">Whether it is part of what identifies a row.</param>
/// <param name="IsPartition">Whether files are parted by it.</param>
/// <param name="IsPrivate">Whether its values are not shown.</param>
internal sealed record ColumnNote(string Name, string Type, string? Comment, bool IsKey, bool IsPartition, bool IsPrivate);
