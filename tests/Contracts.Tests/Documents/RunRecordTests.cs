using System.Text;
using System.Text.Json;
using Contracts.Tests.Delta;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Documents;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Documents;

public sealed class RunRecordTests
{
    [Fact]
    public void Parse_Serialized_GivesItBack()
    {
        var record = new RunRecord(Run(3), 3, RunStatus.Committing) { ExpiresAt = Now.AddMinutes(15), Tables = [TableChangeTests.Full], State = "{\"a\":1}"u8.ToArray() };

        var read = RunRecord.Parse(record.Serialize(), "k");

        Assert.Equal(Encoding.UTF8.GetString(record.Serialize()), Encoding.UTF8.GetString(read.Serialize()));
        Assert.Equal((record.RunId, record.Sequence, record.Status, record.ExpiresAt), (read.RunId, read.Sequence, read.Status, read.ExpiresAt));
        Assert.Equal(TableChangeTests.Full.ToJson().ToJsonString(), Assert.Single(read.Tables).ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("""{"bookmarks":{"orders":{"updated_at":"2026-01-31T00:00:00+00:00","n":1.50,"big":12345678901234567890123,"t":"\u00fc/ü\/<>"}}}""")]
    [InlineData("{ \"a\" : 1e5 ,\n\t\"a\":-0.0 }")]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("\"opaque\"")]
    [InlineData("{\"emoji\":\"\\ud83d\\ude00 😀\"}")]
    public void Parse_Bookmark_ComesBackByteForByte(string state)
    {
        var record = new RunRecord(Run(1), 1, RunStatus.Committed) { State = Encoding.UTF8.GetBytes(state) };

        Assert.Equal(state, Encoding.UTF8.GetString(RunRecord.Parse(record.Serialize(), "k").State!.Value.Span));
        Assert.Equal(state, Encoding.UTF8.GetString(RunRecord.Parse(RunRecord.Parse(record.Serialize(), "k").Serialize(), "k").State!.Value.Span));
    }

    [Fact]
    public void Serialize_BookmarkThatIsNoJson_IsABug() =>
        Assert.ThrowsAny<JsonException>(() => new RunRecord(Run(1), 1, RunStatus.Committed) { State = "{\"a\":"u8.ToArray() }.Serialize());

    [Fact]
    public void State_NullArray_IsNoBookmark()
    {
        byte[]? none = null;

        Assert.Null(new RunRecord(Run(1), 1, RunStatus.Committed) { State = none }.State);
    }

    [Fact]
    public void Parse_NoBookmark_IsNull() => Assert.Null(RunRecord.Parse(new RunRecord(Run(1), 1, RunStatus.Committed).Serialize(), "k").State);

    [Fact]
    public void Parse_MembersOfALaterVersion_AreKept()
    {
        var read = RunRecord.Parse(Encoding.UTF8.GetBytes($$"""{"run_id":"{{Run(1)}}","sequence":1,"status":"committed","tables":[],"host":{"name":"a"},"none":null}"""), "k");

        Assert.Contains("\"host\": {", Encoding.UTF8.GetString(read.Serialize()), StringComparison.Ordinal);
        Assert.Contains("\"none\": null", Encoding.UTF8.GetString(read.Serialize()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"run_id":"x","sequence":1,"status":"maybe","tables":[]}""")]
    [InlineData("""{"run_id":"x","sequence":1,"status":"committing","expires_at":"soon","tables":[]}""")]
    [InlineData("""{"run_id":"x","sequence":1,"status":"committed","tables":[{"location":"raw/a/b"}]}""")]
    public void Parse_Damaged_NamesTheKey(string json)
    {
        var error = Assert.Throws<UserError>(() => RunRecord.Parse(Encoding.UTF8.GetBytes(json), ".dataspoc/state/orders/run.json"));

        Assert.Equal("the commit record `.dataspoc/state/orders/run.json` is corrupt", error.What);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void RunLog_Serialized_HasTheMembersOf10AndComesBack()
    {
        var log = new RunLog("orders", Run(1), 2, "partial", Now, Now.AddSeconds(1.5), new Dictionary<string, StreamLog>
        {
            ["orders"] = new(10) { Rejected = 1, Files = 2, Bytes = 300, SchemaChanges = ["added `note`"] },
            ["items"] = new(0) { Error = "`id` is missing" },
        }) { Error = "one stream failed" };

        var text = Encoding.UTF8.GetString(log.Serialize());
        var read = RunLog.Parse(log.Serialize(), "k");

        foreach (var member in new[] { "\"duration_seconds\": 1.5", "\"total_records\": 10", "\"status\": \"partial\"", "\"finished_at\": \"2026-01-31T12:00:01.5Z\"" })
            Assert.Contains(member, text, StringComparison.Ordinal);
        Assert.Equal(text, Encoding.UTF8.GetString(read.Serialize()));
        Assert.Equal("`id` is missing", read.Streams["items"].Error);
    }

    [Fact]
    public void RunLog_Of10_IsRead()
    {
        var log = RunLog.Parse("""{"pipeline":"x","started_at":"2026-01-31T12:00:00.5","finished_at":"2026-01-31T12:00:01","duration_seconds":0.5,"status":"success","streams":{"a":3,"b":{"records":4}},"total_records":7,"error":null}"""u8.ToArray(), "k");

        Assert.Equal((3L, 4L), (log.Streams["a"].Records, log.Streams["b"].Records));
        Assert.Null(log.Sequence);
    }
}
