using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>What is peculiar to S3: who may do what, and what is said to those who may not.</summary>
public sealed class S3BucketTests : IAsyncLifetime
{
    private S3Bucket? bucket;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private S3Bucket Bucket => bucket!;

    public async ValueTask InitializeAsync()
    {
        bucket = new();
        await bucket.MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (bucket is not null)
            await bucket.DisposeAsync();
    }

    [Fact]
    public async Task AnyCall_OfAUserWithoutRights_NamesBucketActionAndKey()
    {
        await using var alice = Bucket.Open();
        await alice.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);
        var local = await LocalFileAsync();
        var staged = await alice.StageAsync("raw/y", "run7", local, Cancel);
        await using var bob = Bucket.Open(user: Bucket.Server.Bob);
        local = await LocalFileAsync();

        await Denied("s3:GetObject", "raw/x", () => bob.GetAsync("raw/x", Cancel));
        await Denied("s3:GetObject", "raw/x", () => bob.HeadAsync("raw/x", Cancel));
        await Denied("s3:GetObject", "raw/none", () => bob.GetAsync("raw/none", Cancel));
        await Denied("s3:GetObject", "raw/x", () => bob.ReadAsync("raw/x", 0, new byte[1], null, Cancel));
        await Denied("s3:PutObject", "raw/x", () => bob.PutAsync("raw/x", "y"u8.ToArray(), WriteCondition.None, Cancel));
        await Denied("s3:PutObject", "raw/x", () => bob.PutAsync("raw/x", "y"u8.ToArray(), WriteCondition.Absent, Cancel));
        await Denied("s3:DeleteObject", "raw/x", () => bob.DeleteAsync(["raw/x"], Cancel));
        await Denied("s3:ListBucket", "raw/", async () => await bob.ListAsync("raw/", null, Cancel).ToListAsync(Cancel));
        await Denied("s3:PutObject", "raw/z", () => bob.StageAsync("raw/z", "run7", local, Cancel));
        await Denied("s3:PutObject", "raw/y", () => bob.PublishAsync(staged, Cancel));
        await Denied("s3:AbortMultipartUpload", "raw/y", () => bob.AbandonAsync(staged, Cancel));
        await Denied("s3:ListBucketMultipartUploads", "", async () => await bob.ListStagedAsync(Cancel).ToListAsync(Cancel));

        await alice.AbandonAsync(staged, Cancel);
        Assert.Equal(["raw/x"], await alice.ListAsync("", null, Cancel).Select(found => found.Key).ToListAsync(Cancel));
        Assert.Equal("x"u8.ToArray(), (await alice.GetAsync("raw/x", Cancel))!.Bytes.ToArray());
        Assert.True(File.Exists(local));
        File.Delete(local);
    }

    [Fact]
    public async Task Read_WhereAPolicyAllowsOnePrefix_TellsMissingFromForbidden()
    {
        await using var alice = Bucket.Open();
        foreach (var key in new[] { "curated/shop/orders/a", "raw/shop/orders/a" })
            await alice.PutAsync(key, "x"u8.ToArray(), default, Cancel);
        await Bucket.AllowAsync(Policy(mayList: true));
        await using var bob = Bucket.Open(user: Bucket.Server.Bob);

        Assert.NotNull(await bob.GetAsync("curated/shop/orders/a", Cancel));
        Assert.Single(await bob.ListAsync("curated/", null, Cancel).ToListAsync(Cancel));
        Assert.Null(await bob.GetAsync("curated/shop/orders/none", Cancel));
        Assert.Null(await bob.HeadAsync("curated/shop/orders/none", Cancel));

        await Denied("s3:GetObject", "raw/shop/orders/a", () => bob.GetAsync("raw/shop/orders/a", Cancel));
        await Denied("s3:GetObject", ".dataspoc/manifest.json", () => bob.GetAsync(".dataspoc/manifest.json", Cancel));
        await Denied("s3:ListBucket", "raw/", async () => await bob.ListAsync("raw/", null, Cancel).ToListAsync(Cancel));
        await Denied("s3:PutObject", "curated/shop/orders/b", () => bob.PutAsync("curated/shop/orders/b", "y"u8.ToArray(), default, Cancel));
    }

    [Fact]
    public async Task Read_WhereAPolicyAllowsNoListing_CannotTellMissingFromForbidden()
    {
        await using var alice = Bucket.Open();
        await alice.PutAsync("curated/a", "x"u8.ToArray(), default, Cancel);
        await Bucket.AllowAsync(Policy(mayList: false));
        await using var bob = Bucket.Open(user: Bucket.Server.Bob);

        Assert.NotNull(await bob.GetAsync("curated/a", Cancel));
        var error = await Denied("s3:GetObject", "curated/none", () => bob.GetAsync("curated/none", Cancel));

        Assert.Contains("or there is no such object", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WhereAPolicyForbidsOneOfMany_NamesIt()
    {
        await using var alice = Bucket.Open();
        foreach (var key in new[] { "curated/a", "raw/a" })
            await alice.PutAsync(key, "x"u8.ToArray(), default, Cancel);
        await Bucket.AllowAsync(Allow("s3:DeleteObject", "/curated/*"));
        await using var bob = Bucket.Open(user: Bucket.Server.Bob);

        await Denied("s3:DeleteObject", "raw/a", () => bob.DeleteAsync(["curated/a", "raw/a"], Cancel));

        Assert.Equal(["raw/a"], await alice.ListAsync("", null, Cancel).Select(found => found.Key).ToListAsync(Cancel));
    }

    [Fact]
    public async Task AnyCall_NoSuchBucket_SaysSo()
    {
        await using var none = new S3BucketName(Bucket.Server, "t-there-is-no-such-bucket").Open();
        var local = await LocalFileAsync();

        foreach (var call in new Func<Task>[]
                 {
                     () => none.GetAsync("raw/x", Cancel),
                     () => none.HeadAsync("raw/x", Cancel),
                     () => none.ReadAsync("raw/x", 0, new byte[1], null, Cancel),
                     () => none.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.None, Cancel),
                     () => none.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Absent, Cancel),
                     () => none.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Matches("5289df737df57326fcdd22597afb1fac"), Cancel),
                     () => none.DeleteAsync(["raw/x"], Cancel),
                     async () => await none.ListAsync("", null, Cancel).ToListAsync(Cancel),
                     () => none.StageAsync("raw/x", "run7", local, Cancel),
                     async () => await none.ListStagedAsync(Cancel).ToListAsync(Cancel),
                 })
        {
            var error = await Assert.ThrowsAsync<UserError>(call);
            Assert.Equal("bucket `s3://t-there-is-no-such-bucket` does not exist", error.What);
            Assert.Equal(ExitCode.Failed, error.ExitCode);
        }
        File.Delete(local);
    }

    [Fact]
    public async Task List_WithFolderMarkersOfAConsole_SkipsThem()
    {
        await using var alice = Bucket.Open();
        await alice.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);
        await Bucket.PutForeignAsync("raw/");
        var odd = true;
        try
        {
            await Bucket.PutForeignAsync("raw//odd");
        }
        catch (Amazon.S3.AmazonS3Exception refused) when (refused.ErrorCode == "XMinioInvalidObjectName")
        {
            // then there is none to be skipped
            odd = false;
        }

        Assert.Equal(["raw/x"], await alice.ListAsync("", null, Cancel).Select(found => found.Key).ToListAsync(Cancel));
        await Bucket.DeleteForeignAsync("raw/");
        if (odd)
            await Bucket.DeleteForeignAsync("raw//odd");
    }

    [Fact]
    public async Task List_BelowAPrefix_DoesNotShowTheRest()
    {
        await using var lake = Bucket.Open("company/lake");
        await using var whole = Bucket.Open();
        await lake.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel);
        await whole.PutAsync("company/lakeside/raw/x", "x"u8.ToArray(), default, Cancel);
        var staged = await whole.StageAsync("company/other/y", "run7", await LocalFileAsync(), Cancel);

        Assert.Equal(["raw/x"], await lake.ListAsync("", null, Cancel).Select(found => found.Key).ToListAsync(Cancel));
        Assert.Empty(await lake.ListStagedAsync(Cancel).ToListAsync(Cancel));
        Assert.NotNull(await whole.GetAsync("company/lake/raw/x", Cancel));
        await whole.AbandonAsync(staged, Cancel);
    }

    private async Task<UserError> Denied(string action, string key, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<UserError>(call);
        Assert.Equal(ExitCode.NotPermitted, error.ExitCode);
        Assert.Contains($"not permitted: {action} on `{key}` in `s3://{Bucket.Name}`", error.What, StringComparison.Ordinal);
        Assert.Contains(("bucket", $"s3://{Bucket.Name}"), error.Where);
        Assert.Contains(("action", action), error.Where);
        Assert.Contains(error.Where, where => where.Value == key);
        Assert.Contains(action, error.Hint, StringComparison.Ordinal);
        return error;
    }

    private static async Task<string> LocalFileAsync()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "x", Cancel);
        return path;
    }

    private string Policy(bool mayList) => mayList
        ? Statements(
            Statement("s3:GetObject", "/curated/*"),
            Statement("s3:ListBucket", "", ",\"Condition\":{\"StringLike\":{\"s3:prefix\":[\"curated/*\"]}}"))
        : Statements(Statement("s3:GetObject", "/curated/*"));

    private string Allow(string action, string resource) => Statements(Statement(action, resource));

    private static string Statements(params string[] statements) =>
        $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";

    private string Statement(string action, string resource, string condition = "") =>
        $$"""{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/bob"]},"Action":["{{action}}"],"Resource":["arn:aws:s3:::{{Bucket.Name}}{{resource}}"]{{condition}}}""";
}
