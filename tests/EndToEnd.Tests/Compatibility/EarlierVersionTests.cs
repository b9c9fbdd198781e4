using DataSpoc.Contracts.Layout;
using Xunit;

namespace EndToEnd.Tests.Compatibility;

/// <summary>
/// A bucket that each version wrote is kept; today's tools read and extend a copy of it. Its rows: 40 ids in <c>raw.shop_days</c>, brought by two runs, the second with
/// the column <c>note</c> more; all of them in <c>curated.shop_days</c>; the model <c>late</c> and its predictions.
/// </summary>
public sealed class EarlierVersionTests
{
    [Theory]
    [InlineData("bucket-0.1.0")]
    public async Task Bucket_IsReadAndExtended(string name)
    {
        using var folder = new TemporaryFolder();
        var lake = Lake.In(folder);
        Copy(Path.Combine(SourceTree.Root, "tests/EndToEnd.Tests/Compatibility", name), lake.Path);
        var bucket = new WrittenDocuments(lake);

        await bucket.DoAsync(null, "pipe", "manifest", "verify", "--bucket", lake.Bucket);
        Assert.Equal("40,20,820", await lake.RowsAsync("select count(*), count(note), sum(id) from raw.shop_days"));
        Assert.Equal("40,40", await lake.RowsAsync("select count(*), count(late) from curated.shop_days"));
        Assert.Equal("40,0,1", await lake.RowsAsync("select count(*), count(*) filter (probability not between 0 and 1), max(model_version) from predictions.late"));

        folder.Write("pipe.yaml", "");
        folder.Write("transforms/shop/days.sql", "select id, weather, late from raw.shop_days");
        folder.Write("more.csv", "id,weather,late,note\n41,sun,false,x\n");
        await bucket.DoAsync(WritingTool.Pipe, "pipe", "ingest", "./more.csv", "--to", lake.Bucket, "--table", "shop/days", "--mode", "append");
        await bucket.DoAsync(WritingTool.Pipe, "pipe", "transform", "--to", lake.Bucket);
        await bucket.DoAsync(WritingTool.Ml, "ml", "predict", "--model", "late@1", "--from", "curated.shop_days", "--bucket", lake.Bucket);
        await bucket.DoAsync(WritingTool.Ml, "ml", "train", "--from", "curated.shop_days", "--target", "late", "--bucket", lake.Bucket);
        await bucket.DoAsync(WritingTool.Ml, "ml", "predict", "--model", "late", "--from", "curated.shop_days", "--bucket", lake.Bucket);
        await bucket.DoAsync(null, "lens", "sql", "select * from predictions.late", "--bucket", lake.Bucket);
        Assert.Equal("41,2", await lake.RowsAsync("select count(*), max(model_version) from predictions.late"));
        Assert.Equal("41,21,861", await lake.RowsAsync("select count(*), count(note), sum(id) from raw.shop_days"));
        await bucket.DoAsync(null, "pipe", "manifest", "verify", "--bucket", lake.Bucket);
        Assert.True(bucket.Checked >= 30, $"only {bucket.Checked} documents were checked");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
