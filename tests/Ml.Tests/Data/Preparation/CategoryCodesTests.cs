using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using Xunit;

namespace Ml.Tests.Data.Preparation;

public sealed class CategoryCodesTests
{
    private static CategoryCodes Codes(bool others) =>
        new(new("city", "VARCHAR", ColumnKind.Category, ["city"]) { Categories = ["Köln", "", "Bonn"], Others = others });

    [Fact]
    public void Code_KnownValue_IsItsPosition()
    {
        Assert.Equal(0, Codes(false).Code("Köln"u8));
        Assert.Equal(1, Codes(false).Code(""u8));
        Assert.Equal(2, Codes(true).Code("Bonn"u8));
    }

    [Fact]
    public void Code_UnseenValue_IsMissingOrOneOfTheRare()
    {
        Assert.True(float.IsNaN(Codes(false).Code("bonn"u8)));
        Assert.Equal(3, Codes(true).Code("bonn"u8));
    }
}
