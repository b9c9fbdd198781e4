using System.Net;
using System.Text;
using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>A batch of deletions of which the server does only a part.</summary>
public sealed class S3DeletionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delete_SomeOfABatchForLaterByTheServer_IsTriedAgain()
    {
        var server = new PlayedServer(_ => Left("raw/b", "SlowDown"), _ => Left("raw/b", "InternalError"), _ => Left(null, ""));
        await using var store = Open(server);

        await store.DeleteAsync(["raw/a", "raw/b"], Cancel);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Delete_OneOfABatchForbidden_NamesIt()
    {
        var server = new PlayedServer(_ => Left("raw/b", "AccessDenied"));
        await using var store = Open(server);

        var error = await Assert.ThrowsAsync<UserError>(() => store.DeleteAsync(["raw/a", "raw/b"], Cancel));

        Assert.Single(server.Requests);
        Assert.Equal(ExitCode.NotPermitted, error.ExitCode);
        Assert.Contains("s3:DeleteObject on `raw/b`", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_ABatchThatTheServerRefusesAsAWhole_GoesKeyByKey()
    {
        var server = new PlayedServer(request => request.Method == HttpMethod.Post
            ? PlayedServer.Error(HttpStatusCode.Forbidden, "AccessDenied")
            : new HttpResponseMessage(HttpStatusCode.NoContent));
        await using var store = Open(server);

        await store.DeleteAsync(["raw/a", "raw/b"], Cancel);

        Assert.Equal(2, server.Requests.Count(request => request.Method == HttpMethod.Delete));
    }

    private static S3ObjectStore Open(PlayedServer server) => new(BucketUri.Parse("s3://lake"), new()
    {
        Endpoint = "http://127.0.0.1:2",
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("ACCESS", "SECRET"),
        Retries = new() { FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(1) },
        Transfers = new() { Parallelism = 1 },
        Transport = _ => server,
    });

    private static HttpResponseMessage Left(string? key, string code) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(
            key is null
                ? "<DeleteResult/>"
                : $"<DeleteResult><Error><Key>{key}</Key><Code>{code}</Code><Message>played</Message></Error></DeleteResult>",
            Encoding.UTF8,
            "application/xml"),
    };
}
