using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Delta;

public sealed class CommitPlannerTests
{
    [Fact]
    public void Plan_NewTable_BeginsItWithProtocolMetadataAndTheRun()
    {
        var change = Change(ChangeMode.Append, 1, "2026-01-31") with { PrimaryKey = ["id"], SourceName = "Orders!", Inputs = ["raw/shop/x@3"] };

        var commit = Assert.IsType<PlannedCommit>(CommitPlanner.Plan(null, change, Now));

        Assert.Equal(0, commit.Version);
        Assert.Empty(commit.SupersededFiles);
        var lines = Lines(commit.Actions);
        Assert.Equal(
            """{"commitInfo":{"timestamp":1769860800000,"operation":"WRITE","operationParameters":{"mode":"Append","partitionBy":"[\"dt\"]"},"isBlindAppend":true,"operationMetrics":{"numFiles":"1","numOutputRows":"10","numOutputBytes":"1001"},"engineInfo":"DataSpoc pipe 0.1.0","dataspoc":{"run_id":"00000000000000000000000000000001","extractions":1,"rows":10,"inputs":["raw/shop/x@3"]}}}""",
            lines[0]);
        Assert.Equal("""{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""", lines[1]);
        Assert.Matches("""^\{"metaData":\{"id":"[0-9a-f-]{36}","format":\{"provider":"parquet","options":\{\}\},"schemaString":".*\\"name\\":\\"dt\\",\\"type\\":\\"date\\".*","partitionColumns":\["dt"\],"configuration":\{"dataspoc.primaryKey":"\[\\"id\\"\]","dataspoc.sourceName":"Orders!"\},"createdTime":1769860800000\}\}$""", lines[2]);
        Assert.Equal("""{"txn":{"appId":"pipe/orders","version":1,"lastUpdated":1769860800000}}""", lines[3]);
        Assert.Equal(
            """{"add":{"path":"dt=2026-01-31/orders_00000000000000000000000000000001_0001.parquet","partitionValues":{"dt":"2026-01-31"},"size":1001,"modificationTime":1769860800000,"dataChange":true,"stats":"{\"numRecords\":10}"}}""",
            lines[4]);
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public void Plan_SameInputs_GivesTheSameEntry()
    {
        var change = Change(ChangeMode.Append, 1, "2026-01-31");

        Assert.Equal(Lines(((PlannedCommit)CommitPlanner.Plan(null, change, Now)).Actions), Lines(((PlannedCommit)CommitPlanner.Plan(null, change, Now)).Actions));
    }

    [Fact]
    public void Plan_AppendOfTheSameColumns_BringsNoMetadata()
    {
        var commit = (PlannedCommit)CommitPlanner.Plan(Table(Change(ChangeMode.Append, 1, [null])), Change(ChangeMode.Append, 2, [null]), Now);

        Assert.Equal(1, commit.Version);
        Assert.Equal(["CommitInfo", "Transaction", "AddFile"], commit.Actions.Select(action => action.GetType().Name));
    }

    [Fact]
    public void Plan_Overwrite_RemovesAllAndSupersedesThem()
    {
        var table = Table(Change(ChangeMode.Append, 1, null, null), Change(ChangeMode.Append, 2, [null]));

        var commit = (PlannedCommit)CommitPlanner.Plan(table, Change(ChangeMode.Overwrite, 3, [null]), Now);

        Assert.Equal(table.Files.Keys.Order(StringComparer.Ordinal), commit.SupersededFiles);
        var after = table.With(commit.Version, commit.Actions);
        Assert.Equal([$"orders_{Run(3)}_0001.parquet"], after.Files.Keys);
        Assert.Equal(3, after.Tombstones.Count);
        Assert.All(after.Tombstones.Values, tombstone => Assert.True(tombstone is { Size: > 0, PartitionValues: not null, DataChange: true }));
    }

    [Fact]
    public void Plan_OverwriteThatKeepsHistory_LeavesTheFiles()
    {
        var table = Table(Change(ChangeMode.Append, 1, [null]));

        var plan = CommitPlanner.Plan(table, Change(ChangeMode.Overwrite, 2, [null]) with { KeepHistory = TimeSpan.FromDays(7) }, Now);

        Assert.Empty(plan.SupersededFiles);
    }

    [Fact]
    public void Plan_OverwritePartitions_TouchesOnlyTheseDays()
    {
        var table = Table(Change(ChangeMode.Append, 1, "2026-01-29", "2026-01-30", "2026-01-31"));

        var after = Commit(table, Change(ChangeMode.OverwritePartitions, 2, "2026-01-31") with { Partitions = ["2026-01-29"] })!;

        Assert.Equal([$"dt=2026-01-30/orders_{Run(1)}_0002.parquet", $"dt=2026-01-31/orders_{Run(2)}_0001.parquet"], after.Files.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plan_ColumnThatIsNew_JoinsAsNullable()
    {
        var table = Table(Change(ChangeMode.Append, 1, [null]));
        var wider = Change(ChangeMode.Append, 2, [null]) with { Schema = new([new("id", PrimitiveType.Long), new("note", PrimitiveType.String, Nullable: false)]) };

        var after = Commit(table, wider)!;

        Assert.Equal("id long, amount decimal(18,2), note string", after.Metadata.Schema.ToString());
        Assert.True(after.Metadata.Schema.Find("note")!.Nullable);
        Assert.Equal(table.Metadata.Id, after.Metadata.Id);
        Assert.Equal(table.Metadata.CreatedTime, after.Metadata.CreatedTime);
    }

    [Fact]
    public void Plan_ColumnOfAnotherType_IsRefusedNamingBoth()
    {
        var table = Table(Change(ChangeMode.Append, 1, [null]));
        var other = Change(ChangeMode.Append, 2, [null]) with { Schema = new([new("amount", PrimitiveType.Double)]) };

        var error = Assert.Throws<UserError>(() => CommitPlanner.Plan(table, other, Now));

        Assert.Equal("the column `amount` of `raw/shop/orders` is decimal(18,2), the new rows have double", error.What);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.IsType<PlannedCommit>(CommitPlanner.Plan(table, other with { Mode = ChangeMode.Overwrite }, Now));
    }

    [Fact]
    public void Plan_TimestampWithoutZone_RaisesTheProtocolOnceAndKeepsIt()
    {
        var local = Change(ChangeMode.Append, 2, [null]) with { Schema = new([new("t", new ArrayType(new StructType([new("at", PrimitiveType.TimestampNtz)])))]) };

        var table = Table(Change(ChangeMode.Append, 1, [null]));
        var commit = (PlannedCommit)CommitPlanner.Plan(table, local, Now);
        var raised = Commit(table, local)!;
        var again = (PlannedCommit)CommitPlanner.Plan(raised, local with { Sequence = 3, RunId = Run(3), Files = [File(3, 1, null)] }, Now);

        Assert.Contains("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz"],"writerFeatures":["timestampNtz","appendOnly","invariants"]}}""", Lines(commit.Actions));
        Assert.DoesNotContain(again.Actions, action => action is Protocol or Metadata);
    }

    [Fact]
    public void Plan_CommittedBefore_SaysSo()
    {
        var change = Change(ChangeMode.Overwrite, 2, [null]);
        var table = Table(Change(ChangeMode.Append, 1, [null]), change);

        var plan = Assert.IsType<AlreadyCommitted>(CommitPlanner.Plan(table, change, Now));

        Assert.Equal([$"orders_{Run(1)}_0001.parquet"], plan.SupersededFiles);
    }

    [Fact]
    public void Plan_CommittedBefore_LeavesFilesThatOthersRemoved()
    {
        var optimized = Table(Change(ChangeMode.Append, 1, [null])).With(1, [new RemoveFile($"orders_{Run(1)}_0001.parquet") { DeletionTimestamp = Now.AddHours(-1) }]);
        var change = Change(ChangeMode.Overwrite, 2, [null]);

        Assert.Empty(CommitPlanner.Plan(Commit(optimized, change), change, Now).SupersededFiles);
    }

    [Fact]
    public void Plan_CommittedBeforeAndOverwrittenSince_SaysSo()
    {
        var change = Change(ChangeMode.Append, 2, [null]);
        var table = Table(Change(ChangeMode.Append, 1, [null]), change, Change(ChangeMode.Overwrite, 1, [null]) with { AppId = "pipe/other", Files = [File(77, 1, null)] });

        Assert.IsType<AlreadyCommitted>(CommitPlanner.Plan(table, change, Now));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Plan_SequenceThatAnotherRunHasUsed_IsAnErrorAndNeverSkipsRows(long sequence)
    {
        var table = Table(Change(ChangeMode.Append, 1, [null]), Change(ChangeMode.Append, 2, [null]));
        var restarted = Change(ChangeMode.Append, sequence, [null]) with { RunId = Run(99), Files = [File(99, 1, null)] };

        var error = Assert.Throws<UserError>(() => CommitPlanner.Plan(table, restarted, Now));

        Assert.Contains("holds run 2 of `pipe/orders` already", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_RowsMadeFromAnOlderVersion_IsRefused()
    {
        var table = Table(Change(ChangeMode.Append, 1, [null]), Change(ChangeMode.Append, 2, [null]));

        Assert.Throws<UserError>(() => CommitPlanner.Plan(table, Change(ChangeMode.Overwrite, 3, [null]) with { ReadVersion = 0 }, Now));
        Assert.IsType<PlannedCommit>(CommitPlanner.Plan(table, Change(ChangeMode.Overwrite, 3, [null]) with { ReadVersion = 1 }, Now));
    }

    [Fact]
    public void Plan_FolderOfDataSpoc10_TakesItsFilesIn()
    {
        var old = new AdoptedFile("orders 0000.parquet", 5, Now.AddDays(-1), null, new FileStatistics(3));
        var append = Change(ChangeMode.Append, 1, "2026-01-31") with { Adopted = [old, old with { Path = "dt=2026-01-30/orders_0000.parquet", Partition = "2026-01-30" }] };

        var appended = Table(append);
        var overwritten = (PlannedCommit)CommitPlanner.Plan(null, append with { Mode = ChangeMode.Overwrite }, Now);

        Assert.Equal(16, appended.Rows);
        Assert.Null(appended.Files["orders 0000.parquet"].PartitionValues["dt"]);
        Assert.Equal("2026-01-30", appended.Files["dt=2026-01-30/orders_0000.parquet"].PartitionValues["dt"]);
        Assert.Equal(["orders 0000.parquet", "dt=2026-01-30/orders_0000.parquet"], overwritten.SupersededFiles);
        Assert.Single(overwritten.Actions.OfType<AddFile>());
        Assert.Empty(overwritten.Actions.OfType<RemoveFile>());
    }

    [Fact]
    public void Plan_NoRows_StillMakesTheTable()
    {
        var table = Table(Change(ChangeMode.Append, 1));

        Assert.Empty(table.Files);
        Assert.Equal(0, table.Rows);
        Assert.Equal("id long, amount decimal(18,2)", table.Metadata.Schema.ToString());
    }

    [Fact]
    public void Plan_OtherPartitioning_IsRefusedUnlessItOverwrites()
    {
        var table = Table(Change(ChangeMode.Append, 1, [null]));

        var error = Assert.Throws<UserError>(() => CommitPlanner.Plan(table, Change(ChangeMode.Append, 2, "2026-01-31"), Now));

        Assert.Equal("`raw/shop/orders` is not partitioned, the new rows are partitioned by `dt`", error.What);
        Assert.Equal(["dt"], Commit(table, Change(ChangeMode.Overwrite, 2, "2026-01-31"))!.Metadata.PartitionColumns);
    }

    [Fact]
    public void Plan_SourceColumnCalledDt_IsRefusedWhereItIsNoDate()
    {
        var change = Change(ChangeMode.Append, 1, "2026-01-31");

        Assert.Throws<UserError>(() => CommitPlanner.Plan(null, change with { Schema = new([new("DT", PrimitiveType.String)]) }, Now));
        Assert.Equal("dt date", Table(change with { Schema = new([new("dt", PrimitiveType.Date)]) }).Metadata.Schema.ToString());
    }

    [Fact]
    public void Plan_FileOutsideItsTable_IsABug()
    {
        var change = Change(ChangeMode.Append, 1, [null]);
        var outside = change.Files[0] with { Staged = change.Files[0].Staged with { Key = "raw/shop/orders/../items/x.parquet" } };

        Assert.Throws<ArgumentException>(() => CommitPlanner.Plan(null, change with { Files = [outside] }, Now));
    }

    [Fact]
    public void Plan_NameOfAFileThatIsThere_IsABug()
    {
        var table = Table(Change(ChangeMode.Append, 1, [null]), Change(ChangeMode.Overwrite, 2, [null]));

        foreach (var taken in new[] { File(1, 1, null), File(2, 1, null) })
            Assert.Throws<ArgumentException>(() => CommitPlanner.Plan(table, Change(ChangeMode.Append, 3, [null]) with { Files = [taken] }, Now));
        Assert.Throws<ArgumentException>(() => CommitPlanner.Plan(table, Change(ChangeMode.Append, 3, [null]) with { Files = [File(3, 1, null), File(3, 1, null)] }, Now));
    }

    [Fact]
    public void Plan_ReplacesFiles_OnlyThose_AndOnlyWhileTheyAreThere()
    {
        var table = Examples.Table(Examples.Change(ChangeMode.Append, 1, "2026-01-30", "2026-01-31"));
        var old = table.Files.Keys.Order(StringComparer.Ordinal).ToArray();
        var compact = Examples.Change(ChangeMode.ReplaceFiles, 2, "2026-01-31") with { Replaced = [old[1]], DataChange = false, Operation = "OPTIMIZE" };
        var plan = Assert.IsType<PlannedCommit>(CommitPlanner.Plan(table, compact, Examples.Now));
        Assert.Equal([old[1]], plan.SupersededFiles);
        Assert.All(plan.Actions.OfType<AddFile>(), file => Assert.False(file.DataChange));
        Assert.All(plan.Actions.OfType<RemoveFile>(), file => Assert.False(file.DataChange));
        // an append in between does not matter, a change of the very files does
        Assert.IsType<PlannedCommit>(CommitPlanner.Plan(Examples.Commit(table, Examples.Change(ChangeMode.Append, 7, "2026-01-31") with { AppId = "pipe/other" }), compact, Examples.Now));
        var moved = Examples.Commit(table, Examples.Change(ChangeMode.OverwritePartitions, 7, "2026-01-31") with { AppId = "pipe/other" });
        Assert.Contains("was changed", Assert.Throws<UserError>(() => CommitPlanner.Plan(moved, compact, Examples.Now)).What, StringComparison.Ordinal);
        // it brings nothing: the table's last write stays the one it was
        Assert.Equal((1, 20), (Examples.Commit(table, compact)!.LastWrite!.Write!.Extractions, Examples.Commit(table, compact)!.LastWrite!.Write!.Rows));
    }
}
