using System.Text;
using DataSpoc.Pipe.Sources.Singer;
using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

/// <summary>From a tap's bytes to a Parquet file and back by DuckDB's own reader.</summary>
public sealed class SingerToParquetTests : IAsyncDisposable
{
    private readonly ParquetSink sink = new();

    public ValueTask DisposeAsync() => sink.DisposeAsync();

    [Fact]
    public async Task Write_EveryShape_ReadsBackTheSame()
    {
        await WriteAsync(
            Schema("""
                "b": {"type": "boolean"}, "i": {"type": "integer"}, "d": {"type": "number"},
                "d4": {"type": "number", "multipleOf": 0.01, "minimum": -99, "maximum": 99},
                "d9": {"type": "number", "multipleOf": 0.01, "minimum": -9999999, "maximum": 9999999},
                "d18": {"type": "number", "multipleOf": 0.01, "minimum": -9999999999999999, "maximum": 9999999999999999},
                "d38": {"type": "number", "multipleOf": 0.01},
                "s": {"type": "string"}, "t": {"type": "string", "format": "date-time"}, "day": {"type": "string", "format": "date"},
                "j": {"type": "object"}, "l": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
                "o": {"type": "object", "properties": {"x": {"type": "integer"}, "in": {"type": "object", "properties": {"y": {"type": "array", "items": {"properties": {"z": {"type": "string"}}}}}}}}
                """.ReplaceLineEndings(" ")),
            Record("""{"b": true, "i": -9223372036854775808, "d": 0.30000000000000004, "d4": -99.99, "d9": 1.5, "d18": -1234567890123456.78, "d38": -123456789012345678901234567890123456.78, "s": "a\u0000b\n\ud83d\ude00 and more than twelve bytes", "t": "0001-01-01T00:00:00.000001Z", "day": "9999-12-31", "j": {"k": [1, 2.50]}, "l": [["a", null], [], null], "o": {"x": 1, "in": {"y": [{"z": "q"}, {}, null]}}}"""),
            Record("{}"),
            Record("""{"b": false, "i": 1.0, "d": -0.0, "d4": 0, "d9": 0, "d18": 0, "d38": 0, "s": "", "t": "9999-12-31T23:59:59.999999Z", "day": "0001-01-01", "j": {}, "l": [], "o": {"in": {}}}"""));
        string[] columns = ["b", "i", "d", "d4", "d9", "d18", "d38", "s", "epoch_us(t)", "day", "j", "l", "o"];
        string[][] rows =
        [
            ["true", "-9223372036854775808", "0.30000000000000004", "-99.99", "1.50", "-1234567890123456.78", "-123456789012345678901234567890123456.78", "a\0b\n\U0001F600 and more than twelve bytes", "-62135596799999999", "9999-12-31", """{"k": [1, 2.50]}""", "[[a, NULL], [], NULL]", "{'x': 1, 'in': {'y': [{'z': q}, {'z': NULL}, NULL]}}"],
            ["false", "1", "-0.0", "0.00", "0.00", "0.00", "0.00", "", "253402300799999999", "0001-01-01", "{}", "[]", "{'x': NULL, 'in': {'y': NULL}}"],
        ];
        for (var c = 0; c < columns.Length; c++)
            Assert.Equal([rows[0][c], null, rows[1][c]], sink.Query($"SELECT CAST({columns[c]} AS VARCHAR) FROM $1", "s"));
    }

    [Fact]
    public async Task Write_AfterRecordsThatWereTriedTwice_LeavesNoTrace()
    {
        await WriteAsync(
            Schema("\"a\": {\"type\": \"integer\"}, \"l\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}}"),
            """{"type": "RECORD", "stream": "s", "record": {"a": 1, "l": ["a text of more than twelve bytes"]}, "version": 1}""",
            """{"type": "RECORD", "stream": "s", "record": {"a": null, "l": ["one", "two"]}, "version": 2}""",
            """{"type": "RECORD", "stream": "s", "record": {"l": ["x"], "a": 3}, "version": 3}""");
        Assert.Equal([1L, null, 3L], sink.Query("SELECT a FROM $1", "s"));
        Assert.Equal(["[a text of more than twelve bytes]", "[one, two]", "[x]"], sink.Query("SELECT CAST(l AS VARCHAR) FROM $1", "s"));
    }

    [Fact]
    public async Task Write_MoreElementsThanAChunkHasRows_KeepsThem()
    {
        var lines = Enumerable.Range(0, 3000).Select(i => Record($$"""{"l": [{{string.Join(", ", Enumerable.Range(0, i % 50).Select(n => $$"""{"n": {{n}}, "t": "number {{n}} of the list"}"""))}}]}"""));
        await WriteAsync([Schema("l", """{"type": "array", "items": {"properties": {"n": {"type": "integer"}, "t": {"type": "string"}}}}"""), .. lines]);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (object)(long)(i % 50)), sink.Query("SELECT len(l) FROM $1", "s"));
        Assert.Equal([(object)0L], sink.Query("SELECT count(*) FROM (SELECT unnest(l) AS e FROM $1) WHERE e.t <> 'number ' || e.n || ' of the list'", "s"));
    }

    [Fact]
    public async Task Write_HostileColumnNames_ReadBack()
    {
        string[] names = ["ID", "id", "a b", "a\\\"b", "test:SpecialChars!in?attributes", "select", "ünï", "", " ", "a.b", "a,b;c{d}(e)=f", "\\u0000"];
        await WriteAsync(
            Schema(string.Join(", ", names.Select(n => $"\"{n}\": {{\"type\": \"integer\"}}"))),
            Record("{" + string.Join(", ", names.Select((n, i) => $"\"{n}\": {i}")) + "}"));
        Assert.Equal([(object)(long)(names.Length * (names.Length - 1) / 2)], sink.Query("SELECT CAST(list_sum([*COLUMNS(*)]) AS BIGINT) FROM $1", "s"));
    }

    [Fact]
    public async Task Write_RecordedStreams_HaveAsManyRowsAsRecords()
    {
        foreach (var file in Directory.EnumerateFiles(SharedData.Require("singer/meltano-sdk/target_test_streams"), "*.singer"))
        {
            if (Path.GetFileName(file) is "invalid_schema.singer" or "record_before_schema.singer" or "record_missing_key_property.singer")
                continue;
            await using var own = new ParquetSink();
            await using var input = File.OpenRead(file);
            var summary = await new SingerReader(input, Options).ReadAsync(own, TestContext.Current.CancellationToken);
            await own.CompleteAsync();
            foreach (var stream in summary.Streams)
            {
                var rows = 0L;
                foreach (var path in own.Files[stream.Stream])
                    rows += (long)own.Query($"SELECT count(*) FROM '{path}'", stream.Stream)[0]!;
                Assert.Equal(stream.Records, rows);
            }
        }
    }

    private async Task WriteAsync(params string[] lines)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await new SingerReader(input, Options).ReadAsync(sink, TestContext.Current.CancellationToken);
        await sink.CompleteAsync();
    }
}
