using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Singer;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

/// <summary>The result depends on the bytes only: not on how they arrive, nor on the lines before.</summary>
public sealed class SplitsTests
{
    private static readonly string[] Lines =
    [
        Schema("\"a\": {\"type\": \"integer\"}, \"t\": {\"type\": \"string\"}"),
        Record("""{"a": 1, "t": "grün \u00e9 \ud83d\ude00"}"""),
        Record("""{"t": "x", "a": 2}"""),
        """{"type": "RECORD", "stream": "s", "record": {"a": 3}, "time_extracted": "2020-01-01T00:00:00Z", "version": 5}""",
        """{"type": "RECORD", "stream": "s", "record": {"a": 4} , "version": 5 } """,
        """{"record": {"a": 5}, "stream": "s", "type": "RECORD"}""",
        """{"type": "STATE", "value": {"at": "ü"}}""",
        Record("""{"a": 6, "new": [1, 2]}"""),
        """{"type": "ACTIVATE_VERSION", "stream": "s", "version": 5}""",
        Record("{}"),
    ];

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\r\n", true)]
    [InlineData("\n", false)]
    public async Task Read_BytesInAnyPieces_GivesTheSame(string lineEnd, bool endsTheLastLine)
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF" + string.Join(lineEnd, Lines) + (endsTheLastLine ? lineEnd : ""));
        var whole = new RecordingSink();
        await ReadAsync(whole, Options, bytes);
        Assert.Equal(7, whole.Rows["s"].Count);
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), sizes =>
        {
            var sink = new RecordingSink();
            new SingerReader(new Pieces(bytes, sizes), Options).ReadAsync(sink, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            return sink.Events.SequenceEqual(whole.Events);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}, }""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1},}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}, "x": 1, }""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}}}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}} {}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1} x""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": """)]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": 17}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}, "stream": "t"}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}, "type": "STATE"}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}, "record": {}}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}, "version": "1"}""")]
    [InlineData("""{"type": "RECORD", "stream": "s", "record": {"a": 1}, "value": [}""")]
    public async Task Read_LineThatBeginsLikeTheOneBefore_IsJudgedAsIfItCameFirst(string line)
    {
        var schema = Schema("a", """{"type": "integer"}""");
        var first = await OutcomeAsync(schema, line);
        var after = await OutcomeAsync(schema, Record("""{"a": 0}"""), line);
        Assert.NotEqual("", first);
        Assert.Equal(first.Replace("line 2", "line 3", StringComparison.Ordinal), after);
    }

    private static async Task<string> OutcomeAsync(params string[] lines)
    {
        var sink = new RecordingSink { ThrowsFailures = true };
        try
        {
            await ReadAsync(sink, lines);
            return "";
        }
        catch (UserError error)
        {
            return error.What;
        }
    }

    /// <summary>Gives as many bytes at a time as it is told, over and over.</summary>
    private sealed class Pieces(byte[] bytes, byte[]? sizes) : MemoryStream(bytes)
    {
        private int next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var size = sizes is { Length: > 0 } ? (sizes[next++ % sizes.Length] % 40) + 1 : 1;
            return base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
        }
    }
}
