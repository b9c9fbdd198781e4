namespace DataSpoc.Lens.Comparison;

/// <summary>What differs between two versions of a table.</summary>
/// <param name="What"><c>version</c>, <c>committed</c>, <c>rows</c>, <c>files</c>, <c>column</c>, <c>keys added</c> ….</param>
/// <param name="Name">The column, where it is one.</param>
/// <param name="From">In the older version; null where it is not there.</param>
/// <param name="To">In the newer version; null where it is not there.</param>
internal sealed record TableDifference(string What, string? Name, string? From, string? To);
