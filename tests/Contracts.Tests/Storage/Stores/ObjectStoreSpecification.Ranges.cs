using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

public abstract partial class ObjectStoreSpecification
{
    [Theory]
    [InlineData(0, 1000, 1000)]
    [InlineData(0, 1, 1)]
    [InlineData(999, 1, 1)]
    [InlineData(500, 250, 250)]
    [InlineData(900, 500, 100)]
    [InlineData(1000, 10, 0)]
    [InlineData(5000, 10, 0)]
    [InlineData(10, 0, 0)]
    public async Task Read_ARange_FillsUpToTheEnd(int offset, int asked, int expected)
    {
        var bytes = Pattern(1000);
        var etag = await Store.PutAsync("raw/data", bytes, default, Cancel);
        var destination = new byte[asked];

        Assert.Equal(expected, await Store.ReadAsync("raw/data", offset, destination, etag, Cancel));
        Assert.Equal(bytes.AsSpan(Math.Min(offset, 1000), expected), destination.AsSpan(0, expected));
    }

    [Fact]
    public async Task Read_AnObjectThatChanged_IsAnError()
    {
        var etag = await Put("raw/data", "old");
        await Put("raw/data", "new");

        var error = await Refuses(() => Store.ReadAsync("raw/data", 0, new byte[3], etag, Cancel));

        Assert.Contains("`raw/data`", error.What, StringComparison.Ordinal);
        Assert.Contains("changed", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AnObjectThatIsGone_IsAnError()
    {
        var error = await Refuses(() => Store.ReadAsync("raw/data", 0, new byte[3], null, Cancel));

        Assert.Contains("`raw/data`", error.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData((5 * 64 * 1024) + 17)]
    public async Task Download_AnySize_GivesTheSameBytes(int size)
    {
        var bytes = Pattern(size);
        await Store.PutAsync("raw/data", bytes, default, Cancel);
        var source = (await Store.HeadAsync("raw/data", Cancel))!;
        var target = Path.Combine(LocalFolder, "data");

        await Store.DownloadAsync(source, target, new TransferLimits { PieceSize = 64 * 1024, Parallelism = 3 }, Cancel);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(target, Cancel));
        Assert.Equal([target], Directory.GetFiles(LocalFolder));
    }

    [Fact]
    public async Task Download_AnObjectThatChanged_LeavesNoFile()
    {
        var etag = await Put("raw/data", "old");
        await Put("raw/data", "new");
        var target = Path.Combine(LocalFolder, "data");

        await Refuses(() => Store.DownloadAsync("raw/data", etag, target, Cancel));
        await Refuses(() => Store.DownloadAsync(new ObjectMetadata("raw/data", 3, etag!, default), target, Cancel));
        await Refuses(() => Store.DownloadAsync("raw/none", null, target, Cancel));

        Assert.Empty(Directory.GetFiles(LocalFolder));
    }
}
