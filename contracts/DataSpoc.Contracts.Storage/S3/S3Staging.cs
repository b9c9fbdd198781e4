using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Amazon.Runtime;
using Amazon.S3.Model;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>
/// Objects that no reader sees yet: open multipart uploads with all their parts. Completing one is atomic and can be done by
/// any process that knows the upload's id and its parts' ETags.
/// </summary>
internal sealed class S3Staging(S3Client client, S3Objects objects, TransferLimits limits)
{
    private const string Writing = "s3:PutObject", Aborting = "s3:AbortMultipartUpload";

    public async Task<StagedObject> StageAsync(string key, string localFile, CancellationToken cancel)
    {
        var size = new FileInfo(localFile).Length;
        var begun = await client.CallAsync(Writing, key, (s3, attempt) => s3.InitiateMultipartUploadAsync(
            new() { BucketName = client.Bucket.Name, Key = client.Full(key) }, attempt), cancel);
        var staged = new StagedObject(key, size, begun.UploadId, [], StagedAs: null);
        try
        {
            staged = staged with { Parts = await UploadAsync(staged, localFile, cancel) };
        }
        catch
        {
            await GiveUpAsync(staged);
            throw;
        }
        File.Delete(localFile);
        return staged;
    }

    public async Task PublishAsync(StagedObject staged, CancellationToken cancel)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = client.Bucket.Name,
            Key = client.Full(staged.Key),
            UploadId = Upload(staged),
            PartETags = [.. staged.Parts.Select((etag, i) => new PartETag(i + 1, etag))],
        };
        await client.CallAsync(Writing, staged.Key, async (s3, attempt) =>
        {
            try
            {
                await s3.CompleteMultipartUploadAsync(request, attempt);
            }
            catch (AmazonServiceException answer) when (MayBeOver(answer))
            {
                await RequirePublishedAsync(staged, answer, attempt);
            }
            return true;
        }, cancel);
    }

    public async Task AbandonAsync(StagedObject staged, CancellationToken cancel)
    {
        var request = new AbortMultipartUploadRequest { BucketName = client.Bucket.Name, Key = client.Full(staged.Key), UploadId = Upload(staged) };
        try
        {
            await client.TryAsync((s3, attempt) => s3.AbortMultipartUploadAsync(request, attempt), cancel);
        }
        catch (AmazonServiceException answer) when (IsGone(answer))
        {
            // abandoned or published already
        }
        catch (Exception error) when (S3Errors.IsFromS3(error))
        {
            throw client.Errors.Explain(error, Aborting, staged.Key);
        }
    }

    public async IAsyncEnumerable<(StagedObject Staged, DateTimeOffset Begun)> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        ListMultipartUploadsResponse? page = null;
        do
        {
            var (keyMarker, uploadMarker) = (page?.NextKeyMarker, page?.NextUploadIdMarker);
            page = await client.CallAsync("s3:ListBucketMultipartUploads", "", (s3, attempt) => s3.ListMultipartUploadsAsync(
                new ListMultipartUploadsRequest
                {
                    // without a prefix: MinIO takes one for a whole key
                    BucketName = client.Bucket.Name,
                    KeyMarker = keyMarker,
                    UploadIdMarker = uploadMarker,
                },
                attempt), cancel);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                if (!upload.Key.StartsWith(client.Full(""), StringComparison.Ordinal))
                    continue;
                var key = client.Relative(upload.Key);
                if (ObjectKey.IsValid(key) && await DescribeAsync(key, upload.UploadId, cancel) is { } staged)
                    yield return (staged, S3Text.Utc(upload.Initiated));
            }
        }
        while (page.IsTruncated == true);
    }

    /// <summary>Decides an answer that does not tell: the upload may have been completed before, by us or by whoever recovered the run.</summary>
    /// <exception cref="AmazonServiceException">The answer itself: the upload is still open, so it is worth another attempt.</exception>
    private async Task RequirePublishedAsync(StagedObject staged, AmazonServiceException answer, CancellationToken cancel)
    {
        // in this order: whoever completes it at this moment shows the object before the upload goes
        if (!IsGone(answer) && await DescribeAsync(staged.Key, staged.UploadId!, cancel) is { } open && !(IsPartMissing(answer) && LacksParts(open, staged)))
            ExceptionDispatchInfo.Throw(answer);
        if (await objects.HeadAsync(staged.Key, cancel) is { } there && IsPublished(staged, there))
            return;
        throw StagedObjectLost.Error(client.Bucket, staged, answer);
    }

    private async Task<IReadOnlyList<string>> UploadAsync(StagedObject staged, string localFile, CancellationToken cancel)
    {
        var pieces = limits.Pieces(staged.Size);
        var etags = new ConcurrentDictionary<int, string>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.Parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(pieces, parallel, async (piece, stop) =>
        {
            // each attempt reads its segment of the file anew: nothing is held in memory
            var answer = await client.CallAsync(Writing, staged.Key, (s3, attempt) => s3.UploadPartAsync(
                new()
                {
                    BucketName = client.Bucket.Name,
                    Key = client.Full(staged.Key),
                    UploadId = staged.UploadId,
                    PartNumber = piece.Number,
                    FilePath = localFile,
                    FilePosition = piece.Offset,
                    PartSize = piece.Length,
                },
                attempt), stop, piece.Length);
            etags[piece.Number] = S3Text.ETag(answer.ETag);
        });
        return [.. pieces.Select(piece => etags[piece.Number])];
    }

    /// <summary>After a failure: the parts that are there cost money until they are discarded.</summary>
    private async Task GiveUpAsync(StagedObject staged)
    {
        try
        {
            await AbandonAsync(staged, CancellationToken.None);
        }
        catch (UserError)
        {
            // the failure that led here is the one to report; `pipe vacuum` finds the upload
        }
    }

    private async Task<StagedObject?> DescribeAsync(string key, string uploadId, CancellationToken cancel)
    {
        var (parts, size) = (new List<string>(), 0L);
        ListPartsResponse? page = null;
        do
        {
            var marker = page?.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            try
            {
                page = await client.TryAsync((s3, attempt) => s3.ListPartsAsync(
                    new() { BucketName = client.Bucket.Name, Key = client.Full(key), UploadId = uploadId, PartNumberMarker = marker }, attempt), cancel);
            }
            catch (AmazonServiceException answer) when (IsGone(answer))
            {
                return null;
            }
            catch (Exception error) when (S3Errors.IsFromS3(error))
            {
                throw client.Errors.Explain(error, "s3:ListMultipartUploadParts", key);
            }
            foreach (var part in page.Parts ?? [])
            {
                parts.Add(S3Text.ETag(part.ETag));
                size += part.Size ?? 0;
            }
        }
        while (page.IsTruncated == true);
        return new(key, size, uploadId, parts, StagedAs: null);
    }

    private string Upload(StagedObject staged)
    {
        ObjectKey.Checked(staged.Key, client.Bucket);
        return staged.UploadId ?? throw StagedObjectLost.Foreign(client.Bucket, staged);
    }

    private static bool IsGone(AmazonServiceException answer) => S3Faults.IsNotFound(answer) && !S3Faults.IsNoBucket(answer);

    // Ceph answers 500 to the completion of an aborted upload, and while another completes it
    private static bool MayBeOver(AmazonServiceException answer) =>
        IsGone(answer) || IsPartMissing(answer) || answer.StatusCode >= HttpStatusCode.InternalServerError;

    // a caller of MinIO who is cut off while it completes an upload may leave it open without its parts, for good
    private static bool IsPartMissing(AmazonServiceException answer) => answer.ErrorCode == "InvalidPart";

    private static bool LacksParts(StagedObject open, StagedObject staged) => staged.Parts.Except(open.Parts).Any();

    private static bool IsPublished(StagedObject staged, ObjectMetadata there) =>
        there.Size == staged.Size && (PartCount(there.ETag) is not { } count || count == staged.Parts.Count);

    /// <summary>The n of an ETag such as <c>c8cf…98e5-n</c>, which S3 gives to what was uploaded in n parts; null for another form.</summary>
    private static int? PartCount(string etag) =>
        etag.LastIndexOf('-') is var at and > 0 && int.TryParse(etag.AsSpan(at + 1), out var count) ? count : null;
}
