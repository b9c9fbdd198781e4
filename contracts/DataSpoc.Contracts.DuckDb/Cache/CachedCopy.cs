namespace DataSpoc.Contracts.DuckDb.Cache;

/// <summary>A copy in the cache.</summary>
/// <param name="Path">The sparse file.</param>
/// <param name="Bytes">Bytes of the object that are there.</param>
/// <param name="UsedAt">When it was last used, UTC.</param>
public sealed record CachedCopy(string Path, long Bytes, DateTime UsedAt);
