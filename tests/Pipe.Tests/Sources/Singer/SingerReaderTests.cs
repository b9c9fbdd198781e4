using System.Text;
using DataSpoc.Pipe.Sources.Singer;
using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

public sealed class SingerReaderTests
{
    private const string Users = """{"type": "SCHEMA", "stream": "users", "key_properties": ["id"], "schema": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": ["null", "string"]}}}}""";

    private readonly RecordingSink sink = new();

    [Fact]
    public async Task Read_RecordsAndStates_AreRelayedInOrder()
    {
        await ReadAsync(
            sink,
            Users,
            Schema("a", """{"type": "integer"}"""),
            """{"type": "RECORD", "stream": "users", "record": {"id": 1, "name": "Ann"}}""",
            Record("""{"a": 7}"""),
            """{"type": "STATE", "value": {"at":   1}}""",
            """{"type": "RECORD", "stream": "users", "record": {"id": 2}}""",
            """{"type": "STATE", "value": {"at": 2}}""",
            """{"type": "STATE", "value": {"at": 2}}""");
        Assert.Equal(
            [
                "schema users: id BIGINT key, name VARCHAR",
                "schema s: a BIGINT",
                "row users: id=1, name=Ann",
                "row s: a=7",
                """state {"at":   1}""",
                "row users: id=2, name=null",
                """state {"at": 2}""",
                """state {"at": 2}""",
            ],
            sink.Events);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ \t }")]
    [InlineData("null")]
    public async Task Read_EmptyState_NeverClearsTheOneBefore(string empty)
    {
        await ReadAsync(sink, """{"type": "STATE", "value": {"at": 1}}""", $$"""{"type": "STATE", "value": {{empty}}}""");
        Assert.Equal(["""{"at": 1}"""], sink.States);
    }

    [Theory]
    [InlineData("""{"type": "record", "stream": "users", "record": {"id": 1}}""")]
    [InlineData("""{"type": "Record", "record": {"id": 1}, "stream": "users"}""")]
    [InlineData("""{"record": {"id": 1}, "stream": "users", "time_extracted": "2020-01-01T00:00:00Z", "type": "RECORD"}""")]
    [InlineData("""{"stream": "users", "unknown": [{"a": {}}], "record" : {"id" : 1} , "type": "RECORD"}  """)]
    [InlineData("""{"type": "RECORD", "stream": "us\u0065rs", "rec\u006frd": {"\u0069d": 1}}""")]
    public async Task Read_MembersInAnyOrderAndCase_IsTheSameRecord(string line)
    {
        await ReadAsync(sink, Users, line + "\r");
        Assert.Equal(["id=1, name=null"], sink.Rows["users"]);
    }

    [Fact]
    public async Task Read_FieldsInChangingOrder_AreFoundByName()
    {
        await ReadAsync(
            sink,
            Schema("""
                "a": {"type": "integer"}, "b": {"type": "integer"}, "c": {"type": "integer"}
                """.Trim()),
            Record("""{"c": 3, "a": 1, "b": 2}"""),
            Record("""{"c": 3, "b": 2}"""),
            Record("""{}"""),
            Record("""{"b": null, "a": 1}"""),
            Record("""{"a": 1, "b": 2, "c": 3}"""));
        Assert.Equal(["a=1, b=2, c=3", "a=null, b=2, c=3", "a=null, b=null, c=null", "a=1, b=null, c=null", "a=1, b=2, c=3"], sink.Rows["s"]);
    }

    [Fact]
    public async Task Read_MoreRowsThanAChunkHolds_AreHandedOverInChunks()
    {
        var lines = Enumerable.Range(0, 5000).Select(i => Record($$"""{"a": {{i}}}"""));
        var summary = await ReadAsync(sink, [Schema("a", """{"type": "integer"}"""), .. lines]);
        Assert.Equal([2048, 2048, 904], sink.Chunks.Select(c => c.Count));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"a={i}"), sink.Rows["s"]);
        Assert.Equal(5000, Assert.Single(summary.Streams).Records);
    }

    [Fact]
    public async Task Read_ManyStreams_KeepsFewChunksAtOnce()
    {
        var lines = new List<string>();
        for (var s = 0; s < 300; s++)
            lines.Add(Schema("a", """{"type": "integer"}""").Replace("\"s\"", $"\"s{s}\"", StringComparison.Ordinal));
        for (var r = 0; r < 10; r++)
            for (var s = 0; s < 300; s++)
                lines.Add(Record($$"""{"a": {{r}}}""").Replace("\"s\"", $"\"s{s}\"", StringComparison.Ordinal));
        await ReadAsync(sink, Options with { MaxOpenChunks = 8 }, [.. lines]);
        Assert.Equal(8, sink.MostLent);
        Assert.All(sink.Rows.Values, rows => Assert.Equal(Enumerable.Range(0, 10).Select(r => $"a={r}"), rows));
    }

    [Fact]
    public async Task Read_SelectedStreams_PassesOverTheOthers()
    {
        var summary = await ReadAsync(
            sink,
            Options with { Streams = new HashSet<string> { "s" } },
            Users,
            Schema("a", """{"type": "integer"}"""),
            """{"type": "RECORD", "stream": "users", "record": {"id": "not even valid"}}""",
            Record("""{"a": 7}"""),
            """{"type": "STATE", "value": {"at": 1}}""");
        Assert.Equal(["schema s: a BIGINT", "row s: a=7", """state {"at": 1}"""], sink.Events);
        Assert.Equal("s", Assert.Single(summary.Streams).Stream);
    }

    [Fact]
    public async Task Read_Versions_GoWithTheirRows()
    {
        await ReadAsync(
            sink,
            Schema("a", """{"type": "integer"}"""),
            """{"type": "RECORD", "stream": "s", "record": {"a": 1}, "version": 10}""",
            """{"type": "RECORD", "stream": "s", "version": 10, "record": {"a": 2}}""",
            """{"type": "RECORD", "stream": "s", "record": {"a": null}, "version": 11}""",
            """{"type": "RECORD", "stream": "s", "record": {"a": 4}, "version": 11}""",
            """{"type": "ACTIVATE_VERSION", "stream": "s", "version": 11}""",
            """{"type": "RECORD", "stream": "s", "record": {"a": 5}}""");
        Assert.Equal([("s", 2, 10L), ("s", 2, 11L), ("s", 1, 11L)], sink.Chunks);
        Assert.Equal(["row s: a=null, _sdc_table_version=11", "row s: a=4, _sdc_table_version=11", "version s: 11", "row s: a=5, _sdc_table_version=11"], sink.Events[^4..]);
    }

    [Fact]
    public async Task Read_ActivateVersionBeforeTheSchema_IsRelayedAfterIt()
    {
        await ReadAsync(
            sink,
            """{"type": "ACTIVATE_VERSION", "stream": "s", "version": 1}""",
            """{"type": "ACTIVATE_VERSION", "stream": "s", "version": 2}""",
            Schema("a", """{"type": "integer"}"""),
            Schema("b", """{"type": "integer"}"""));
        Assert.Equal(["schema s: a BIGINT", "version s: 2", "schema s: b BIGINT"], sink.Events);
    }

    [Fact]
    public async Task Read_ByteOrderMarkAndNoLastLineEnd_AreFine()
    {
        await ReadAsync(sink, Options, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Users + "\n" + """{"type": "RECORD", "stream": "users", "record": {"id": 1}}""")]);
        Assert.Equal(["id=1, name=null"], sink.Rows["users"]);
    }

    [Fact]
    public async Task Read_NothingAtAll_IsNothing()
    {
        Assert.Empty((await ReadAsync(sink, Options, Array.Empty<byte>())).Streams);
        Assert.Empty(sink.Events);
    }
}
