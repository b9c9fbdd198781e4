using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using Xunit;

namespace EndToEnd.Tests;

/// <summary><c>pipe ingest s3://…</c>: files that lie in a bucket.</summary>
public sealed class IngestFromS3Tests
{
    [Fact]
    public async Task Ingest_AGlobOfObjects_BringsThemAndThenOnlyNewOnes()
    {
        await using var s3 = new S3Bucket();
        await s3.MakeAsync();
        await using var store = s3.Open();
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?>(s3.Server.EnvironmentOf(s3.Server.Alice)) { ["DATASPOC_CACHE"] = folder.Path };
        string[] ingest = ["ingest", $"s3://{s3.Name}/in/*.csv", "--to", $"s3://{s3.Name}/lake", "--table", "shop/orders"];

        await store.PutAsync("in/a.csv", "id\n1\n"u8.ToArray(), WriteCondition.None, cancel);
        await store.PutAsync("in/b.csv", "id\n2\n"u8.ToArray(), WriteCondition.None, cancel);
        var first = await ToolProcess.RunAsync("pipe", ingest, environment);
        Assert.True(first.ExitCode == 0, first.ToString());
        await store.PutAsync("in/c.csv", "id\n3\n"u8.ToArray(), WriteCondition.None, cancel);
        var second = await ToolProcess.RunAsync("pipe", ingest, environment);
        Assert.True(second.ExitCode == 0, second.ToString());

        var rows = await ToolProcess.RunAsync("lens", ["sql", "select id from raw.shop_orders order by id", "--bucket", $"s3://{s3.Name}/lake", "-o", "csv"], environment);
        Assert.Equal("id\n1\n2\n3\n", rows.Output);

        var missing = await ToolProcess.RunAsync("pipe", ["ingest", $"s3://{s3.Name}/in/none.csv", "--to", $"s3://{s3.Name}/lake", "--table", "shop/none"], environment);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("there is no object", missing.Error, StringComparison.Ordinal);
    }
}
