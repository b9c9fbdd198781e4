using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;
using FsCheck;
using FsCheck.Fluent;

namespace Contracts.Tests.Delta;

public sealed class StatisticsTests
{
    // texts that share long beginnings and hold the edges of the order of code points
    private static readonly Gen<string> Texts =
        from runes in Gen.Elements(0x20, 'a', 'b', 'ß', 0x7F, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF).ListOf()
        from repeat in Gen.Choose(0, 40)
        from first in Gen.Elements(0x61, 0x10FFFF)
        select string.Concat(Enumerable.Repeat(new Rune(first).ToString(), repeat)) + string.Concat(runes.Select(value => new Rune(value).ToString()));

    [Fact]
    public void Text_AnyValue_LiesBetweenItsBoundsInTheOrderOfCodePoints() =>
        Prop.ForAll(Arb.From(Texts), text =>
        {
            var (lower, upper) = (StatisticsBounds.LowerText(text), StatisticsBounds.UpperText(text));
            return Compare(lower, text) <= 0 && (upper is null || Compare(text, upper) <= 0)
                && lower.EnumerateRunes().Count() <= 32 && (upper is null || upper.EnumerateRunes().Count() <= 32)
                && !HasLoneSurrogate(lower) && (upper is null || !HasLoneSurrogate(upper));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void UpperText_LongText_IsCutAndRaised()
    {
        Assert.Equal(new string('a', 31) + "b", StatisticsBounds.UpperText(new string('a', 33)));
        Assert.Equal(new string('a', 32), StatisticsBounds.UpperText(new string('a', 32)));
        Assert.Equal(new string('a', 31) + "\uE000", StatisticsBounds.UpperText(new string('a', 31) + "\uD7FF" + "x"));
        Assert.Equal(new string('a', 30) + "b", StatisticsBounds.UpperText(new string('a', 31) + "\U0010FFFF" + "x"));
    }

    [Fact]
    public void UpperText_NothingSortsAfterItsBeginning_IsLeftOut() =>
        Assert.Null(StatisticsBounds.UpperText(string.Concat(Enumerable.Repeat("\U0010FFFF", 33))));

    [Fact]
    public void UpperText_LoneSurrogate_IsLeftOut() => Assert.Null(StatisticsBounds.UpperText("a\uD83D"));

    [Fact]
    public void Timestamp_AnyValue_LiesBetweenItsBounds() =>
        Prop.ForAll(ArbMap.Default.ArbFor<DateTime>(), given =>
        {
            var value = DateTime.SpecifyKind(given, DateTimeKind.Utc).AddTicks(given.Ticks % 9999);
            var lower = DateTime.Parse(StatisticsBounds.LowerTimestamp(value, zoned: false), CultureInfo.InvariantCulture);
            var upper = StatisticsBounds.UpperTimestamp(value, zoned: false) is { } text ? DateTime.Parse(text, CultureInfo.InvariantCulture) : DateTime.MaxValue;
            return lower <= value && value <= upper && upper - lower <= TimeSpan.FromMilliseconds(1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Timestamp_EndOfTime_HasNoUpperBound() => Assert.Null(StatisticsBounds.UpperTimestamp(DateTime.MaxValue, zoned: true));

    [Fact]
    public void Plan_FileOfManyColumns_KeepsTheFirst32InTheLog()
    {
        var nulls = new JsonObject { ["address"] = new JsonObject { ["city"] = 0, ["zip"] = 1 } };
        var smallest = new JsonObject { ["address"] = new JsonObject { ["city"] = "Aachen" } };
        for (var column = 0; column < 100; column++)
            (nulls[$"c{column}"], smallest[$"c{column}"]) = (0, column);
        var change = Examples.Change(ChangeMode.Append, 1, [null]);
        var wide = change with { Files = [change.Files[0] with { Statistics = new(10) { NullCount = nulls, MinValues = smallest, MaxValues = [] } }] };

        var kept = Assert.Single(Examples.Table(wide).Files.Values).Statistics!;

        Assert.Equal(["address", .. Enumerable.Range(0, 30).Select(column => $"c{column}")], kept.NullCount!.Select(pair => pair.Key));
        Assert.Equal(["address", .. Enumerable.Range(0, 30).Select(column => $"c{column}")], kept.MinValues!.Select(pair => pair.Key));
        Assert.Equal(10, kept.NumRecords);
    }

    [Fact]
    public void Parse_Serialized_GivesItBack()
    {
        var statistics = new FileStatistics(7) { MinValues = new() { ["a"] = 1 }, MaxValues = new() { ["a"] = 2 }, NullCount = new() { ["a"] = 0 } };

        var read = FileStatistics.Parse(statistics.Serialize());

        Assert.Equal(statistics.Serialize(), read?.Serialize());
        Assert.Null(FileStatistics.Parse(null));
        Assert.Null(FileStatistics.Parse("""{"minValues":{"a":1}}"""));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("{\"numRecords\":1.5}")]
    [InlineData("{\"numRecords\":1,\"minValues\":[]}")]
    [InlineData("{\"numRecords\":1}}")]
    [InlineData("{\"numRecords\":1,\"minValues\":{\"a\":}}")]
    public void Read_DamagedStatistics_AreFoundWhenTheEntryIsRead(string stats)
    {
        var line = "{\"add\":{\"path\":\"a\",\"partitionValues\":{},\"size\":1,\"modificationTime\":1,\"stats\":" + System.Text.Json.JsonSerializer.Serialize(stats) + "}}";

        Assert.Throws<DataSpoc.Contracts.UserError>(() => LogEntry.Parse(Encoding.UTF8.GetBytes(line), "k"));
    }

    [Fact]
    public void Read_StatisticsOfAnotherWriter_StayAsTheyAreInACompaction()
    {
        const string Line = """{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"stats":"{\"tightBounds\": true, \"numRecords\": 3, \"minValues\": {\"a\": 1.50}}"}}""";

        var add = (AddFile)LogEntry.Parse(Encoding.UTF8.GetBytes(Line), "k")[0];

        Assert.Equal(3, add.Rows);
        Assert.Equal("1.50", add.Statistics!.MinValues!["a"]!.ToJsonString());
        Assert.Equal(Line, Assert.Single(Examples.Lines(LogCompaction.Build([add]))));
        Assert.Null((add with { Statistics = null }).Rows);
        Assert.Equal(4, (add with { Statistics = new(4) }).Rows);
    }

    private static int Compare(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    private static bool HasLoneSurrogate(string text) => text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);
}
