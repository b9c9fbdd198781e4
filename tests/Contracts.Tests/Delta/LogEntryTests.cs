using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Delta;

public sealed class LogEntryTests
{
    private static readonly DeltaAction[] Every =
    [
        new CommitInfo
        {
            Timestamp = Now, Operation = "WRITE", Tool = "DataSpoc pipe 0.1.0", RunId = Run(1), Others = new JsonObject { ["isBlindAppend"] = true, ["free"] = new JsonArray(1, null, "x") },
            Write = new(3, 10) { Inputs = ["raw/shop/orders@2"], Checks = new JsonObject { ["passed"] = 4 } },
        },
        new Protocol(3, 7) { ReaderFeatures = ["timestampNtz"], WriterFeatures = ["timestampNtz"] },
        new Metadata(Guid.Empty.ToString(), Columns) { Name = "orders", Description = "of the shop", PartitionColumns = ["dt"], Configuration = new Dictionary<string, string> { ["a"] = "b" }, CreatedTime = Now },
        new Transaction("pipe/orders", 7, Now),
        new AddFile("dt=2026-01-31/a b%20ü.parquet", 12, Now)
        {
            PartitionValues = new Dictionary<string, string?> { ["dt"] = "2026-01-31", ["x"] = null }, DataChange = false, Tags = new Dictionary<string, string?> { ["k"] = null },
            Statistics = new(3) { MinValues = new() { ["a\"b"] = "x" } },
        },
        new RemoveFile("old.parquet") { DeletionTimestamp = Now, PartitionValues = new Dictionary<string, string?>(), Size = 5 },
        new RemoveFile("older.parquet") { DataChange = false },
    ];

    [Fact]
    public void Parse_EveryAction_GivesItBack() => Assert.Equal(Lines(Every), Lines(Reread(Every)));

    [Fact]
    public void Serialize_Add_EncodesThePathAndKeepsTextsReadable()
    {
        var line = Lines(Every)[4];

        Assert.Equal(
            """{"add":{"path":"dt=2026-01-31/a%20b%2520%C3%BC.parquet","partitionValues":{"dt":"2026-01-31","x":null},"size":12,"modificationTime":1769860800000,"dataChange":false,"stats":"{\"numRecords\":3,\"minValues\":{\"a\\\"b\":\"x\"}}","tags":{"k":null}}}""",
            line);
    }

    [Fact]
    public void Parse_UnknownActionsAndMembers_AreSkipped()
    {
        var actions = Parse("""
            {"cdc":{"path":"x"}}
            {"domainMetadata":{"domain":"d","configuration":"","removed":false}}
            {"checkpointMetadata":{"version":3}}
            {}
            {"commitInfo":{"timestamp":"not a number","operation":7,"dataspoc":"someone else's"}}
            {"txn":{"appId":"a","version":1,"new":true},"alsoNew":null}
            """);

        Assert.Equal(2, actions.Count);
        Assert.Null(((CommitInfo)actions[0]).Timestamp);
        Assert.Equal(new Transaction("a", 1), actions[1]);
    }

    [Fact]
    public void Parse_RowOfACheckpoint_TakesTheActionThatIsThere() =>
        Assert.Equal(new Transaction("a", 1), Assert.Single(Parse("""{"add":null,"remove":null,"txn":{"appId":"a","version":1,"lastUpdated":null},"protocol":null}""")));

    [Fact]
    public void Parse_EmptyPartitionValue_IsNull() =>
        Assert.Null(((AddFile)Parse("""{"add":{"path":"a","partitionValues":{"dt":""},"size":1,"modificationTime":1,"dataChange":true}}""")[0]).PartitionValues["dt"]);

    [Fact]
    public void Parse_WindowsLineEndsAndAByteOrderMark_AreFine() => Assert.Equal(2, Parse("\uFEFF{\"txn\":{\"appId\":\"a\",\"version\":1}}\r\n\r\n{\"txn\":{\"appId\":\"b\",\"version\":1}}\r\n").Count);

    [Theory]
    [InlineData("{\"txn\":", "")]
    [InlineData("[]", "it is not an object")]
    [InlineData("{\"txn\":{\"appId\":\"a\"}}", "`txn` lacks `version`")]
    [InlineData("{\"txn\":{\"appId\":7,\"version\":1}}", "`txn.appId` is not a text")]
    [InlineData("{\"txn\":{\"appId\":\"a\",\"version\":1.5}}", "`txn.version` is not a whole number")]
    [InlineData("{\"add\":{\"path\":\"a\",\"size\":1,\"modificationTime\":1}}", "`add` lacks `partitionValues`")]
    [InlineData("{\"add\":{\"path\":\"a\",\"size\":1,\"modificationTime\":99999999999999999,\"partitionValues\":{}}}", "`add.modificationTime` is not a time in milliseconds since 1970")]
    [InlineData("{\"add\":{\"path\":\"a\",\"size\":1,\"modificationTime\":1,\"partitionValues\":{},\"stats\":\"{\"}}", "")]
    [InlineData("{\"metaData\":{\"id\":\"x\",\"schemaString\":\"nonsense\",\"partitionColumns\":[]}}", "")]
    [InlineData("{\"metaData\":{\"id\":\"x\",\"format\":{\"provider\":\"csv\"},\"schemaString\":\"{}\",\"partitionColumns\":[]}}", "the table's files are `csv`, not `parquet`")]
    public void Parse_DamagedLine_NamesFileLineAndFault(string line, string found)
    {
        var error = Assert.Throws<UserError>(() => LogEntry.Parse(Encoding.UTF8.GetBytes("{\"txn\":{\"appId\":\"a\",\"version\":1}}\n" + line), "raw/x/y/_delta_log/00000000000000000003.json"));

        Assert.Equal("the Delta log entry `raw/x/y/_delta_log/00000000000000000003.json` is corrupt", error.What);
        Assert.Equal(("file", "raw/x/y/_delta_log/00000000000000000003.json, line 2"), error.Where[0]);
        Assert.Contains(found, error.Where[1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_BytesThatAreNoUtf8_AreAnError() =>
        Assert.Throws<UserError>(() => LogEntry.Parse(new byte[] { (byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)':', (byte)'1', (byte)'}' }, "k"));

    [Fact]
    public void Parse_AnyDamagedByte_IsReadOrAnError()
    {
        var good = LogEntry.Serialize(Every);
        var random = new Random(42);
        for (var round = 0; round < 5000; round++)
        {
            var bad = (byte[])good.Clone();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            var fault = Record.Exception(() => LogEntry.Parse(bad, "k"));
            Assert.True(fault is null or UserError, fault?.ToString());
        }
    }

    private static IReadOnlyList<DeltaAction> Parse(string text) => LogEntry.Parse(Encoding.UTF8.GetBytes(text), "00000000000000000000.json");
}
