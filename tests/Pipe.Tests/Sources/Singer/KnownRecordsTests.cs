using System.Text;
using DataSpoc.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

/// <summary>
/// A line that begins like the RECORD before it is read by another, faster way. It must come to the same: the same rows, or the
/// same error, as when the line is the first of its kind.
/// </summary>
public sealed class KnownRecordsTests
{
    private static readonly string Stream = Schema("""
        "i": {"type": "integer"}, "d": {"type": "number"}, "m": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 999},
        "q": {"type": "string", "format": "x-singer.decimal", "precision": 6, "scale": 2}, "s": {"type": "string"}, "b": {"type": "boolean"},
        "t": {"type": "string", "format": "date-time"}, "day": {"type": "string", "format": "date"}, "x": {"type": ["string", "integer"]}, "j": {},
        "l": {"type": "array", "items": {"type": "integer"}}, "o": {"properties": {"p": {"type": "array", "items": {"properties": {"k": {}}}}, "n": {"type": "string"}}}
        """.ReplaceLineEndings(" "));

    private static readonly string[] Records =
    [
        """{"i": 1, "d": 2.5, "m": 3.25, "q": "4.5", "s": "five", "b": true, "t": "2020-01-02T03:04:05Z", "day": "2020-01-02", "x": "six", "j": {"a": [1]}, "l": [1, 2], "o": {"p": [{"k": 1}], "n": "z"}}""",
        """{"i":1,"d":-2.5e3,"m":0,"q":"4","s":"\u00e9\n","b":false,"t":"2020-01-02 03:04:05+02","day":"2020-01-02","x":17,"j":"text","l":[],"o":{"p":[],"n":"\ud83d"}}""",
        """{"o" : {"n" : null, "p" : [ { } , null ] } , "l" : [ null , 3 ] , "j" : null , "x" : true , "s" : "" , "i" : 0}""",
        "{}",
        """{"j": [[[[]]]], "x": {"a": "b"}, "new": 1}""",
        """{"j": -0.0e+1, "i": 12345678901234567890}""",
        """{"s": "a\u0000b", "q": 1.25, "o": {"p": [{"k": {"deep": ["\\", "\""]}}], "extra": 1}}""",
        """{"i": 1, "i": 2}""",
        """{"\u0069": 1, "s": "x"}""",
    ];

    [Fact]
    public async Task Read_KnownRecord_ComesToTheSame()
    {
        foreach (var record in Records)
            Assert.Equal(await OutcomeAsync(false, Record(record)), await OutcomeAsync(true, Record(record)));
    }

    [Fact]
    public void Read_KnownRecordWithAnyByteChanged_ComesToTheSame()
    {
        var mutations = from record in Gen.Elements(Records)
                        from changes in Gen.NonEmptyListOf(from at in Gen.Choose(0, 10_000) from c in Gen.Elements("\"\\,:{}[] 0123456789-+.eEntfau\t\u0001xé".EnumerateRunes().ToArray()) from kind in Gen.Choose(0, 2) select (at, c, kind))
                        select Mutate(record, changes);
        Prop.ForAll(mutations.ToArbitrary(), record =>
        {
            var first = OutcomeAsync(false, Record(record)).GetAwaiter().GetResult();
            var known = OutcomeAsync(true, Record(record)).GetAwaiter().GetResult();
            return (first == known).Label($"{record}\nfirst: {first}\nknown: {known}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(4000));
    }

    [Theory]
    [InlineData("{\"s\": \"a\tb\"}")]
    [InlineData("{\"s\": \"a\u0001b\"}")]
    [InlineData("{\"s\t\": \"a\"}")]
    [InlineData("""{"s": "\x"}""")]
    [InlineData("""{"s": "\u00zz"}""")]
    [InlineData("""{"s": "open}""")]
    [InlineData("""{"s": 'a'}""")]
    [InlineData("""{"j": 1.}""")]
    [InlineData("""{"j": 01}""")]
    [InlineData("""{"j": -}""")]
    [InlineData("""{"j": 1e}""")]
    [InlineData("""{"j": 1-2}""")]
    [InlineData("""{"j": truex}""")]
    [InlineData("""{"j": nul}""")]
    [InlineData("""{"j": {"a": 1,}}""")]
    [InlineData("""{"j": {"a" 1}}""")]
    [InlineData("""{"x": .5}""")]
    [InlineData("""{"x": +5}""")]
    [InlineData("""{"i": 1 2}""")]
    [InlineData("""{"i": 0x10}""")]
    [InlineData("""{"i": 1,}""")]
    [InlineData("""{,"i": 1}""")]
    [InlineData("""{"i" 1}""")]
    [InlineData("""{"i":: 1}""")]
    [InlineData("""{i: 1}""")]
    [InlineData("""{"b": True}""")]
    [InlineData("""{"l": [1,]}""")]
    [InlineData("""{"l": [,1]}""")]
    [InlineData("""{"l": [1 2]}""")]
    [InlineData("""{"l": [1}""")]
    [InlineData("""{"o": {"n": "a"]}""")]
    [InlineData("{\"i\":\f1}")]
    [InlineData("{\"i\":\u00a01}")]
    public async Task Read_KnownRecordThatIsNotJson_IsRefusedAsSuch(string record)
    {
        var first = await OutcomeAsync(false, Record(record));
        Assert.Contains("is not JSON", first, StringComparison.Ordinal);
        Assert.Equal(first, await OutcomeAsync(true, Record(record)));
    }

    [Theory]
    [InlineData(510, true)]
    [InlineData(511, false)]
    public async Task Read_DeepNesting_HasOneLimit(int levels, bool accepted)
    {
        var record = Record("{\"j\": " + new string('[', levels) + new string(']', levels) + "}");
        var first = await OutcomeAsync(false, record);
        Assert.Equal(accepted, first.StartsWith("row", StringComparison.Ordinal));
        Assert.Equal(first, await OutcomeAsync(true, record));
    }

    /// <summary>Replaces, inserts or removes a character here and there, seldom more than two.</summary>
    private static string Mutate(string record, IEnumerable<(int At, Rune Char, int Kind)> changes)
    {
        var text = new StringBuilder(record);
        foreach (var (where, c, kind) in changes.Take(2))
        {
            var at = where % text.Length;
            if (kind > 0)
                text.Remove(at, 1);
            if (kind < 2 || text.Length == 0)
                text.Insert(at, c.ToString());
        }
        return text.ToString();
    }

    private static async Task<string> OutcomeAsync(bool known, string line)
    {
        var sink = new RecordingSink { ThrowsFailures = true };
        try
        {
            // both times it is the third line
            await ReadAsync(sink, Stream, known ? Record("{}") : """{"type": "STATE", "value": {"at": 1}}""", line);
        }
        catch (UserError error)
        {
            return error.What + error.Hint;
        }
        return "row " + sink.Rows["s"][^1];
    }
}
