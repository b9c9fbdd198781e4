using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using Pipe.Tests.Commands;

namespace Pipe.Tests.Ingestion;

/// <summary>Values of JSON and Parquet files that are not of their column's type are judged one by one, as those of CSV are.</summary>
public sealed class FileContractTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public FileContractTests() => Pipeline("types: quarantine");

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Json_Quarantine_JudgesRows_Exactly()
    {
        _lake.Write("in/1.ndjson", """{"n": 1, "price": 1.5, "part": {"a": 1, "b": ["x"]}, "at": "2026-01-01"}""");
        await _lake.DoAsync("ingest files");
        _lake.Write("in/2.ndjson", """
            {"n": 2, "price": 2.25, "part": {"a": 2, "b": []}, "at": "2026-01-02"}
            {"n": 3.5, "price": 1, "part": {"a": 1, "b": []}, "at": null}
            {"n": "four", "price": 1, "part": null, "at": null}
            {"n": "5", "price": "5.5", "part": null, "at": "2026-01-05"}
            {"n": 6, "price": 1, "part": {"a": 6.5, "b": []}, "at": null}
            {"n": 7, "price": 1, "part": null, "at": "someday"}
            {"n": {"x": 1}, "price": 1, "part": null, "at": null}
            """);
        var run = await _lake.DoAsync("ingest files");
        Assert.Contains("5 records rejected", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1|1.5|1|2026-01-01", "2|2.25|2|2026-01-02", "5|5.5|NULL|2026-01-05"], _lake.Rows("select n, price, part.a, \"at\" from $files order by n", "raw/s/t"));
        Assert.Equal(["2|`n` is not BIGINT|3.5", "3|`n` is not BIGINT|four", "5|`part` is not STRUCT(\"a\" BIGINT, \"b\" VARCHAR[])|6", "6|`at` is not DATE|7", "7|`n` is not BIGINT|{\"x\":1}"],
            _lake.Rows("select record_number, reason, record->>'n' from $files order by 1", "quarantine/s/t"));
    }

    [Fact]
    public async Task Parquet_Quarantine_JudgesRows_Exactly()
    {
        Parquet("1", "select 1::bigint as n, 1.50::decimal(9,2) as price, 'a' as name, [1::bigint] as list");
        await _lake.DoAsync("ingest files");
        Parquet("2", "select * from (values (2.0::double, 2.25::double, 7, [2.0::double]), (2.5, 1, 8, null), (1e300, 1, 9, null), (4, 1.005, 10, null), (5, null, 11, [2.5]), (null, 6, 12, null)) t(n, price, name, list)");
        var run = await _lake.DoAsync("ingest files");
        Assert.Contains("4 records rejected", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1|1.50|a|[1]", "2|2.25|7|[2]", "NULL|6.00|12|NULL"], _lake.Rows("select n, price, name, list from $files order by n nulls last", "raw/s/t"));
        Assert.Equal(["2|`n` is not BIGINT", "3|`n` is not BIGINT", "4|`price` is not DECIMAL(9,2)", "5|`list` is not BIGINT[]"], _lake.Rows("select record_number, reason from $files order by 1", "quarantine/s/t"));
    }

    [Fact]
    public async Task Discard_TheValueIsLeftOut_TheRowGoesOn()
    {
        Pipeline("types: discard");
        _lake.Write("in/1.json", """[{"n": 1}]""");
        await _lake.DoAsync("ingest files");
        _lake.Write("in/2.json", """[{"n": 2}, {"n": 2.5}, {"n": "x"}]""");
        Parquet("3", "select 3.0::double as n union all select 3.5");
        await _lake.DoAsync("ingest files");
        Assert.Equal(["1", "2", "3", "NULL", "NULL", "NULL"], _lake.Rows("select n from $files order by n nulls last", "raw/s/t"));
    }

    [Fact]
    public async Task Evolve_ParquetWidensItsColumn_AndAGivenTypeRoundsNothing()
    {
        Pipeline("types: evolve");
        Parquet("1", "select 1::integer as n");
        await _lake.DoAsync("ingest files");
        Parquet("2", "select 2.5::double as n");
        await _lake.DoAsync("ingest files");
        Assert.Equal(["1.0", "2.5"], _lake.Rows("select n from $files order by n", "raw/s/t"));
        Pipeline("types: evolve", "{n: bigint}");
        var run = await _lake.RunAsync("ingest files --full");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("column `n` is BIGINT, which cannot hold 2.5", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_Quarantine_DatesOfAnotherForm_AreDates()
    {
        Pipeline("types: quarantine", "{day: date}", "csv: {date_format: '%d.%m.%Y'}");
        _lake.Write("in/1.csv", "id,day\n1,31.12.2026\n2,12/31/2026\n");
        await _lake.DoAsync("ingest files");
        Assert.Equal(["1|2026-12-31"], _lake.Rows("select id, day from $files", "raw/s/t"));
        Assert.Equal(["12/31/2026"], _lake.Rows("select record->>'day' from $files", "quarantine/s/t"));
        Assert.Equal(1, (await _lake.SnapshotAsync("s", "t", Layer.Quarantine))!.Rows);
    }

    private void Pipeline(string contract, string types = "{}", string source = "table: t") =>
        _lake.Write("pipelines/files.yaml", $"source: {{files: ['./in/*'], name: s, table: t, {(source == "table: t" ? "" : source + ", ")}types: {{}}}}\ndestination: {{bucket: '{_lake.Bucket}'}}\ntables: {{t: {{types: {types}, schema: {{{contract}}}}}}}\n");

    private void Parquet(string name, string select)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        connection.Execute($"COPY ({select}) TO '{Directory.CreateDirectory(Path.Combine(_lake.Folder, "in")).FullName}/{name}.parquet' (FORMAT parquet)");
    }
}
