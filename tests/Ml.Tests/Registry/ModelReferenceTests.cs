using DataSpoc.Contracts;
using DataSpoc.Ml.Registry;
using Xunit;

namespace Ml.Tests.Registry;

public sealed class ModelReferenceTests
{
    [Fact]
    public void Parse_EachForm_IsUnderstood()
    {
        Assert.Equal(new("late", null, null), ModelReference.Parse("late"));
        Assert.Equal(new("late", 12, null), ModelReference.Parse("late@12"));
        Assert.Equal(new("late", null, "prod"), ModelReference.Parse("late@prod"));
        Assert.Equal("late@12", ModelReference.Parse("late@12").ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Late")]
    [InlineData("../../raw")]
    [InlineData("late@")]
    [InlineData("late@0")]
    [InlineData("late@a/b")]
    [InlineData("late@1@2")]
    public void Parse_AnythingElse_IsWrongUsage(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<UserError>(() => ModelReference.Parse(text)).ExitCode);
}
