using DataSpoc.Contracts.Delta;
using FsCheck;
using FsCheck.Fluent;

namespace Contracts.Tests.Delta;

public sealed class LogPathTests
{
    [Theory]
    [InlineData("dt=2026-01-31/orders_1.parquet", "dt=2026-01-31/orders_1.parquet")]
    [InlineData("my file.parquet", "my%20file.parquet")]
    [InlineData("50%.parquet", "50%25.parquet")]
    [InlineData("a:b?c#d.parquet", "a%3Ab%3Fc%23d.parquet")]
    [InlineData("Köln.parquet", "K%C3%B6ln.parquet")]
    public void Encode_PathOfAFile_IsAUriPath(string path, string encoded)
    {
        Assert.Equal(encoded, LogPath.Encode(path));
        Assert.Equal(path, LogPath.Decode(encoded));
    }

    [Fact]
    public void Decode_AnyEncodedText_GivesItBack() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            // a lone surrogate has no UTF-8
            var path = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get));
            return LogPath.Decode(LogPath.Encode(path)) == path;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("../x.parquet")]
    [InlineData("a/../../x.parquet")]
    [InlineData("/etc/passwd")]
    [InlineData("s3://other/x.parquet")]
    [InlineData("file:/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("./a")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void IsInside_PathThatMayLeadOut_IsFalse(string path) => Assert.False(LogPath.IsInside(path));

    [Theory]
    [InlineData("x.parquet")]
    [InlineData("dt=2026-01-31/x.parquet")]
    [InlineData("..x/y..z/...parquet")]
    [InlineData("12:30.parquet")]
    public void IsInside_RelativePath_IsTrue(string path) => Assert.True(LogPath.IsInside(path));
}
