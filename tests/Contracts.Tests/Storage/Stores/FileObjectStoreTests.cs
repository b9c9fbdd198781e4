using DataSpoc.Contracts.Storage;

namespace Contracts.Tests.Storage.Stores;

/// <summary>The specification over a folder.</summary>
public sealed class FileObjectStoreTests : ObjectStoreSpecification
{
    private readonly string folder = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;

    protected override Task MakeBucketAsync() => Task.CompletedTask;

    protected override Task RemoveBucketAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    protected override IObjectStore Open() => ObjectStores.Open(BucketUri.Parse(folder));
}
