using DataSpoc.Tests;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Tests.Faults;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>The specification over S3.</summary>
public abstract class S3ObjectStoreSpecification(string prefix) : ObjectStoreSpecification
{
    private S3Bucket? bucket;

    private protected virtual S3StoreOptions Options { get; } = new()
    {
        Retries = new() { FirstDelay = TimeSpan.FromMilliseconds(5), LongestDelay = TimeSpan.FromMilliseconds(20) },
        Transfers = new() { PieceSize = 5 * 1024 * 1024 },
    };

    protected override Task MakeBucketAsync()
    {
        bucket = new();
        return bucket.MakeAsync();
    }

    protected override async Task RemoveBucketAsync()
    {
        if (bucket is not null)
            await bucket.DisposeAsync();
    }

    protected override IObjectStore Open() => bucket!.Open(prefix, Options);
}

/// <summary>A whole S3 bucket.</summary>
public sealed class S3ObjectStoreTests() : S3ObjectStoreSpecification("");

/// <summary>A part of an S3 bucket.</summary>
public sealed class S3ObjectStoreBelowAPrefixTests() : S3ObjectStoreSpecification("company/lake")
{
    // the races are those of the whole bucket
    protected override int Rounds(int asked) => asked / 10;
}

/// <summary>
/// S3 over a connection on which every third request fails, half of them after the server has done what it was asked:
/// the retries hide it all, but for what a conditional write answers.
/// </summary>
public sealed class S3ObjectStoreOnABadConnectionTests() : S3ObjectStoreSpecification("")
{
    private readonly List<FaultyTransport> connections = [];

    private protected override S3StoreOptions Options => base.Options with
    {
        // thousands of calls: one of them would fail eight times in a row by mere chance
        Retries = base.Options.Retries with { Attempts = 30 },
        Transport = inner =>
        {
            var connection = new FaultyTransport(every: 3) { InnerHandler = inner };
            lock (connections)
                connections.Add(connection);
            return connection;
        },
    };

    protected override int Rounds(int asked) => asked / 4;

    // a write that is tried again meets itself
    private protected override bool AnswersMayBeLost => true;

    protected override async Task RemoveBucketAsync()
    {
        await base.RemoveBucketAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{connections.Sum(connection => connection.Faults)} faults");
    }
}
