using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Singer;
using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

public sealed class RefusedLinesTests
{
    private const string State = """{"type": "STATE", "value": {"at": 1}}""";

    [Theory]
    [InlineData("THIS IS A LINE OF A LOG", "line 2 of tap-test is not JSON: THIS IS A LINE OF A LOG")]
    [InlineData("""{"type": "STATE", "value": {"at": 2}""", """line 2 of tap-test is not JSON: {"type": "STATE", "value": {"at": 2}""")]
    [InlineData("""{"type": "STATE", "value": {"at": 2}} x""", """line 2 of tap-test is not JSON: {"type": "STATE", "value": {"at": 2}} x""")]
    [InlineData("", "line 2 of tap-test is empty")]
    [InlineData("  \t", "line 2 of tap-test is empty")]
    [InlineData("[]", "line 2 of tap-test is not a Singer message: []")]
    [InlineData("17", "line 2 of tap-test is not a Singer message: 17")]
    [InlineData("{}", "line 2 of tap-test is not a Singer message: it has no type: {}")]
    [InlineData("""{"type": "HELLO"}""", """line 2 of tap-test is a message of a type that Singer does not have: {"type": "HELLO"}""")]
    [InlineData("""{"type": 5}""", """line 2 of tap-test is a message of a type that Singer does not have: {"type": 5}""")]
    [InlineData("""{"type": "STATE"}""", """line 2 of tap-test is a STATE without a value: {"type": "STATE"}""")]
    [InlineData("""{"type": "RECORD", "record": {}}""", """line 2 of tap-test is a RECORD without a stream: {"type": "RECORD", "record": {}}""")]
    [InlineData("""{"type": "RECORD", "stream": 1, "record": {}}""", """line 2 of tap-test is not a Singer message: its stream is not a name: {"type": "RECORD", "stream": 1, "record": {}}""")]
    [InlineData("""{"type": "STATE", "type": "STATE", "value": {}}""", """line 2 of tap-test is not a Singer message: it has a member twice: {"type": "STATE", "type": "STATE", "value": {}}""")]
    public async Task Read_LineThatIsNoMessage_EndsTheReading(string line, string what)
    {
        var sink = new RecordingSink();
        var error = await Assert.ThrowsAsync<UserError>(() => ReadAsync(sink, State, line, State));
        Assert.Equal(what, error.What);
        Assert.Equal(ExitCode.Failed, error.ExitCode);
        Assert.NotNull(error.Hint);
        Assert.Single(sink.States);
    }

    [Fact]
    public async Task Read_LineThatIsNotUtf8_EndsTheReading()
    {
        var bytes = Encoding.Latin1.GetBytes(State + "\n" + """{"type": "STATE", "value": {"name": "Müller"}}""" + "\n");
        var error = await Assert.ThrowsAsync<UserError>(() => ReadAsync(new RecordingSink(), Options, bytes));
        Assert.StartsWith("line 2 of tap-test is not UTF-8: ", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_LineBeyondTheLimit_IsRefusedBeforeItIsWhole()
    {
        await using var endless = new EndlessLine();
        var reader = new SingerReader(endless, Options with { MaxLineBytes = 3_000_000 });
        var error = await Assert.ThrowsAsync<UserError>(() => reader.ReadAsync(new RecordingSink(), TestContext.Current.CancellationToken));
        Assert.Equal("line 1 of tap-test is longer than 3,000,000 bytes", error.What);
        Assert.InRange(endless.Given, 3_000_000, 10_000_000);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Read_LimitBelowABuffer_HoldsToTheByte(int beyond, bool accepted)
    {
        var sink = new RecordingSink();
        var reading = ReadAsync(sink, Options with { MaxLineBytes = State.Length - beyond }, State);
        if (!accepted)
            await Assert.ThrowsAsync<UserError>(() => reading);
        else
            await reading;
        Assert.Equal(accepted ? 1 : 0, sink.States.Count);
    }

    [Fact]
    public async Task Take_LongLineInSmallPieces_CostsNoMoreThanItsSizeAFewTimes()
    {
        var pieces = new byte[20_000_001];
        Array.Fill(pieces, (byte)'x');
        pieces[^1] = (byte)'\n';
        using var input = new SmallPieces(pieces);
        var lines = new LineBuffer(input, "tap-test", 30_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadOnlyMemory<byte> line;
        while (!lines.TryTake(out line))
            Assert.True(await lines.FillAsync(TestContext.Current.CancellationToken));
        Assert.Equal(20_000_000, line.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 20_000_000, 100_000_000);
    }

    [Fact]
    public async Task Read_LongText_IsWhole()
    {
        var sink = new RecordingSink();
        var text = string.Concat(Enumerable.Range(0, 300_000).Select(i => "0123456789"));
        await ReadAsync(sink, Schema("a", """{"type": "string"}"""), Record($$"""{"a": "{{text}}"}"""), Record("""{"a": "short"}"""));
        Assert.Equal(["a=" + text, "a=short"], sink.Rows["s"]);
    }

    [Theory]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {}}""", "RECORD of `s` before its SCHEMA in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s"}""", "SCHEMA of `s` without a schema in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "schema": {"type": "object"}}""", "the schema of `s` has no properties in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "schema": {"properties": {}}}""", "the schema of `s` has no properties in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "key_properties": ["k"], "schema": {"properties": {"a": {}}}}""", "the key property `k` is not among the properties of `s` in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "key_properties": "k", "schema": {"properties": {"a": {}}}}""", "`key_properties` of `s` is not a list of names in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "schema": {"properties": {"a": {"type": "date"}}}}""", "`s.a` has the type \"date\" in line 1 of tap-test, which JSON Schema does not know")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "schema": {"properties": {"a": {"$ref": "#/definitions/x"}}}}""", "`s.a` refers to #/definitions/x, which is not in the schema, in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "schema": {"properties": {"\ud800": {}}}}""", "the schema of `s` has a name that is not Unicode text in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "key_properties": ["\udfff"], "schema": {"properties": {"a": {}}}}""", "the schema of `s` has a name that is not Unicode text in line 1 of tap-test")]
    [InlineData("""{"type": "SCHEMA", "stream": "s", "schema": {"properties": {"a": {"format": "\udfff", "type": "string"}}}}""", "the schema of `s` has a name that is not Unicode text in line 1 of tap-test")]
    [InlineData("""{"type": "BATCH", "stream": "s", "encoding": {}, "manifest": []}""", "BATCH of `s` before its SCHEMA in line 1 of tap-test")]
    public async Task Read_MessageThatItsStreamCannotTake_FailsThatStreamOnly(string line, string what)
    {
        var sink = new RecordingSink();
        await ReadAsync(
            sink,
            line,
            """{"type": "SCHEMA", "stream": "other", "schema": {"properties": {"a": {"type": "integer"}}}}""",
            """{"type": "RECORD", "stream": "other", "record": {"a": 1}}""",
            """{"type": "RECORD", "stream": "s", "record": {"a": 1}}""");
        Assert.Equal(what, sink.Failures["s"].What);
        Assert.Contains(("stream", "s"), sink.Failures["s"].Where);
        Assert.Equal(["failed s", "schema other: a BIGINT", "row other: a=1"], sink.Events);
    }

    [Theory]
    [InlineData("""{"b": 1}""", "`s.a` is missing, but a key property in line 3 of tap-test")]
    [InlineData("""{"a": null}""", "`s.a` is null, but a key property in line 3 of tap-test")]
    [InlineData("""{"a": 1, "a": 1}""", "`s.a` is there twice in line 3 of tap-test")]
    [InlineData("""{"a": "x"}""", "`s.a` is not a whole number in line 3 of tap-test: \"x\"")]
    [InlineData("[1]", "the record of `s` is not an object in line 3 of tap-test: [1]")]
    [InlineData("null", "the record of `s` is not an object in line 3 of tap-test: null")]
    public async Task Read_RecordThatIsNoRow_FailsItsStreamAfterTheRowsBefore(string record, string what)
    {
        var sink = new RecordingSink();
        await ReadAsync(
            sink,
            """{"type": "SCHEMA", "stream": "s", "key_properties": ["a"], "schema": {"properties": {"a": {"type": ["null", "integer"]}, "b": {"type": "integer"}}}}""",
            Record("""{"a": 1}"""),
            Record(record),
            Record("""{"a": 2}"""),
            """{"type": "STATE", "value": {"at": 1}}""");
        Assert.Equal(what, sink.Failures["s"].What);
        Assert.NotNull(sink.Failures["s"].Hint);
        Assert.Equal(["schema s: a BIGINT key, b BIGINT", "row s: a=1, b=null", "failed s", """state {"at": 1}"""], sink.Events);
    }

    [Fact]
    public async Task Read_FailureThatTheSinkThrows_EndsTheReading()
    {
        var sink = new RecordingSink { ThrowsFailures = true };
        var error = await Assert.ThrowsAsync<UserError>(() => ReadAsync(sink, Schema("a", """{"type": "integer"}"""), Record("""{"a": "x"}"""), State));
        Assert.StartsWith("`s.a` is not a whole number", error.What, StringComparison.Ordinal);
        Assert.Empty(sink.States);
    }

    /// <summary>A tap that never ends its line.</summary>
    private sealed class EndlessLine : MemoryStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }

    /// <summary>Bytes as a pipe gives them, always at once.</summary>
    private sealed class SmallPieces(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span[..Math.Min(4096, buffer.Length)]));
    }
}
