namespace DataSpoc.Lens.Sql;

/// <summary>What a query may do besides reading its tables.</summary>
/// <param name="ExportTo">The only file that it may write, or null.</param>
/// <param name="Unguarded">Whether it may do anything.</param>
internal sealed record Permissions(string? ExportTo = null, bool Unguarded = false);
