using System.IO.Compression;
using DataSpoc.Contracts.Layout;

namespace Pipe.Tests.Commands;

/// <summary>Numbers of files with more digits than a double keeps: none is lost, and none becomes infinity or nothing.</summary>
public sealed class LongNumbersTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("DOUBLE", "0.1", "-0.0", "1e22", "0.30000000000000004")]
    [InlineData("DECIMAL(38,19)", "0.1", "0.1234567890123456789", "7", "null")]
    [InlineData("DECIMAL(38,1)", "0.5", "12345678901234567890123")]
    [InlineData("DECIMAL(38,1)", "1.5", "9007199254740993")]
    [InlineData("VARCHAR", "0.1", "1e400", "1e-400")]
    [InlineData("VARCHAR", "-0.0", "12345678901234567890123.5")]
    [InlineData("VARCHAR", "0.5", "999999999999999999999999999999999999999")]
    [InlineData("BIGINT", "1", "9007199254740993")]
    public async Task Ingest_AColumnOfNumbers_HoldsEveryDigit(string type, params string[] numbers)
    {
        string[] expected = [.. numbers.Select(number => number == "null" ? "NULL" : number)];
        _lake.Write("n.ndjson", string.Concat(numbers.Select((number, i) => $"{{\"id\": {i}, \"n\": {number}}}\n")));
        _lake.Write("n.csv", "id,n\n" + string.Concat(numbers.Select((number, i) => $"{i},{(number == "null" ? "" : number)}\n")));
        foreach (var kind in (string[])["ndjson", "csv"])
        {
            await _lake.DoAsync($"ingest n.{kind} --to $B --table s/{kind}");
            var rows = _lake.Rows("select typeof(n), coalesce(n::varchar, 'NULL') from $files order by id", $"raw/s/{kind}");
            Assert.Equal(expected.Select(Plain), rows.Select(row => row.Split('|')).Select(row => Plain(row[1])));
            Assert.Equal(type, rows[0].Split('|')[0]);
            Assert.Contains($"n {type}", (await _lake.DoAsync($"preview n.{kind}")).Error, StringComparison.Ordinal);
        }
        // the same number, however many zeros are written behind it
        static string Plain(string number) => number.Contains('.', StringComparison.Ordinal) && !number.Contains('e', StringComparison.Ordinal) && !number.StartsWith('-') ? number.TrimEnd('0').TrimEnd('.') : number.Replace("e+", "e", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_LongNumbersInStructuresAndMixtures_AreKeptAsJson()
    {
        using (var file = File.Create(_lake.Write("in.json.gz", "")))
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            gzip.Write("""
                [{"id": 1, "list": [0.5, 0.12345678901234567890], "part": {"x": 1.5}, "mixed": "a, 12345678901234567890123", "text": "0.12345678901234567890, 1e400"},
                 {"id": 2, "list": null, "part": {"x": 2.5}, "mixed": 12345678901234567890123, "text": null}]
                """u8);
        await _lake.DoAsync("ingest in.json.gz --to $B --table s/t --file-name f --row-number r");
        Assert.Equal(["1|[0.5, 0.12345678901234567890]|{'x': 1.5}|\"a, 12345678901234567890123\"|0.12345678901234567890, 1e400|1|true", "2|NULL|{'x': 2.5}|12345678901234567890123|NULL|2|true"],
            _lake.Rows("select id, list, part, mixed, text, r, f like '%/in.json.gz' from $files order by id", "raw/s/t"));
    }

    [Theory]
    [InlineData("decimal(38,20)", "0.12345678901234567890", "DECIMAL(38,20)")]
    [InlineData("string", "0.12345678901234567890", "VARCHAR")]
    [InlineData("double", "0.12345678901234568", "DOUBLE")]
    public async Task Ingest_AGivenType_HoldsEveryDigitItCan(string given, string expected, string type)
    {
        foreach (var (kind, text) in new[] { ("ndjson", "{\"n\": 0.12345678901234567890}\n"), ("csv", "n\n0.12345678901234567890\n") })
        {
            _lake.Write($"n.{kind}", text);
            await _lake.DoAsync($"ingest n.{kind} --to $B --table s/{kind} --type n={given}");
            Assert.Equal([$"{expected}|{type}"], _lake.Rows("select n::varchar, typeof(n) from $files", $"raw/s/{kind}"));
        }
    }

    [Fact]
    public async Task Ingest_ALongNumberInAFileThatIsNoStrictJson_IsSaid()
    {
        _lake.Write("in.ndjson", "{\"n\": NaN}\n{\"n\": 0.5}\n");
        await _lake.DoAsync("ingest in.ndjson --to $B --table s/t");
        _lake.Write("long.ndjson", "{\"n\": NaN}\n{\"n\": 0.12345678901234567890}\n");
        var run = await _lake.RunAsync("ingest long.ndjson --to $B --table s/long");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("more digits than a DOUBLE holds", run.Error, StringComparison.Ordinal);
        await _lake.DoAsync("ingest long.ndjson --to $B --table s/long --type n=double");
    }

    [Theory]
    [InlineData("ndjson", "{\"n\": 0.5}\n", "{\"n\": 0.25}\n{\"n\": 12345678901234567890123}\n")]
    [InlineData("csv", "n\n0.5\n", "n\n0.25\n12345678901234567890123\n")]
    public async Task Ingest_ATableOfDoubles_RefusesWhatItCannotHold_OrKeepsItApart(string kind, string first, string second)
    {
        _lake.Write($"in/1.{kind}", first);
        await _lake.DoAsync($"ingest ./in/1.{kind} --to $B --table s/t");
        _lake.Write($"in/2.{kind}", second);
        var run = await _lake.RunAsync($"ingest ./in/2.{kind} --to $B --table s/t");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("column `n` is DOUBLE, which cannot hold 12345678901234567890123", run.Error, StringComparison.Ordinal);

        _lake.Write("pipelines/p.yaml", $"source: {{files: ./in/2.{kind}, name: s, table: t}}\ndestination: {{bucket: '{_lake.Bucket}'}}\ntables: {{t: {{schema: {{types: quarantine}}}}}}\n");
        await _lake.DoAsync("ingest p");
        Assert.Equal(["12345678901234567890123|`n` is not DOUBLE"], _lake.Rows("select record->>'n', reason from $files", "quarantine/s/t"));
        Assert.Equal(["0.25", "0.5"], _lake.Rows("select n from $files order by n", "raw/s/t"));

        // who names the type may have it rounded
        await _lake.DoAsync($"ingest ./in/2.{kind} --to $B --table s/rounded --type n=double");
        Assert.Equal(["0.25", "1.2345678901234568e+22"], _lake.Rows("select n from $files order by n", "raw/s/rounded"));
        Assert.Equal(1, (await _lake.SnapshotAsync("s", "t", Layer.Quarantine))!.Rows);
    }
}
