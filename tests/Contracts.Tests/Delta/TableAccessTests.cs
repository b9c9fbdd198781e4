using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Delta;

public sealed class TableAccessTests
{
    private const string Column = """{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}""";

    [Theory]
    [InlineData("""{"minReaderVersion":99,"minWriterVersion":7,"readerFeatures":[],"writerFeatures":[]}""", "Delta reader version 99")]
    [InlineData("""{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors"]}""", "the Delta feature `deletionVectors`")]
    [InlineData("""{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["typeWidening"],"writerFeatures":["typeWidening"]}""", "the Delta feature `typeWidening`")]
    [InlineData("""{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz","catalogManaged"],"writerFeatures":["timestampNtz","catalogManaged"]}""", "the Delta feature `catalogManaged`")]
    public void Read_TableThatNeedsMore_IsRefusedByName(string protocol, string what) => Refused(() => Read(protocol), "read", what);

    [Theory]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":4}""")]
    [InlineData("""{"minReaderVersion":2,"minWriterVersion":5}""")]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["changeDataFeed","checkConstraints","rowTracking"]}""")]
    [InlineData("""{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz","v2Checkpoint","vacuumProtocolCheck"],"writerFeatures":["timestampNtz","v2Checkpoint","vacuumProtocolCheck"]}""")]
    [InlineData("""{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["columnMapping"],"writerFeatures":["columnMapping"]}""")]
    public void Read_FeaturesThatDoNotTouchReaders_AreFine(string protocol) => Assert.Equal("id long", Read(protocol).Metadata.Schema.ToString());

    [Theory]
    [InlineData("""{"minReaderVersion":2,"minWriterVersion":5}""")]
    [InlineData("""{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["columnMapping"],"writerFeatures":["columnMapping"]}""")]
    public void Read_ColumnsWithOtherNamesInTheFiles_IsRefused(string protocol) =>
        Refused(() => Read(protocol, configuration: """{"delta.columnMapping.mode":"name"}"""), "read", "the Delta feature `columnMapping` (mode `name`)");

    [Fact]
    public void Read_UnknownType_IsRefusedByName() =>
        Refused(() => Read(schema: """{\"type\":\"struct\",\"fields\":[{\"name\":\"v\",\"type\":{\"type\":\"array\",\"elementType\":\"variant\",\"containsNull\":true},\"nullable\":true}]}"""), "read", "the type `variant`");

    [Fact]
    public void Read_FileWithDeletedRows_IsRefused() =>
        Refused(() => Read(more: """{"add":{"path":"a.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"deletionVector":{"storageType":"u","pathOrInlineDv":"x","sizeInBytes":1,"cardinality":1}}}"""),
            "read", "the Delta feature `deletionVectors`");

    [Theory]
    [InlineData("s3://other-bucket/a.parquet")]
    [InlineData("file:/etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("..%2F..%2Fa.parquet")]
    public void Read_FileOutsideTheTable_IsRefused(string path) =>
        Refused(() => Read(more: $$$"""{"add":{"path":"{{{path}}}","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}"""), "read", "a data file outside its folder");

    [Fact]
    public void Read_FileThatIsRemovedAgain_IsNoMatter() => Assert.Empty(Read(more: """
        {"add":{"path":"/abs/a.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}
        {"remove":{"path":"/abs/a.parquet","dataChange":true}}
        """).Files);

    [Theory]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":3}""", "Delta writer version 3")]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["appendOnly","rowTracking"]}""", "the Delta feature `rowTracking`")]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":8}""", "Delta writer version 8")]
    public void Write_TableThatNeedsMore_IsRefusedByName(string protocol, string what) =>
        Refused(() => CommitPlanner.Plan(Read(protocol), Append, Now), "written", what);

    [Fact]
    public void Write_ColumnWithAnInvariant_IsRefused() =>
        Refused(() => CommitPlanner.Plan(Read(schema: Column.Replace("{}", """{\"delta.invariants\":\"x\"}""", StringComparison.Ordinal)), Append, Now), "written", "a column invariant");

    [Fact]
    public void Write_AppendOnlyTable_TakesAppendsAndRefusesOverwrites()
    {
        var table = Read(configuration: """{"delta.appendOnly":"true"}""", more: """{"add":{"path":"a.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""");

        Assert.IsType<PlannedCommit>(CommitPlanner.Plan(table, Append, Now));
        var error = Assert.Throws<UserError>(() => CommitPlanner.Plan(table, Append with { Mode = ChangeMode.Overwrite }, Now));
        Assert.Equal("rows of `raw/shop/orders` cannot be replaced: the table is append-only", error.What);
    }

    [Theory]
    [InlineData(true, "protocol")]
    [InlineData(false, "metaData")]
    public void Read_LogWithoutItsBeginning_SaysWhatIsMissing(bool metadata, string what)
    {
        var replay = new SnapshotReplay("raw/shop/orders").Apply(0, metadata ? [new Metadata("x", Columns)] : [Protocol.Plain]);

        Assert.Equal($"the Delta log of `raw/shop/orders` has no {what} action", Assert.Throws<UserError>(replay.ToSnapshot).What);
    }

    private static TableChange Append => Change(ChangeMode.Append, 1, [null]) with { Schema = new([new("id", PrimitiveType.Long)]) };

    private static TableSnapshot Read(string protocol = """{"minReaderVersion":1,"minWriterVersion":2}""", string configuration = "{}", string schema = Column, string more = "")
    {
        var text = $$$"""
            {"protocol":{{{protocol}}}}
            {"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{{{schema}}}","partitionColumns":[],"configuration":{{{configuration}}}}}
            {{{more}}}
            """;
        return new SnapshotReplay(Orders.Folder).Apply(0, LogEntry.Parse(Encoding.UTF8.GetBytes(text), "0.json")).ToSnapshot();
    }

    private static void Refused(Func<object> act, string verb, string what)
    {
        var error = Assert.Throws<UserError>(act);
        Assert.Equal($"`raw/shop/orders` cannot be {verb}: it needs {what}", error.What);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
    }
}
