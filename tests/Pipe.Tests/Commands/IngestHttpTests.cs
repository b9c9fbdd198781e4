using Pipe.Tests.Sources.Http;

namespace Pipe.Tests.Commands;

/// <summary><c>pipe ingest</c> of a pipeline whose source is a JSON API.</summary>
public sealed class IngestHttpTests : IDisposable
{
    private readonly PipeLake lake = new();

    public void Dispose() => lake.Dispose();

    [Fact]
    public async Task Ingest_Api_AppendsWhatIsNewAndReplacesWhatHasNoCursor()
    {
        var run = 0;
        await using var api = new ApiServer(request => request.RawUrl switch
        {
            "/v1/orders?since=2026-01-01T00%3A00%3A00Z" => new("""{"data": [{"id": 2, "at": "2026-01-02T00:00:00Z", "amount": 2.5}]}"""),
            "/v1/orders" => new("""{"data": [{"id": 1, "at": "2026-01-01T00:00:00Z", "amount": 1.5}]}"""),
            "/v1/rates?base=EUR" => new($$"""{"data": [{"run": {{++run}}}]}"""),
            _ => new("no such endpoint", 404),
        });
        lake.Write("pipe.yaml", "");
        lake.Write("pipelines/shop.yaml", $$"""
            source:
              http:
                url: {{api.Url}}/v1
                auth: { bearer: "${HOME}" }
                records: data
                retries: 0
                streams:
                  - name: orders
                    key: [id]
                    incremental: { field: at, param: since }
                  - name: rates
                    params: { base: EUR }
                  - name: gone
            destination: { bucket: "{{lake.Bucket}}" }
            incremental: { enabled: true }
            """);
        for (var i = 0; i < 2; i++)
        {
            var result = await lake.RunAsync("ingest shop");
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("`gone` cannot be read: the API answered 404", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal(["1|2026-01-01 00:00:00+00|1.5", "2|2026-01-02 00:00:00+00|2.5"], lake.Rows("select id, \"at\", amount from $files order by id", "raw/shop/orders"));
        Assert.Equal(["2"], lake.Rows("select run from $files", "raw/shop/rates"));
        Assert.Equal("Bearer " + lake.Folder, api.Headers[0]["Authorization"]);
    }
}
