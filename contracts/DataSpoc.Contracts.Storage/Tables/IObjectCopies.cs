namespace DataSpoc.Contracts.Storage.Tables;

/// <summary>Keeps small objects that were read once, so that they are not asked for again while they are what a listing says they are.</summary>
public interface IObjectCopies
{
    /// <summary>The content of an object that was listed, or null where it is gone.</summary>
    Task<ReadOnlyMemory<byte>?> GetAsync(IObjectStore store, ObjectMetadata listed, CancellationToken cancel);
}
