using DataSpoc.Contracts.DuckDb.Catalog;
using Xunit;

namespace Lens.Tests.Catalog;

public sealed class TableNameTests
{
    [Theory]
    [InlineData("orders", null, null, "orders")]
    [InlineData("raw.orders", null, "raw", "orders")]
    [InlineData("bronze.raw.orders", "bronze", "raw", "orders")]
    [InlineData("\"company-bronze\".raw.\"a.b\"", "company-bronze", "raw", "a.b")]
    [InlineData("raw.\"a\"\"b\"", null, "raw", "a\"b")]
    [InlineData(" raw . orders ", null, "raw", "orders")]
    public void Parse_NameOfUpToThreeParts_IsTakenApart(string text, string? bucket, string? schema, string name) =>
        Assert.Equal(new TableName(bucket, schema, name), TableName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("raw.")]
    [InlineData(".orders")]
    [InlineData("a.b.c.d")]
    [InlineData("\"open")]
    [InlineData("\"\"")]
    [InlineData("\"a\"b")]
    public void Parse_AnythingElse_IsNull(string text) => Assert.Null(TableName.Parse(text));

    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("Orders", "\"Orders\"")]
    [InlineData("1st", "\"1st\"")]
    [InlineData("a-b", "\"a-b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    public void ToString_Name_IsQuotedWhereItNeedsIt(string name, string written)
    {
        Assert.Equal("raw." + written, new TableName(null, "raw", name).ToString());
        Assert.Equal(new TableName(null, "raw", name), TableName.Parse("raw." + written));
    }
}
