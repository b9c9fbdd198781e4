using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;

namespace Pipe.Tests.Commands;

/// <summary>Types that are given for the columns of files (<c>source.types</c>) hold before the pipeline's transform sees a row.</summary>
public sealed class TypedBatchTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Csv_Quarantine_ARowThatBreaksAType_WaitsAsItCame_TheOthersAreTransformed()
    {
        Pipeline("types: quarantine", "amount: 'decimal(10,2)', day: date, dt: bigint", "csv: {date_format: '%d.%m.%Y'}");
        Transform("select id, lower(name) as name, amount * 2 as twice, day, dt_ as n from batch where name <> 'skip'");
        _lake.Write("in/1.csv", "id,name,amount,day,dt,weight\n1,Ann,1.50,31.12.2026,1,7.10\n2,Bob,abc,31.12.2026,2,7.10\n3,skip,2.50,,,\n4,Cid,2.999,,,\n5,Dan,,12/31/2026,5,\n6,Eve,3,,x,\n7,Fay,4.25,,7,\n");
        // another group of files in the same run: the numbers go on
        _lake.Write("in/2.tsv", "id\tname\tamount\tday\tdt\n8\tGus\t5\t\t\n9\tHal\tmuch\t\t\n");
        // a preview shows what would be written
        Assert.Equal(["id,name,twice,day,n", "1,ann,3.00,2026-12-31,1", "7,fay,8.50,,7"], (await _lake.DoAsync("preview files -o csv")).Output.Trim().Split('\n'));
        var run = await _lake.DoAsync("ingest files");
        Assert.Contains("5 records rejected, in `quarantine.files_t`", run.Error, StringComparison.Ordinal);
        Assert.Contains("done: 3 rows (5 records rejected)", run.Error, StringComparison.Ordinal);
        Assert.Contains(",3,5,", (await _lake.DoAsync("logs files -o csv")).Output, StringComparison.Ordinal);
        Assert.Equal(["1|ann|3.00|2026-12-31|1", "7|fay|8.50|NULL|7", "8|gus|10.00|NULL|NULL"], Rows("id, name, twice, day, n"));
        Assert.Equal(
            ["""2|{"id":"2","name":"Bob","amount":"abc","day":"2026-12-31","dt_":"2","weight":"7.10"}|`amount` is not DECIMAL(10,2)|t|files|true|NULL""",
             "4|{\"id\":\"4\",\"name\":\"Cid\",\"amount\":\"2.999\",\"day\":null,\"dt_\":null,\"weight\":null}|`amount` is not DECIMAL(10,2)|t|files|true|NULL",
             "5|{\"id\":\"5\",\"name\":\"Dan\",\"amount\":null,\"day\":\"12/31/2026\",\"dt_\":\"5\",\"weight\":null}|`day` is not DATE|t|files|true|NULL",
             "6|{\"id\":\"6\",\"name\":\"Eve\",\"amount\":\"3\",\"day\":null,\"dt_\":\"x\",\"weight\":null}|`dt_` is not BIGINT|t|files|true|NULL",
             "9|{\"id\":\"9\",\"name\":\"Hal\",\"amount\":\"much\",\"day\":null,\"dt_\":null}|`amount` is not DECIMAL(10,2)|t|files|true|NULL"],
            _lake.Rows("select record_number, record, reason, stream, pipeline, before_transform, line from $files order by 1", "quarantine/files/t"));
        Assert.Equal(["1"], _lake.Rows("select count(distinct run_id) from $files where run_id is not null", "quarantine/files/t"));

        // the same command brings nothing twice; the table being known changes nothing; --retry and --dry-run look at files, not at what was rejected
        Assert.Contains("nothing new", (await _lake.DoAsync("ingest files")).Error, StringComparison.Ordinal);
        Assert.Contains("nothing: it is in the table", (await _lake.DoAsync("ingest files --dry-run -o csv")).Output, StringComparison.Ordinal);
        _lake.Write("in/3.csv", "id,name,amount,day,dt\n10,Ida,many,,\n11,Jon,6,,\n");
        Assert.Contains("nothing was written", (await _lake.DoAsync("ingest files --dry-run")).Error, StringComparison.Ordinal);
        Assert.Contains("1 record rejected", (await _lake.DoAsync("ingest files --retry")).Error, StringComparison.Ordinal);

        Transform("select id, lower(name) as name, try_cast(case amount::varchar when 'abc' then '20' else amount::varchar end as decimal(10,2)) * 2 as twice, coalesce(try_cast(day as date), strptime(day::varchar, '%m/%d/%Y')) as day, dt_ as n from batch where name <> 'skip'");
        Assert.Contains("5 records of `quarantine.files_t` entered `raw.files_t`, 1 record stay rejected", (await _lake.DoAsync("replay files/t --bucket $B")).Error, StringComparison.Ordinal);
        Assert.Equal(["1|ann|3.00|2026-12-31|1", "2|bob|40.00|2026-12-31|2", "4|cid|6.00|NULL|NULL", "5|dan|NULL|2026-12-31|5", "7|fay|8.50|NULL|7", "8|gus|10.00|NULL|NULL", "9|hal|NULL|NULL|NULL", "10|ida|NULL|NULL|NULL", "11|jon|12.00|NULL|NULL"], Rows("id, name, twice, day, n"));
        Assert.Equal(["6"], _lake.Rows("select record_number from $files", "quarantine/files/t"));
    }

    [Theory]
    [InlineData("evolve", 3, "", 0)]
    [InlineData("freeze", 3, "", 0)]
    [InlineData("discard", 0, "1|1.50|[1],2|NULL|[2],3|NULL|NULL,4|4.00|NULL", 0)]
    [InlineData("quarantine", 0, "1|1.50|[1]", 3)]
    public async Task Json_AsTheContractSays_WithATransformOrWithout(string reaction, int exitCode, string rows, long rejected)
    {
        _lake.Write("in/1.ndjson", """
            {"id": 1, "amount": 1.5, "list": [1]}
            {"id": 2, "amount": "abc", "list": [2]}
            {"id": 3, "amount": 2.999, "list": "none"}
            {"id": 4, "amount": "4", "list": ["x"]}
            """);
        Transform("select id, amount * 1 as amount, list_transform(list, lambda n: n * 1) as list from batch");
        foreach (var pipeline in (string[])["files", "plain"])
        {
            Pipeline($"types: {reaction}", "amount: 'decimal(10,2)', list: 'bigint[]'", pipeline: pipeline);
            var run = await _lake.RunAsync($"ingest {pipeline}");
            Assert.True(exitCode == run.ExitCode, run.Error);
            Assert.Equal(exitCode == 3, run.Error.Contains("hint: correct the type, have such records kept apart", StringComparison.Ordinal));
            Assert.Equal(exitCode == 3 ? [] : rows.Split(','), exitCode == 3 ? [] : _lake.Rows("select id, amount, list from $files order by id", $"raw/{pipeline}/t"));
            Assert.Equal(rejected, (await _lake.SnapshotAsync(pipeline, "t", Layer.Quarantine))?.Rows ?? 0);
        }
    }

    [Theory]
    [InlineData("evolve", 3, "", 0)]
    [InlineData("discard", 0, "1|[1, 2]|0.123456789|7;2|NULL|1.0|NULL;3|NULL|NULL|NULL", 0)]
    [InlineData("quarantine", 0, "1|[1, 2]|0.123456789|7", 2)]
    public async Task Csv_StructuresAndDoubles_WithATransformOrWithout(string reaction, int exitCode, string rows, long rejected)
    {
        // a list's parts are not rounded either; who gives DOUBLE by name may have digits dropped
        _lake.Write("in/1.csv", "id;list;size;part\n1;[1, 2];0.12345678901234567890123;{a: 7}\n2;[1.5];1;\n3;;1e400;{b: 1}\n");
        Transform("from batch");
        foreach (var pipeline in (string[])["files", "plain"])
        {
            Pipeline($"types: {reaction}", "list: 'bigint[]', size: double, part: 'struct(a bigint)'", pipeline: pipeline);
            var run = await _lake.RunAsync($"ingest {pipeline}");
            Assert.True(exitCode == run.ExitCode, run.Error);
            Assert.Equal(exitCode == 3, run.Error.Contains("column `list` is BIGINT[], which cannot hold [1.5]", StringComparison.Ordinal));
            Assert.Equal(exitCode == 3 ? [] : rows.Split(';'), exitCode == 3 ? [] : _lake.Rows("select id, list, round(size, 9), part.a from $files order by id", $"raw/{pipeline}/t"));
            Assert.Equal(rejected, (await _lake.SnapshotAsync(pipeline, "t", Layer.Quarantine))?.Rows ?? 0);
        }
        if (rejected == 0)
            return;
        // as they are they do not fit at a replay either
        Assert.Contains("2 records stay rejected", (await _lake.DoAsync("replay plain/t --bucket $B")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evolve", 3, "", 0)]
    [InlineData("discard", 0, "1|3.00,2|NULL,3|NULL", 0)]
    [InlineData("quarantine", 0, "1|3.00,3|NULL", 1)]
    public async Task Parquet_NothingIsRounded(string reaction, int exitCode, string rows, long rejected)
    {
        using (var database = Database.Open(new()))
        using (var connection = database.Connect())
            connection.Execute($"COPY (select * from (values (1, 1.5::double), (2, 2.999), (3, null)) t(id, amount)) TO '{Directory.CreateDirectory(Path.Combine(_lake.Folder, "in")).FullName}/1.parquet' (FORMAT parquet)", TestContext.Current.CancellationToken);
        Pipeline($"types: {reaction}", "amount: 'decimal(10,2)'");
        Transform("select id, amount * 2 as twice from batch");
        var run = await _lake.RunAsync("ingest files");
        Assert.True(exitCode == run.ExitCode, run.Error);
        Assert.Equal(exitCode == 3, run.Error.Contains("column `amount` is DECIMAL(10,2), which cannot hold 2.999", StringComparison.Ordinal));
        Assert.Equal(exitCode == 3 ? [] : rows.Split(','), exitCode == 3 ? [] : Rows("id, twice"));
        Assert.Equal(rejected, (await _lake.SnapshotAsync("files", "t", Layer.Quarantine))?.Rows ?? 0);
    }

    [Fact]
    public async Task EveryRowRefused_AndTypesThatAllHold()
    {
        Pipeline("types: quarantine", "n: bigint");
        Transform("select n + 1 as next from batch");
        _lake.Write("in/1.csv", "n\na\nb\n");
        Assert.Contains("done: 0 rows (2 records rejected)", (await _lake.DoAsync("ingest files")).Error, StringComparison.Ordinal);
        _lake.Write("in/2.csv", "n\n1\n2\n");
        Assert.DoesNotContain("rejected", (await _lake.DoAsync("ingest files")).Error, StringComparison.Ordinal);
        Assert.Equal(["2", "3"], _lake.Rows("select next from $files order by 1", "raw/files/t"));
        Assert.Equal(2, (await _lake.SnapshotAsync("files", "t", Layer.Quarantine))!.Rows);
    }

    [Fact]
    public async Task TypesOfTheFirstRows_ThatDoNotHoldForAll_AreFoundAgain_AlsoWhereTheTableIsKnown()
    {
        Pipeline("types: quarantine", "id: bigint");
        Transform("select id, upper(code::varchar) as code from batch");
        _lake.Write("in/1.csv", "id,code\n1,7\n");
        await _lake.DoAsync("ingest files");
        _lake.Write("in/2.csv", "id,code\nnone,1\n" + string.Concat(Enumerable.Range(2, 21_000).Select(i => $"{i},{i}\n")) + "30000,abc\n");
        Assert.Contains("1 record rejected", (await _lake.DoAsync("ingest files")).Error, StringComparison.Ordinal);
        Assert.Equal(["21002|ABC"], _lake.Rows("select count(*), max(code) from $files", "raw/files/t"));
        Assert.Equal(1, (await _lake.SnapshotAsync("files", "t", Layer.Quarantine))!.Rows);
    }

    [Fact]
    public async Task TwoColumnsThatWouldHaveOneName_AreNamed()
    {
        Pipeline("types: quarantine", "dt: bigint");
        _lake.Write("in/1.csv", "dt,DT_\n1,2\n");
        var run = await _lake.RunAsync("ingest files");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("the files have columns `dt` and `DT_`, and `dt` becomes `dt_`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Masked_NobodyKnowsWhatMustNotBeStored_TheFilesAreRefused()
    {
        Pipeline("types: quarantine", "n: bigint", table: ", mask: {mail: drop}");
        Transform("select n, contact as mail from batch");
        _lake.Write("in/1.csv", "n,contact\n1,ann@x.pt\nx,bob@x.pt\n");
        var run = await _lake.RunAsync("ingest files");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("column `n` is BIGINT, which cannot hold x", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: correct it at the source: the record is not kept apart, because the masks are about what the transform gives", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, "lake/raw")) || Directory.Exists(Path.Combine(_lake.Folder, "lake/quarantine")));
    }

    private IReadOnlyList<string> Rows(string columns) => _lake.Rows($"select {columns} from $files order by id", "raw/files/t");

    private void Transform(string sql) => _lake.Write("transforms/files.sql", sql);

    private void Pipeline(string contract, string types, string source = "", string table = "", string pipeline = "files") =>
        _lake.Write($"pipelines/{pipeline}.yaml", $"source: {{files: ['./in/*'], name: {pipeline}, table: t, types: {{{types}}}{(source.Length > 0 ? ", " + source : "")}}}\ndestination: {{bucket: '{_lake.Bucket}'}}\ntables: {{t: {{schema: {{{contract}}}{table}}}}}\n");
}
