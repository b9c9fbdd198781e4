using DataSpoc.Contracts.DuckDb;

namespace Pipe.Tests.Commands;

/// <summary><c>pipe ingest FILE</c>: what a person types, and what is then in the bucket.</summary>
public sealed class IngestFilesTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Ingest_TheSameFileTwice_AddsNothing()
    {
        _lake.Write("orders.csv", "id,status\n1,open\n2,shipped\n");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
        var again = await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
        Assert.Contains("nothing new", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _lake.SnapshotAsync("shop", "orders"))!.Version);
        Assert.Equal(["1|open", "2|shipped"], _lake.Rows("select id, status from $files order by id", "raw/shop/orders"));
    }

    [Fact]
    public async Task Ingest_AGlobWithOneNewFile_AddsThatFile()
    {
        _lake.Write("in/a.csv", "id\n1\n");
        await _lake.DoAsync("ingest ./in/*.csv --to $B --table shop/orders");
        _lake.Write("in/b.csv", "id\n2\n");
        await _lake.DoAsync("ingest ./in/*.csv --to $B --table shop/orders");
        Assert.Equal(["1", "2"], _lake.Rows("select id from $files order by id", "raw/shop/orders"));
    }

    [Fact]
    public async Task Ingest_AFileThatChanged_IsRefusedUntilItIsSaidWhatIsMeant()
    {
        _lake.Write("orders.csv", "id\n1\n");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
        _lake.Write("orders.csv", "id\n1\n2\n");
        var refused = await _lake.RunAsync("ingest ./orders.csv --to $B --table shop/orders");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("`orders.csv` has changed since it was ingested", refused.Error, StringComparison.Ordinal);
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders --mode append");
        Assert.Equal(["1", "1", "2"], _lake.Rows("select id from $files order by id", "raw/shop/orders"));
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders --full");
        Assert.Equal(["1", "2"], _lake.Rows("select id from $files order by id", "raw/shop/orders"));
    }

    [Fact]
    public async Task Ingest_TextThatLooksLikeNumbersLater_StaysText()
    {
        _lake.Write("a.csv", "code\nA7\n");
        _lake.Write("b.csv", "code\n007\n");
        await _lake.DoAsync("ingest ./a.csv --to $B --table shop/codes");
        await _lake.DoAsync("ingest ./b.csv --to $B --table shop/codes");
        Assert.Equal(["007", "A7"], _lake.Rows("select code from $files order by code", "raw/shop/codes"));
    }

    [Fact]
    public async Task Ingest_ATypeThatDoesNotFitTheTable_IsRefusedAndNamed()
    {
        _lake.Write("a.csv", "id,amount\n1,5\n");
        _lake.Write("b.csv", "id,amount\n2,12.50\n");
        await _lake.DoAsync("ingest ./a.csv --to $B --table shop/orders");
        var refused = await _lake.RunAsync("ingest ./b.csv --to $B --table shop/orders");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("b.csv", refused.Error, StringComparison.Ordinal);
        Assert.Contains("12.50", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await _lake.SnapshotAsync("shop", "orders"))!.Rows);
    }

    [Fact]
    public async Task Ingest_ATypeThatTheFirstRowsDoNotTell_IsFoundInAllRows()
    {
        var lines = string.Concat(Enumerable.Range(1, 30_000).Select(i => $"{i},{i}\n"));
        _lake.Write("orders.csv", $"id,amount\n{lines}30001,12.50\n");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
        Assert.Equal(["30001|12.5"], _lake.Rows("select count(*), max(amount) filter (id = 30001) from $files", "raw/shop/orders"));
    }

    [Fact]
    public async Task Ingest_NewColumns_AreAddedAndNullInOlderRows()
    {
        _lake.Write("a.ndjson", """{"id": 1}""" + "\n");
        _lake.Write("b.ndjson", """{"id": 2, "note": "late"}""" + "\n");
        await _lake.DoAsync("ingest ./a.ndjson --to $B --table shop/orders");
        await _lake.DoAsync("ingest ./b.ndjson --to $B --table shop/orders");
        Assert.Equal(["1|NULL", "2|late"], _lake.Rows("select id, note from $files order by id", "raw/shop/orders"));
        Assert.Equal(["id", "dt", "note"], (await _lake.SnapshotAsync("shop", "orders"))!.Metadata.Schema.Fields.Select(field => field.Name));
    }

    [Fact]
    public async Task Ingest_AColumnCalledDt_KeepsItBesideThePartition()
    {
        _lake.Write("orders.csv", "id,dt\n1,yesterday\n");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
        Assert.Equal(["1|yesterday"], _lake.Rows("select id, dt_ from $files", "raw/shop/orders"));
    }

    [Theory]
    [InlineData("orders.tsv", "id\tstatus\n1\topen\n")]
    [InlineData("orders.csv", "id;status\n1;open\n")]
    [InlineData("orders.json", """[{"id": 1, "status": "open"}]""")]
    [InlineData("or[de]rs.csv", "id,status\n1,open\n")]
    [InlineData("it's.csv", "id,status\n1,open\n")]
    public async Task Ingest_EveryForm_GivesTheSameRow(string name, string content)
    {
        _lake.Write(name, content);
        await _lake.DoAsync($"ingest ./{name} --to $B --table shop/orders");
        Assert.Equal(["1|open"], _lake.Rows("select id, status from $files", "raw/shop/orders"));
    }

    [Theory]
    [InlineData("orders.csv.gz", "gzip")]
    [InlineData("orders.csv.zst", "zstd")]
    [InlineData("orders.ndjson.gz", "gzip")]
    [InlineData("orders.ndjson.zst", "zstd")]
    [InlineData("orders.parquet", "snappy")]
    public async Task Ingest_CompressedFiles_GivesTheSameRow(string name, string compression)
    {
        var format = name.Contains("csv", StringComparison.Ordinal) ? "csv" : name.Contains("json", StringComparison.Ordinal) ? "json" : "parquet";
        using (var database = Database.Open(new()))
        using (var connection = database.Connect())
            connection.Execute($"COPY (SELECT 1 AS id, 'open' AS status) TO '{_lake.Folder}/{name}' (FORMAT {format}, COMPRESSION {compression})", TestContext.Current.CancellationToken);
        await _lake.DoAsync($"ingest ./{name} --to $B --table shop/orders");
        Assert.Equal(["1|open"], _lake.Rows("select id, status from $files", "raw/shop/orders"));
    }

    [Fact]
    public async Task Ingest_AHeaderWithoutRows_MakesAnEmptyTable()
    {
        _lake.Write("orders.csv", "id,status\n");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table shop/orders");
        var snapshot = await _lake.SnapshotAsync("shop", "orders");
        Assert.Equal(0, snapshot!.Rows);
        Assert.Equal(["id", "status", "dt"], snapshot.Metadata.Schema.Fields.Select(field => field.Name));
    }

    [Theory]
    [InlineData("ingest ./missing.csv --to $B --table shop/orders", 1, "there is no file `./missing.csv`")]
    [InlineData("ingest ./empty.csv --to $B --table shop/orders", 1, "`empty.csv` is empty")]
    [InlineData("ingest ./folder/ --to $B --table shop/orders", 2, "is a folder")]
    [InlineData("ingest ./orders.xls --to $B --table shop/orders", 2, "has an ending that is not known")]
    [InlineData("ingest ./ragged.csv --to $B --table shop/orders", 1, "ragged.csv, line 3")]
    [InlineData("ingest ./latin1.csv --to $B --table shop/orders", 1, "not UTF-8")]
    [InlineData("ingest ./garbage.ndjson --to $B --table shop/orders", 1, "garbage.ndjson, line 2")]
    [InlineData("ingest ./not.parquet --to $B --table shop/orders", 1, "cannot be read as Parquet")]
    [InlineData("ingest ./orders.csv --to $B --table orders", 2, "`orders` is not source/table")]
    [InlineData("ingest ./orders.csv --to $B --table shop/../x", 2, "is not source/table")]
    [InlineData("ingest ./orders.csv --table shop/orders", 2, "`--to` is missing")]
    [InlineData("ingest ./orders.csv --to gs://bucket --table shop/orders", 2, "scheme")]
    public async Task Ingest_BadInput_SaysWhatAndWhere_AndLeavesNoTable(string line, int exitCode, string said)
    {
        _lake.Write("orders.csv", "id\n1\n");
        _lake.Write("orders.xls", "x");
        _lake.Write("empty.csv", "");
        _lake.Write("ragged.csv", "id,status\n1,open\n2,open,more\n3,open\n");
        File.WriteAllBytes(_lake.Write("latin1.csv", ""), [.. "name\nJos"u8, 0xE9, (byte)'\n']);
        _lake.Write("garbage.ndjson", "{\"id\": 1}\n{\"id\": \n{\"id\": 3}\n");
        _lake.Write("not.parquet", "this is no Parquet file");
        _lake.Write("folder/orders.csv", "id\n1\n");
        var run = await _lake.RunAsync(line);
        Assert.True(run.ExitCode == exitCode && run.Error.Contains(said, StringComparison.Ordinal), $"{run.ExitCode}\n{run.Error}");
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, "lake", "raw")), "something was left");
        Assert.Empty(Directory.Exists(Path.Combine(_lake.Folder, "lake", ".dataspoc", "staging")) ? Directory.EnumerateFiles(Path.Combine(_lake.Folder, "lake", ".dataspoc", "staging"), "*", SearchOption.AllDirectories) : []);
    }

    [Fact]
    public async Task Ingest_Since_ReadsFilesThatWereChangedSince_AlsoThoseOfTheBookmark()
    {
        foreach (var (name, day) in new[] { ("a", 1), ("b", 2), ("c", 3) })
            File.SetLastWriteTimeUtc(_lake.Write($"in/{name}.csv", $"id\n{day}\n"), new(2026, 1, day, 12, 0, 0, DateTimeKind.Utc));
        string command = $"ingest {_lake.Folder}/in/*.csv --to $B --table shop/t";
        await _lake.DoAsync(command + " --since 2026-01-02");
        Assert.Equal(["2", "3"], _lake.Rows("select id from $files order by id", "raw/shop/t"));
        Assert.Contains("nothing: it is older", (await _lake.DoAsync(command + " --since 2026-01-03T00:00:00Z --dry-run -o csv")).Output, StringComparison.Ordinal);
        await _lake.DoAsync(command + " --since 2026-01-03");
        await _lake.DoAsync(command);
        Assert.Equal(["1", "2", "3", "3"], _lake.Rows("select id from $files order by id", "raw/shop/t"));
        Assert.Contains("no file was changed since", (await _lake.DoAsync(command + " --since 2026-01-04")).Error, StringComparison.Ordinal);
        var wrong = await _lake.RunAsync(command + " --since yesterday");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("`yesterday` is no date or time", wrong.Error, StringComparison.Ordinal);
    }
}
