using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Profiling;
using Xunit;

namespace Ml.Tests.Data.Preparation;

public sealed class PreparationPlannerTests
{
    private static ColumnProfile Column(string name, string type = "DOUBLE", long distinct = 50) =>
        new(name, type, ColumnKinds.Of(type), 1000, 0) { Distinct = distinct };

    private static LeftOutReason? ReasonFor(ColumnProfile column, ColumnChoices? choices = null) =>
        PreparationPlanner.Plan([column], choices ?? new()).LeftOut.SingleOrDefault()?.Reason;

    [Fact]
    public void Plan_PlainColumns_AreUsed()
    {
        var plan = PreparationPlanner.Plan(
            [Column("weight"), Column("city", "VARCHAR") with { Categories = ["a", "b"], MoreCategories = true }, Column("fragile", "BOOLEAN"), Column("left_at", "TIME")], new() { Classes = 20 });
        Assert.Empty(plan.LeftOut);
        Assert.Equal(["weight", "city", "fragile", "left_at"], plan.Features.Select(f => f.Name));
        Assert.Equal([false, true, false, false], plan.Features.Select(f => f.Categorical));
        Assert.True(plan.Columns[1].Others);
    }

    [Fact]
    public void Plan_Moment_GivesCalendarPartsAndTheHourOnlyWhereThereIsOne()
    {
        var plan = PreparationPlanner.Plan([Column("day", "DATE"), Column("at", "TIMESTAMP WITH TIME ZONE") with { TimeOfDay = true }], new());
        Assert.Equal(
            ["day.days", "day.month", "day.day", "day.weekday", "at.days", "at.month", "at.day", "at.weekday", "at.hour"],
            plan.Features.Select(f => f.Name));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("parcel_id")]
    [InlineData("parcelId")]
    [InlineData("invoice_no")]
    [InlineData("id_parcel")]
    public void Plan_AllDifferentIntegersNamedLikeKeys_AreIdentifiers(string name) =>
        Assert.Equal(LeftOutReason.Identifier, ReasonFor(Column(name, "BIGINT") with { AllDiffer = true }));

    [Theory]
    [InlineData("paid")]
    [InlineData("valid")]
    [InlineData("amount")]
    [InlineData("monkey")]
    public void Plan_AllDifferentIntegersOfOtherNames_AreUsed(string name) =>
        Assert.Null(ReasonFor(Column(name, "BIGINT") with { AllDiffer = true }));

    [Fact]
    public void Plan_ColumnsWithoutUse_AreLeftOutWithTheReason()
    {
        Assert.Equal(LeftOutReason.Identifier, ReasonFor(Column("tracking", "VARCHAR", 1000) with { AllDiffer = true }));
        Assert.Equal(LeftOutReason.Identifier, ReasonFor(Column("key", "UUID")));
        Assert.Equal(LeftOutReason.Identifier, ReasonFor(Column("parcel", "BIGINT"), new() { KeyColumns = ["parcel"] }));
        Assert.Equal(LeftOutReason.Text, ReasonFor(Column("note", "VARCHAR", 800)));
        Assert.Equal(LeftOutReason.Constant, ReasonFor(Column("country", "VARCHAR") with { OneValue = true }));
        Assert.Equal(LeftOutReason.Empty, ReasonFor(Column("gone") with { Present = 0, Missing = 1000 }));
        Assert.Equal(LeftOutReason.Type, ReasonFor(Column("items", "STRUCT(a INTEGER)[]")));
        Assert.Equal(LeftOutReason.Type, ReasonFor(Column("picture", "BLOB")));
        Assert.Equal(LeftOutReason.Partition, ReasonFor(Column("dt", "DATE"), new() { PartitionColumns = new HashSet<string> { "dt" } }));
        Assert.Equal(LeftOutReason.Bookkeeping, ReasonFor(Column("_sdc_extracted_at", "TIMESTAMP")));
        Assert.Equal(LeftOutReason.Excluded, ReasonFor(Column("weight"), new() { Excluded = new HashSet<string> { "weight" } }));
    }

    [Fact]
    public void Plan_OneValueOrNone_IsUsedBecauseItsAbsenceMayTell() =>
        Assert.Null(ReasonFor(Column("refund", "VARCHAR") with { OneValue = true, Missing = 500, Distinct = 1 }));

    [Fact]
    public void Plan_KeptColumn_IsUsedWhateverTheRuleSays()
    {
        Assert.Null(ReasonFor(Column("dt", "DATE"), new() { PartitionColumns = new HashSet<string> { "dt" }, Kept = new HashSet<string> { "dt" } }));
        Assert.Equal(LeftOutReason.Type, ReasonFor(Column("items", "INTEGER[]"), new() { Kept = new HashSet<string> { "items" } }));
    }

    [Fact]
    public void Plan_HostileNames_GiveFeatureNamesThatXGBoostAccepts()
    {
        var plan = PreparationPlanner.Plan([Column("a[1]"), Column("a_1_"), Column("x < y\n"), Column(""), Column("数量"), Column("\"; drop table x")], new());
        Assert.Equal(["a_1_", "a_1_~2", "x___y_", "_", "数量", "\";_drop_table_x"], plan.Features.Select(f => f.Name));
        Assert.Equal("a[1]", plan.Columns[0].Name);
    }

    [Fact]
    public void PositionsIn_WithoutAColumn_PointPastIt()
    {
        var all = PreparationPlanner.Plan([Column("a"), Column("day", "DATE"), Column("b")], new());
        var fewer = all.Without([new("day", LeftOutReason.Leak, "tells all")]);
        Assert.Equal([0, 5], fewer.PositionsIn(all));
    }
}
