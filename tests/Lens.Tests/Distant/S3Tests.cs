using Xunit;

namespace Lens.Tests.Distant;

/// <summary>Buckets on S3, with the bucket's own access control.</summary>
public sealed class S3Tests
{
    [Fact]
    public async Task Sql_OnS3_ReadsTablesAndKeepsCopies()
    {
        await using var s3 = await S3Lake.NewAsync();
        await s3.Lake.WriteAsync("raw/shop/orders", "SELECT range AS id, DATE '2026-01-01' + (range % 3)::INTEGER AS dt FROM range(30)");

        var first = await s3.AskAsync("select dt, count(*) as n from raw.shop_orders group by dt order by dt");
        var copies = Directory.GetFiles(s3.CacheFolder, "*.parquet", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc);
        var second = await s3.AskAsync("select count(*) as n from orders");

        Assert.Equal((0, "dt,n\n2026-01-01,10\n2026-01-02,10\n2026-01-03,10\n"), (first.Exit, first.Out));
        Assert.Equal((0, "n\n30\n"), (second.Exit, second.Out));
        Assert.Equal(3, copies.Count);
        Assert.All(copies, copy => Assert.Equal(copy.Value, File.GetLastWriteTimeUtc(copy.Key)));
    }

    [Theory]
    [InlineData("select * from raw.shop_orders")]
    [InlineData("select * from orders")]
    [InlineData("select * from raw.nothing_there")]
    [InlineData("show all tables")]
    [InlineData("describe raw.shop_orders")]
    [InlineData("explain select * from raw.shop_orders")]
    public async Task Sql_AsAStranger_ExitsWith4AndNamesBucketActionAndPrefix(string sql)
    {
        await using var s3 = await S3Lake.NewAsync();
        await s3.Lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");

        var outcome = await s3.AskAsBobAsync(sql);

        Assert.Equal((4, ""), (outcome.Exit, outcome.Out));
        Assert.Contains(s3.Name, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("  action", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(s3.CacheFolder));
    }

    [Fact]
    public async Task Sql_WhereOnlyCuratedMayBeRead_WorksThereAndNowhereElse()
    {
        await using var s3 = await S3Lake.NewAsync();
        await s3.Lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        await s3.Lake.WriteAsync("curated/sales/revenue", "SELECT 2.50::DECIMAL(9,2) AS total");
        await s3.AllowAsync($$$"""
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/bob"]}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{{{s3.Name}}}/curated/*"},
              {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/bob"]}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::{{{s3.Name}}}", "Condition": {"StringLike": {"s3:prefix": "curated/*"}} } ]}
            """);

        Assert.Equal((0, "total\n2.50\n"), Of(await s3.AskAsBobAsync("select * from curated.sales_revenue")));
        Assert.Equal((0, "total\n2.50\n"), Of(await s3.AskAsBobAsync("select * from revenue")));
        Assert.Equal((0, "schema,name\ncurated,sales_revenue\n"), Of(await s3.AskAsBobAsync("select schema, name from (show all tables)")));
        foreach (var elsewhere in new[] { "raw.shop_orders", "gold.sales_revenue", "predictions.late" })
        {
            var outcome = await s3.AskAsBobAsync($"select * from {elsewhere}");
            Assert.Equal((4, ""), Of(outcome));
            Assert.Contains(s3.Name, outcome.Error, StringComparison.Ordinal);
            Assert.Contains("  action", outcome.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sql_BucketThatDoesNotExist_SaysSo()
    {
        await using var s3 = await S3Lake.NewAsync();

        var outcome = await s3.AskAsync("select * from raw.shop_orders", "--bucket", "other=s3://no-such-bucket-here");

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("`s3://no-such-bucket-here`", outcome.Error, StringComparison.Ordinal);
    }

    private static (int, string) Of(Outcome outcome) => (outcome.Exit, outcome.Out);
}
