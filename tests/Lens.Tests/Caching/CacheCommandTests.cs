using Xunit;

namespace Lens.Tests.Caching;

public sealed class CacheCommandTests
{
    [Fact]
    public async Task Cache_EmptyAndLocal_HasNothing()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        using var lens = new LensProcess();

        Assert.Equal("copies,bytes\n0,0\n", (await lens.RunAsync("cache")).Out);
        Assert.Equal(0, (await lens.RunAsync("cache", "orders", "--bucket", lake.Uri, "--refresh")).Exit);
        Assert.Equal("file,bytes,used\n", (await lens.RunAsync("cache", "--list")).Out);
        Assert.Equal(0, (await lens.RunAsync("cache", "--clear")).Exit);
    }
}
