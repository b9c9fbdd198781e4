using DataSpoc.Contracts.Storage;
using DataSpoc.Lens.Catalog;
using Xunit;

namespace Lens.Tests.Catalog;

public sealed class BucketNameTests
{
    [Theory]
    [InlineData("s3://company-bronze", "company-bronze")]
    [InlineData("s3://company/lake", "lake")]
    [InlineData("file:///data/My Lake", "my_lake")]
    [InlineData("file:///data/raw", "raw_bucket")]
    [InlineData("file:///temp", "temp_bucket")]
    [InlineData("file:///", "lake")]
    public void Of_Uri_IsANameOfSql(string uri, string name) => Assert.Equal(name, BucketName.Of(BucketUri.Parse(uri)));
}
