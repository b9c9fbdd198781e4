using DataSpoc.Contracts;
using DataSpoc.Contracts.Names;

namespace Contracts.Tests.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("orders")]
    [InlineData("0")]
    [InlineData("2026-q1_orders")]
    [InlineData("a--__--b")]
    public void IsValid_NameOfTheContract_IsTrue(string name) => Assert.True(Name.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Orders")]
    [InlineData("_orders")]
    [InlineData("-orders")]
    [InlineData("or ders")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    [InlineData("köln")]
    [InlineData("a\n")]
    [InlineData("٣")]
    public void IsValid_AnythingElse_IsFalse(string? name) => Assert.False(Name.IsValid(name));

    [Fact]
    public void IsValid_128Characters_IsTheLimit()
    {
        Assert.True(Name.IsValid(new string('a', 128)));
        Assert.False(Name.IsValid(new string('a', 129)));
    }

    [Fact]
    public void Require_ForeignName_SaysWhatIsWrongAndOffersTheFoldedName()
    {
        var error = Assert.Throws<UserError>(() => Name.Require("Orders 2026", "table"));

        Assert.Equal("`Orders 2026` cannot be the name of a table", error.What);
        Assert.Contains("`orders_2026`", error.Hint, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }
}
