using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Training;
using Xunit;

namespace Ml.Tests.Data.Reading;

public sealed class TargetPlannerTests
{
    private static Target Plan(string type, int values, LearningTask? task = null, long present = 1000) => TargetPlanner.Plan(
        "raw.t", new("y", LogicalType.Parse(type)), [.. Enumerable.Range(0, values).Select(i => new TargetValue($"v{i}", present / Math.Max(1, values)))], present, present, task);

    [Theory]
    [InlineData("BOOLEAN", 2, "Binary")]
    [InlineData("VARCHAR", 2, "Binary")]
    [InlineData("VARCHAR", 7, "Multiclass")]
    [InlineData("INTEGER", 2, "Binary")]
    [InlineData("INTEGER", 10, "Multiclass")]
    [InlineData("INTEGER", 11, "Regression")]
    [InlineData("DOUBLE", 2, "Binary")]
    [InlineData("DOUBLE", 3, "Regression")]
    [InlineData("DECIMAL(10,2)", 101, "Regression")]
    public void Plan_Auto_DecidesByTypeAndValues(string type, int values, string expected) => Assert.Equal(expected, Plan(type, values).Task.ToString());

    [Theory]
    [InlineData("DATE", 5, null, "cannot be predicted")]
    [InlineData("INTEGER[]", 5, null, "cannot be predicted")]
    [InlineData("VARCHAR", 101, null, "more than 100 classes")]
    [InlineData("VARCHAR", 5, "Regression", "a regression cannot learn it")]
    [InlineData("VARCHAR", 5, "Binary", "has 5 classes, not two")]
    public void Plan_TaskThatDoesNotFit_IsWrongUsage(string type, int values, string? task, string expected)
    {
        var error = Assert.Throws<UserError>(() => Plan(type, values, task is null ? null : Enum.Parse<LearningTask>(task)));
        Assert.Contains(expected, error.What, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void Plan_NothingToLearn_SaysWhy()
    {
        Assert.Contains("is `v0` in all 1000 rows", Assert.Throws<UserError>(() => Plan("BOOLEAN", 1)).What, StringComparison.Ordinal);
        Assert.Contains("9 rows with a value in target `y` are too few", Assert.Throws<UserError>(() => Plan("BOOLEAN", 2, present: 9)).What, StringComparison.Ordinal);
        Assert.Contains("`raw.t` has no rows", Assert.Throws<UserError>(() => Plan("BOOLEAN", 0, present: 0)).What, StringComparison.Ordinal);
        Assert.Contains("no row of `raw.t` has a value", Assert.Throws<UserError>(() => TargetPlanner.Plan("raw.t", new("y", LogicalType.Boolean), [], 5, 0, null)).What, StringComparison.Ordinal);
    }
}
