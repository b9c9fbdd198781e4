using System.Text;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Ml.Tests.Commands;

public sealed class DamagedInputTests
{
    [Fact]
    public async Task Train_FileThatIsNoParquet_IsAnErrorThatNamesTheTable()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", "SELECT i AS x, i % 2 = 0 AS y FROM range(100) t(i)");
        var file = Assert.Single(await lake.KeysAsync("raw/shop/t/"), key => key.EndsWith(".parquet", StringComparison.Ordinal));
        await lake.Store.PutAsync(file, Encoding.UTF8.GetBytes("not Parquet at all, but long enough"), WriteCondition.None, TestContext.Current.CancellationToken);
        var run = await MlProcess.RunAsync("train", "--from", "raw.shop_t", "--target", "y", "--bucket", lake.Bucket);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("`raw.shop_t` cannot be read", run.Error, StringComparison.Ordinal);
        Assert.Empty(await lake.KeysAsync("ml/"));
        Assert.Contains("\"status\": \"failed\"", await lake.TextAsync((await lake.KeysAsync(".dataspoc/ml/logs/"))[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FolderWithoutLog_IsReadAsDataSpoc10LeftIt()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", "SELECT hash('x' || i) % 100 AS x, hash('x' || i) % 100 > 40 AS y, NULL AS dt FROM range(100) t(i)");
        await lake.Store.DeleteAsync([.. (await lake.KeysAsync()).Where(key => !key.EndsWith(".parquet", StringComparison.Ordinal))], TestContext.Current.CancellationToken);
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_t", "--target", "y", "--bucket", lake.Bucket, "--keep", "x", "--rounds", "5");
    }

    [Fact]
    public async Task Train_NoSuchBucket_SaysSo()
    {
        var run = await MlProcess.RunAsync("train", "--from", "raw.shop_t", "--target", "y", "--bucket", "/nowhere/lake");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("bucket `file:///nowhere/lake` does not exist", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NoBucketNamed_IsWrongUsage()
    {
        var run = await MlProcess.RunAsync("train", "--from", "raw.shop_t", "--target", "y");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no bucket is named", run.Error, StringComparison.Ordinal);
    }
}
