using DataSpoc.Pipe.Sources.Singer;
using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

/// <summary>More streams than chunks, whose records come in turns: their lines wait, and nothing else changes.</summary>
public sealed class ManyStreamsTests
{
    private static readonly SingerOptions TwoChunks = Options with { MaxOpenChunks = 2 };

    [Fact]
    public async Task Read_StreamsInTurns_HandsOverFewChunksInOrder()
    {
        var sink = new RecordingSink { IsCommitDue = false };
        var summary = await ReadAsync(sink, TwoChunks, [.. Schemas(20), .. Turns(20, 1000)]);
        foreach (var name in Names(20))
            Assert.Equal(Enumerable.Range(0, 1000).Select(row => $"a={row}"), sink.Rows[name]);
        Assert.Equal(20, sink.Chunks.Count);
        Assert.True(sink.MostLent <= 2);
        Assert.All(summary.Streams, stream => Assert.Equal(1000, stream.Records));
    }

    [Fact]
    public async Task Read_BookmarkThatNeedNotBeCommitted_LetsRowsWait()
    {
        var sink = new RecordingSink { IsCommitDue = false };
        await ReadAsync(sink, TwoChunks, [.. Schemas(5), .. Turns(5, 2), State(1), .. Turns(5, 2), State(2)]);
        Assert.Equal([State(1)[27..^1], State(2)[27..^1]], sink.States);
        Assert.Equal(Enumerable.Repeat(4, 5), sink.Chunks.Select(chunk => chunk.Count));
        Assert.True(sink.Events.FindLastIndex(e => e.StartsWith("state", StringComparison.Ordinal)) < sink.Events.FindIndex(e => e.StartsWith("row", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Read_BookmarkThatIsToBeCommitted_ComesAfterEveryRowBeforeIt()
    {
        var sink = new RecordingSink();
        await ReadAsync(sink, TwoChunks, [.. Schemas(5), .. Turns(5, 3), State(1), .. Turns(5, 1)]);
        var state = sink.Events.FindIndex(e => e.StartsWith("state", StringComparison.Ordinal));
        Assert.Equal((15, 5), (sink.Events.Take(state).Count(IsRow), sink.Events.Skip(state).Count(IsRow)));
    }

    [Fact]
    public async Task Read_SchemaAndVersionsOfAStreamThatWaits_KeepTheirPlaces()
    {
        var sink = new RecordingSink { IsCommitDue = false };
        await ReadAsync(sink, TwoChunks, [.. Schemas(3), .. Turns(3, 2), Of("s2", """{"a": 2, "b": "new"}"""), Schema("s2", "\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"string\"}"), Of("s2", """{"a": 3, "b": "x"}"""),
            """{"type": "ACTIVATE_VERSION", "stream": "s2", "version": 7}""", Of("s2", """{"a": 4}""")]);
        Assert.Equal(
            ["schema s2: a BIGINT", "row s2: a=0", "row s2: a=1", "schema s2: a BIGINT, b VARCHAR undeclared", "row s2: a=2, b=new", "schema s2: a BIGINT, b VARCHAR", "row s2: a=3, b=x", "version s2: 7", "row s2: a=4, b=null, _sdc_table_version=7"],
            sink.Events.Where(e => e.Contains(" s2: ", StringComparison.Ordinal) && !e.Contains("_sdc_table_version BIGINT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Read_RecordThatDoesNotFitInAStreamThatWaits_FailsAloneWithItsLine()
    {
        var sink = new RecordingSink { IsCommitDue = false };
        await ReadAsync(sink, TwoChunks, [.. Schemas(4), .. Turns(4, 1), Of("s3", """{"a": "x"}"""), .. Turns(4, 1)]);
        Assert.Contains("line 9 of tap-test", sink.Failures["s3"].What, StringComparison.Ordinal);
        Assert.Equal([2, 2, 2], Names(3).Select(name => sink.Rows[name].Count));
    }

    [Fact]
    public async Task Read_MoreThanMemoryHolds_KeepsEveryRowInOrder()
    {
        var sink = new RecordingSink { IsCommitDue = false };
        var text = new string('x', 100_000);
        var lines = Schemas(12).ToList();
        for (var row = 0; row < 12; row++)
            lines.AddRange(Names(12).Select(name => Of(name, $$"""{"a": {{row}}, "t": "{{text}}{{row}}"}""")));
        await ReadAsync(sink, TwoChunks, [.. lines]);
        foreach (var name in Names(12))
            Assert.Equal(Enumerable.Range(0, 12).Select(row => $"a={row}, t={text}{row}"), sink.Rows[name]);
    }

    [Fact]
    public async Task Read_LineTooLongToWait_StaysBehindThoseThatDo()
    {
        var sink = new RecordingSink { IsCommitDue = false };
        var large = new string('y', WaitingRecords.LongestLine);
        await ReadAsync(sink, TwoChunks, [.. Schemas(3), .. Turns(3, 2), Of("s2", $$"""{"a": 2, "t": "{{large}}"}"""), .. Turns(3, 1)]);
        Assert.Equal(["a=0", "a=1", $"a=2, t={large}", "a=0, t=null"], sink.Rows["s2"]);
    }

    private static bool IsRow(string e) => e.StartsWith("row", StringComparison.Ordinal);

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"s{i}");

    private static IEnumerable<string> Schemas(int count) => Names(count).Select(name => Schema(name, "\"a\": {\"type\": \"integer\"}"));

    private static IEnumerable<string> Turns(int streams, int rows) => Enumerable.Range(0, rows).SelectMany(row => Names(streams).Select(name => Of(name, $$"""{"a": {{row}}}""")));

    private static string Schema(string stream, string properties) => SingerLines.Schema(properties).Replace("\"s\"", $"\"{stream}\"", StringComparison.Ordinal);

    private static string Of(string stream, string json) => Record(json).Replace("\"s\"", $"\"{stream}\"", StringComparison.Ordinal);

    private static string State(int n) => $$$"""{"type": "STATE", "value": {"n": {{{n}}}}}""";
}
