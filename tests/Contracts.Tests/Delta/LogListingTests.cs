using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;

namespace Contracts.Tests.Delta;

public sealed class LogListingTests
{
    private const string Uuid = "80a083e8-7026-4e79-81be-64bd76c43a11";

    [Fact]
    public void Plan_CommitsOnly_ReadsThemAll() => Assert.Equal(["0", "1", "2"], Plan([.. Commits(0, 2)]));

    [Fact]
    public void Plan_OlderVersion_ReadsUpToIt() => Assert.Equal(["0", "1"], Plan([.. Commits(0, 5), LogCompaction.FileName(0, 3)], version: 1));

    [Fact]
    public void Plan_Compaction_ReadsItAndTheRestAndTheLastCommitForItsProvenance()
    {
        Assert.Equal(["0-3", "4", "5"], Plan([.. Commits(0, 5), LogCompaction.FileName(0, 3)]));
        Assert.Equal(["0-3", "3"], Plan([.. Commits(0, 3), LogCompaction.FileName(0, 3)]));
    }

    [Fact]
    public void Plan_CompactionsThatOverlap_TakesTheOneThatReachesFarthest() =>
        Assert.Equal(["0-9", "10", "11"], Plan([.. Commits(0, 11), LogCompaction.FileName(0, 4), LogCompaction.FileName(5, 9), LogCompaction.FileName(0, 9)]));

    [Fact]
    public void Plan_CommitsThatOnlyACompactionHolds_AreThere() => Assert.Equal(["0-4", "5"], Plan([.. Commits(5, 5), LogCompaction.FileName(0, 4)]));

    [Fact]
    public void Plan_Checkpoint_IsWhereReadingStarts()
    {
        Assert.Equal(["10p", "11", "12"], Plan([.. Commits(0, 12), Padded(10) + ".checkpoint.parquet"]));
        Assert.Equal(["10p", "11", "12"], Plan([.. Commits(11, 12), Padded(10) + ".checkpoint.parquet"]));
        Assert.Equal(["10p", "10"], Plan([.. Commits(10, 12), Padded(10) + ".checkpoint.parquet"], version: 10));
        Assert.Equal(["10p", "11-20", "20"], Plan([.. Commits(11, 20), Padded(10) + ".checkpoint.parquet", LogCompaction.FileName(11, 20)]));
    }

    [Fact]
    public void Plan_NewestCheckpointNotAfterTheVersion_IsTaken() =>
        Assert.Equal(["10p", "11", "12"], Plan([.. Commits(0, 25), Padded(10) + ".checkpoint.parquet", Padded(20) + ".checkpoint.parquet"], version: 12));

    [Fact]
    public void Plan_CheckpointInParts_IsTakenWhereAllAreThere()
    {
        string[] parts = [Padded(2) + ".checkpoint.0000000002.0000000002.parquet", Padded(2) + ".checkpoint.0000000001.0000000002.parquet"];

        Assert.Equal(["2p", "2p", "3"], Plan([.. Commits(3, 3), .. parts]));
        Assert.Equal(["0", "1", "2", "3"], Plan([.. Commits(0, 3), parts[0]]));
    }

    [Fact]
    public void Plan_V2Checkpoint_IsTaken()
    {
        Assert.Equal(["2j", "3"], Plan([.. Commits(3, 3), $"{Padded(2)}.checkpoint.{Uuid}.json"]));
        Assert.Equal(["2p", "3"], Plan([.. Commits(3, 3), $"{Padded(2)}.checkpoint.{Uuid}.parquet"]));
    }

    [Fact]
    public void Plan_WithoutCheckpoints_ReadsJsonAlone()
    {
        string[] names = [.. Commits(0, 3), Padded(2) + ".checkpoint.parquet"];

        Assert.Equal(["0", "1", "2", "3"], LogListing.From(names).Plan("t", useCheckpoints: false).Files.Select(Short));
    }

    [Fact]
    public void Plan_VersionThatIsMissing_IsNamed()
    {
        var error = Assert.Throws<UserError>(() => Plan(["00000000000000000000.json", "00000000000000000002.json"]));

        Assert.Equal("the Delta log of `raw/shop/orders` lacks version 1", error.What);
        Assert.Contains(("missing", "raw/shop/orders/_delta_log/00000000000000000001.json"), error.Where);
    }

    [Fact]
    public void Plan_VersionThatIsNotThereYet_IsAnError() =>
        Assert.Equal("`raw/shop/orders` has no version 9", Assert.Throws<UserError>(() => Plan([.. Commits(0, 3)], version: 9)).What);

    [Fact]
    public void Plan_NoLog_IsAnError() => Assert.Equal("`raw/shop/orders` is not a Delta table: it has no log", Assert.Throws<UserError>(() => Plan(["_last_checkpoint"])).What);

    [Theory]
    [InlineData("00000000000000000001.json.tmp")]
    [InlineData("00000000000000000001.crc")]
    [InlineData("0000000000000000001.json")]
    [InlineData("000000000000000000001.json")]
    [InlineData("00000000000000000001.1234.json")]
    [InlineData("99999999999999999999.json")]
    [InlineData("00000000000000000005.00000000000000000005.compacted.json")]
    [InlineData("00000000000000000005.checkpoint.parquet.bak")]
    [InlineData(".00000000000000000001.json")]
    public void From_OtherNames_AreSkipped(string name) => Assert.Null(LogListing.From([name]).Newest);

    [Fact]
    public void DueAfter_EveryFiftiethCommit_IsARangeAndEveryFiftiethOfThoseALargerOne()
    {
        Assert.Empty(LogCompaction.DueAfter(0));
        Assert.Empty(LogCompaction.DueAfter(48));
        Assert.Equal([(0L, 49L)], LogCompaction.DueAfter(49));
        Assert.Equal([(50L, 99L)], LogCompaction.DueAfter(99));
        Assert.Equal([(2450L, 2499L), (0L, 2499L)], LogCompaction.DueAfter(2499));
    }

    [Fact]
    public void Missing_RangesThatAnInterruptedWriterLeftOut_AreFound()
    {
        var listing = LogListing.From([.. Commits(0, 160), LogCompaction.FileName(50, 99)]);

        Assert.Equal([(0L, 49L), (100L, 149L)], LogCompaction.Missing(listing));
    }

    [Fact]
    public void Plan_LongLog_ReadsFewFiles()
    {
        var names = Commits(0, 5029).ToList();
        for (var version = 0L; version <= 5029; version++)
            names.AddRange(LogCompaction.DueAfter(version).Select(range => LogCompaction.FileName(range.First, range.Last)));

        Assert.Equal(2 + 30, LogListing.From(names).Plan("t").Files.Count);
    }

    private static IEnumerable<string> Commits(long first, long last)
    {
        for (var version = first; version <= last; version++)
            yield return LogNames.Commit(version);
    }

    private static string Padded(long version) => LogNames.Before(version);

    private static List<string> Plan(string[] names, long? version = null) => [.. LogListing.From(names.Reverse()).Plan("raw/shop/orders", version).Files.Select(Short)];

    private static string Short(LogFile file) => file.Kind switch
    {
        LogFileKind.Commit => $"{file.Version}",
        LogFileKind.Compaction => $"{long.Parse(file.Name[..20], System.Globalization.CultureInfo.InvariantCulture)}-{file.Version}",
        LogFileKind.ParquetCheckpoint => $"{file.Version}p",
        _ => $"{file.Version}j",
    };
}
