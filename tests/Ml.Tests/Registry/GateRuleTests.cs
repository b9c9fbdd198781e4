using DataSpoc.Contracts;
using DataSpoc.Ml.Registry.Promotion;
using Xunit;

namespace Ml.Tests.Registry;

public sealed class GateRuleTests
{
    private static double? Figure(string name) => name switch { "auc" => 0.84, "prod.auc" => 0.85, "staging.auc" => double.NaN, "f1" => 0.5, _ => null };

    [Theory]
    [InlineData("auc >= 0.8", true)]
    [InlineData("auc >= 0.8 and auc >= prod.auc - 0.002", false)]
    [InlineData("auc >= 0.8 and auc >= prod.auc - 0.02", true)]
    [InlineData("auc > 0.9 or f1 = 0.5", true)]
    [InlineData("not auc > 0.9", true)]
    [InlineData("not (auc > 0.8 and f1 > 0.4)", false)]
    [InlineData("(auc + f1) / 2 >= 0.66", true)]
    [InlineData("((auc + f1) / 2 >= 0.66 and (auc) > 0.1)", true)]
    [InlineData("auc>=.8", true)]
    [InlineData("-auc < -0.8", true)]
    [InlineData("auc >= staging.auc", true)]
    public void Holds_Rules_AreWorkedOut(string rule, bool expected) => Assert.Equal(expected, GateRule.Holds(rule, Figure));

    [Theory]
    [InlineData("", "a number or a figure was expected at its end")]
    [InlineData("auc", "a comparison such as `>=` was expected at its end")]
    [InlineData("auc >= ", "a number or a figure was expected at its end")]
    [InlineData("accuracy > 1", "a figure that the model has was expected instead of `accuracy`")]
    [InlineData("auc > 1 and", "expected at its end")]
    [InlineData("auc > 1 f1", "`and`, `or` or the end was expected instead of `f1`")]
    [InlineData("(auc > 1", "expected")]
    [InlineData("auc ! 1", "instead of `!`")]
    [InlineData("; drop", "instead of `;`")]
    public void Holds_NoRule_SaysWhatWasExpected(string rule, string expected) =>
        Assert.Contains(expected, Assert.Throws<UserError>(() => GateRule.Holds(rule, Figure)).What, StringComparison.Ordinal);
}
