using System.IO.Compression;
using System.Text;
using DataSpoc.Contracts.DuckDb;
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

    [Fact]
    public async Task Ingest_BatchesOfATap_ThatLieInABucket()
    {
        await using var s3 = new S3Bucket();
        await s3.MakeAsync();
        await using var store = s3.Open();
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?>(s3.Server.EnvironmentOf(s3.Server.Alice)) { ["DATASPOC_CACHE"] = folder.Path };
        using (var database = Database.Open(new()))
        using (var connection = database.Connect())
            connection.Execute($"COPY (SELECT range AS id, 'p' || range AS name FROM range(100, 103)) TO '{folder.Path}/more.parquet' (FORMAT parquet)", cancel);
        await store.PutAsync("batches/1.jsonl.gz", Gzip("{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"b\"}\n"), WriteCondition.None, cancel);
        await store.PutAsync("batches/2.parquet", await File.ReadAllBytesAsync($"{folder.Path}/more.parquet", cancel), WriteCondition.None, cancel);
        string Messages(string key) => $$$"""
            {"type":"SCHEMA","stream":"orders","schema":{"properties":{"id":{"type":"integer"},"name":{"type":"string"}} },"key_properties":["id"]}
            {"type":"BATCH","stream":"orders","encoding":{"format":"jsonl","compression":"gzip"},"manifest":["s3://{{{s3.Name}}}/batches/{{{key}}}"]}
            {"type":"BATCH","stream":"orders","encoding":{"format":"parquet"},"manifest":["s3://{{{s3.Name}}}/batches/2.parquet"]}
            {"type":"STATE","value":{"n":1} }

            """;
        string[] ingest = ["ingest", "-", "--source", "shop", "--to", $"s3://{s3.Name}/lake"];

        var missing = await ToolProcess.RunAsync("pipe", ingest, environment, input: Messages("none.jsonl.gz"));
        Assert.True(missing.ExitCode == 1, missing.ToString());
        Assert.Contains($"there is no object `s3://{s3.Name}/batches/none.jsonl.gz`", missing.Error, StringComparison.Ordinal);
        var run = await ToolProcess.RunAsync("pipe", ingest, environment, input: Messages("1.jsonl.gz"));
        Assert.True(run.ExitCode == 0, run.ToString());
        var rows = await ToolProcess.RunAsync("lens", ["sql", "select id, name from raw.shop_orders order by id", "--bucket", $"s3://{s3.Name}/lake", "-o", "csv"], environment);
        Assert.Equal("id,name\n1,a\n2,b\n100,p100\n101,p101\n102,p102\n", rows.Output);
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
