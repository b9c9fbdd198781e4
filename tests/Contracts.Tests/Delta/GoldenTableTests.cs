using Contracts.Tests.Documents;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;

namespace Contracts.Tests.Delta;

/// <summary>Tables that Delta's own writers made (golden tables of delta-kernel). Files are compared; rows are compared where Parquet is read.</summary>
public sealed class GoldenTableTests
{
    [Theory]
    [InlineData("snapshot-data0", 0, 2)]
    [InlineData("snapshot-data3", 3, 4)]
    [InlineData("snapshot-repartitioned", 5, 2)]
    [InlineData("data-reader-primitives", 0, 2)]
    [InlineData("data-reader-partition-values", 0, 3)]
    [InlineData("basic-with-inserts-deletes-checkpoint", 13, 7)]
    [InlineData("basic-with-inserts-overwrite-restore", 3, 4)]
    [InlineData("checkpoint", 14, 1)]
    public void Read_TableFromItsCommits_HasItsFilesAndTheyAreThere(string table, long version, int files)
    {
        var folder = Folder(table);

        var snapshot = Read(folder, null);

        Assert.Equal(version, snapshot.Version);
        Assert.Equal(files, snapshot.Files.Count);
        if (table != "checkpoint")
            Assert.All(snapshot.Files.Values, file => Assert.Equal(file.Size, new FileInfo(Path.Combine(folder, file.Path)).Length));
    }

    [Fact]
    public void Read_OlderVersions_HaveTheirFiles()
    {
        var folder = Folder("checkpoint");

        for (var version = 0; version <= 14; version++)
            Assert.Equal([$"{version + 1}"], Read(folder, version).Files.Keys);
    }

    [Fact]
    public void Read_PartitionValuesOfAllTypes_AreTextsAndNulls()
    {
        var snapshot = Read(Folder("data-reader-partition-values"), null);

        var nulls = Assert.Single(snapshot.Files.Values, file => file.PartitionValues["as_int"] is null);
        Assert.All(nulls.PartitionValues.Where(pair => pair.Key != "as_string_lit_null"), pair => Assert.Null(pair.Value));
        Assert.Equal(["0", "1"], snapshot.Files.Values.Select(file => file.PartitionValues["as_long"]).OfType<string>().Order());
    }

    [Fact]
    public void Read_EveryLine_ComesBackAsItWas()
    {
        // the table with a gap has metaData without a schema
        foreach (var entry in Directory.EnumerateFiles(Root, "*.json", SearchOption.AllDirectories).Where(path => !path.Contains("not-contiguous", StringComparison.Ordinal)))
        {
            var actions = LogEntry.Parse(File.ReadAllBytes(entry), entry);
            Assert.Equal(Examples.Lines(actions), Examples.Lines(Examples.Reread(actions)));
            Assert.Equal(File.ReadLines(entry).Count(line => line.Length > 0), actions.Count);
        }
    }

    [Fact]
    public void Read_ProtocolOfTheFuture_IsRefusedByName() =>
        Assert.Contains("it needs Delta reader version 99", Assert.Throws<UserError>(() => Read(Folder("deltalog-invalid-protocol-version"), null)).What, StringComparison.Ordinal);

    [Fact]
    public void Read_FolderWithoutLog_IsRefused() =>
        Assert.Contains("is not a Delta table", Assert.Throws<UserError>(() => Read(Folder("no-delta-log-folder"), null)).What, StringComparison.Ordinal);

    [Fact]
    public void Read_LogWithAGap_NamesTheVersion() =>
        Assert.Contains("lacks version 1", Assert.Throws<UserError>(() => Read(Folder("versions-not-contiguous"), null)).What, StringComparison.Ordinal);

    [Theory]
    [InlineData("checkpoint", "00000000000000000010.checkpoint.parquet", 4)]
    [InlineData("basic-with-inserts-overwrite-restore", "00000000000000000003.checkpoint.parquet", 1)]
    public void Plan_TableWithACheckpoint_StartsThere(string table, string checkpoint, int commits)
    {
        var plan = Listing(Folder(table)).Plan(table);

        Assert.Equal(checkpoint, plan.Files[0].Name);
        Assert.Equal(commits, plan.Files.Count(file => file.Kind == LogFileKind.Commit));
    }

    private static TableSnapshot Read(string folder, long? version)
    {
        var replay = new SnapshotReplay(Path.GetFileName(Path.GetDirectoryName(folder))!);
        foreach (var file in Listing(folder).Plan(folder, version, useCheckpoints: false).Files)
            replay.Apply(file.Version, LogEntry.Parse(File.ReadAllBytes(Path.Combine(folder, "_delta_log", file.Name)), file.Name));
        return replay.ToSnapshot();
    }

    private static LogListing Listing(string folder)
    {
        var log = Path.Combine(folder, "_delta_log");
        return LogListing.From(Directory.Exists(log) ? Directory.EnumerateFiles(log).Select(file => Path.GetFileName(file)) : []);
    }

    private static string Folder(string table) => Path.Combine(Root, table, "delta");

    private static string Root
    {
        get
        {
            var data = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "delta"));
            Assert.SkipUnless(Directory.Exists(data), "the golden Delta tables (../shared/data/delta) are not on this machine");
            return data;
        }
    }
}
