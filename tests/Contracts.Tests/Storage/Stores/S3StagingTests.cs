using System.Net;
using System.Text;
using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>Open uploads on a server that answers as MinIO does, where that differs from others.</summary>
public sealed class S3StagingTests
{
    private static readonly StagedObject Staged = new("raw/t/part.parquet", 3, "upload", ["one"], StagedAs: null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_WhereTheServerHasLostTheParts_SaysThatItIsLost()
    {
        await using var store = Open(new(Publication(parts: "", published: null)));

        var error = await Assert.ThrowsAsync<UserError>(() => store.PublishAsync(Staged, Cancel));

        Assert.True(StagedObjectLost.IsSaidBy(error), error.What);
    }

    [Fact]
    public async Task Publish_WhereTheServerHasLostThePartsOfWhatIsPublished_IsFine()
    {
        await using var store = Open(new(Publication(parts: "", published: "abc-1")));

        await store.PublishAsync(Staged, Cancel);
    }

    [Fact]
    public async Task Publish_WhereThePartsAreThereAllTheSame_IsNotTakenForLost()
    {
        await using var store = Open(new(Publication(parts: "<Part><PartNumber>1</PartNumber><ETag>\"one\"</ETag><Size>3</Size></Part>", published: null)));

        var error = await Assert.ThrowsAsync<UserError>(() => store.PublishAsync(Staged, Cancel));

        Assert.False(StagedObjectLost.IsSaidBy(error));
        Assert.Contains("400 InvalidPart", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListStaged_BelowAPath_ByAServerThatTakesAPrefixForAKey_GivesThoseBelowIt()
    {
        var server = new PlayedServer(request => request.RequestUri!.Query switch
        {
            var query when query.Contains("uploadId", StringComparison.Ordinal) => Xml("<ListPartsResult/>"),
            var query when query.Contains("prefix", StringComparison.Ordinal) => Xml("<ListMultipartUploadsResult/>"),
            _ => Xml($"<ListMultipartUploadsResult>{Upload("company/lake/raw/x")}{Upload("company/lakeside/raw/y")}{Upload("z")}</ListMultipartUploadsResult>"),
        });
        await using var store = Open(server, "s3://lake/company/lake");

        var listed = await store.ListStagedAsync(Cancel).Select(found => found.Staged.Key).ToListAsync(Cancel);

        Assert.Equal(["raw/x"], listed);
    }

    private static Func<HttpRequestMessage, HttpResponseMessage> Publication(string parts, string? published) => request => request.Method.Method switch
    {
        "POST" => PlayedServer.Error(HttpStatusCode.BadRequest, "InvalidPart"),
        "HEAD" when !request.RequestUri!.AbsolutePath.EndsWith(Staged.Key, StringComparison.Ordinal) => new(HttpStatusCode.OK),
        "HEAD" => published is null ? new(HttpStatusCode.NotFound) : PlayedServer.Object(published, "abc"),
        _ when request.RequestUri!.Query.Contains("uploadId", StringComparison.Ordinal) => Xml($"<ListPartsResult>{parts}</ListPartsResult>"),
        _ => Xml("<ListBucketResult/>"),
    };

    private static string Upload(string key) =>
        $"<Upload><Key>{key}</Key><UploadId>upload</UploadId><Initiated>2026-11-20T00:00:00Z</Initiated></Upload>";

    private static HttpResponseMessage Xml(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/xml") };

    private static S3ObjectStore Open(PlayedServer server, string bucket = "s3://lake") => new(BucketUri.Parse(bucket), new()
    {
        Endpoint = "http://127.0.0.1:2",
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("ACCESS", "SECRET"),
        Retries = new() { Attempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(1) },
        Transport = _ => server,
    });
}
