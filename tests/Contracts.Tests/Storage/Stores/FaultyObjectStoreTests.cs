using DataSpoc.Contracts.Storage;
using DataSpoc.Tests.Faults;

namespace Contracts.Tests.Storage.Stores;

/// <summary>A faulty store to which nothing happens is the store itself.</summary>
public sealed class FaultyObjectStoreTests : ObjectStoreSpecification
{
    private readonly string folder = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;
    private readonly FaultInjector faults = new(FaultPlan.None);

    protected override Task MakeBucketAsync() => Task.CompletedTask;

    protected override Task RemoveBucketAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    protected override int Rounds(int asked) => asked / 10;

    protected override IObjectStore Open() => faults.Wrap(ObjectStores.Open(BucketUri.Parse(folder)));
}
