using Xunit;

namespace EndToEnd.Tests;

/// <summary>What pipe keeps apart, lens shows, and pipe takes back after the fix.</summary>
public sealed class QuarantineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RejectedRecords_AreSeenByLens_AndComeBackAfterTheFix_Exactly()
    {
        var lake = Lake.In(_folder);
        _folder.Write("orders.ndjson", """
            {"type":"SCHEMA","stream":"orders","schema":{"properties":{"id":{"type":"integer"},"amount":{"type":"number","multipleOf":0.000000001},"n":{"type":"integer"}} },"key_properties":["id"]}
            {"type":"RECORD","stream":"orders","record":{"id":1,"amount":1.5,"n":1} }
            {"type":"RECORD","stream":"orders","record":{"id":2,"amount":12345678901234567890.123456789,"n":"many"} }

            """);
        void Pipeline(string type) => _folder.Write("pipelines/shop.yaml", $"source: {{tap: 'cat {_folder.Path}/orders.ndjson', name: shop}}\ndestination: {{bucket: '{lake.Bucket}'}}\ntables: {{orders: {{types: {{{type}}}, schema: {{types: quarantine}}}}}}\n");
        Pipeline("");
        await lake.DoAsync("pipe", "ingest", "shop", "--project", _folder.Path);
        Assert.Equal("1,1.500000000", await lake.RowsAsync("select id, amount from raw.shop_orders"));
        Assert.Equal("2,`orders.n` is not a whole number,orders,3", await lake.RowsAsync("select record->>'id', reason, stream, line from quarantine.shop_orders"));

        Pipeline("n: string");
        await lake.DoAsync("pipe", "replay", "shop/orders", "--project", _folder.Path, "--bucket", lake.Bucket);
        Assert.Equal("1,1.500000000,1\n2,12345678901234567890.123456789,many", await lake.RowsAsync("select id, amount, n from raw.shop_orders order by id"));
        Assert.Equal("0", await lake.RowsAsync("select count(*) from quarantine.shop_orders"));
    }
}
