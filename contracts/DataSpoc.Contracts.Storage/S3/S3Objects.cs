using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>Single objects: head, get, ranged read, conditional put.</summary>
internal sealed class S3Objects(S3Client client)
{
    private const string Reading = "s3:GetObject", Writing = "s3:PutObject";

    private volatile bool bucketSeen;

    public async Task<ObjectMetadata?> HeadAsync(string key, CancellationToken cancel)
    {
        var request = new GetObjectMetadataRequest { BucketName = client.Bucket.Name, Key = client.Full(key) };
        var answer = await OrMissingAsync(key, (s3, attempt) => s3.GetObjectMetadataAsync(request, attempt), cancel);
        return answer is null ? null : new(key, answer.ContentLength, S3Text.ETag(answer.ETag), S3Text.Utc(answer.LastModified));
    }

    public Task<ObjectContent?> GetAsync(string key, CancellationToken cancel)
    {
        var request = new GetObjectRequest { BucketName = client.Bucket.Name, Key = client.Full(key) };
        return OrMissingAsync(key, async (s3, attempt) =>
        {
            using var answer = await s3.GetObjectAsync(request, attempt);
            var bytes = new byte[checked((int)answer.ContentLength)];
            await answer.ResponseStream.ReadExactlyAsync(bytes, attempt);
            var metadata = new ObjectMetadata(key, bytes.Length, S3Text.ETag(answer.ETag), S3Text.Utc(answer.LastModified));
            return new ObjectContent(metadata, bytes);
        }, cancel);
    }

    public async Task<int> ReadAsync(string key, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancel)
    {
        if (destination.IsEmpty)
            return 0;
        var request = new GetObjectRequest
        {
            BucketName = client.Bucket.Name,
            Key = client.Full(key),
            ByteRange = new(offset, offset + destination.Length - 1),
            EtagToMatch = ifMatch,
        };
        try
        {
            return await client.TryAsync(async (s3, attempt) =>
            {
                using var answer = await s3.GetObjectAsync(request, attempt);
                var length = (int)Math.Min(answer.ContentLength, destination.Length);
                await answer.ResponseStream.ReadExactlyAsync(destination[..length], attempt);
                return length;
            }, cancel, destination.Length);
        }
        catch (AmazonServiceException answer) when (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return 0;
        }
        catch (AmazonServiceException answer) when (answer.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw ObjectGone.Changed(client.Bucket, key);
        }
        catch (AmazonServiceException answer) when (S3Faults.IsNotFound(answer) && !S3Faults.IsNoBucket(answer))
        {
            throw ObjectGone.Missing(client.Bucket, key);
        }
        catch (Exception error) when (S3Errors.IsFromS3(error))
        {
            throw client.Errors.Explain(error, Reading, key);
        }
    }

    public async Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        try
        {
            var answer = await client.TryAsync((s3, attempt) => s3.PutObjectAsync(
                new()
                {
                    BucketName = client.Bucket.Name,
                    Key = client.Full(key),
                    InputStream = S3Text.Stream(content),
                    IfNoneMatch = condition.IfAbsent ? "*" : null,
                    IfMatch = condition.IfMatch,
                },
                attempt), cancel, content.Length);
            bucketSeen = true;
            return S3Text.ETag(answer.ETag);
        }
        catch (AmazonServiceException answer) when (condition != WriteCondition.None && S3Faults.IsLostRace(answer))
        {
            return null;
        }
        catch (AmazonServiceException answer) when (condition.IfMatch is not null && S3Faults.IsNotFound(answer) && !S3Faults.IsNoBucket(answer))
        {
            return null;
        }
        catch (AmazonServiceException answer) when (condition != WriteCondition.None && answer.StatusCode >= HttpStatusCode.InternalServerError)
        {
            // some servers answer 500 to the loser of a race: what is there now says whether it was one
            var now = await HeadAsync(key, cancel);
            if (condition.IfAbsent ? now is not null : now?.ETag != condition.IfMatch)
                return null;
            throw client.Errors.Explain(answer, Writing, key);
        }
        catch (Exception error) when (S3Errors.IsFromS3(error))
        {
            throw client.Errors.Explain(error, Writing, key);
        }
    }

    private async Task<T?> OrMissingAsync<T>(string key, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancel)
        where T : class
    {
        try
        {
            var found = await client.TryAsync(call, cancel);
            bucketSeen = true;
            return found;
        }
        catch (AmazonServiceException answer) when (S3Faults.IsNotFound(answer))
        {
            await RequireBucketAsync(answer, cancel);
            return null;
        }
        catch (AmazonServiceException answer) when (S3Faults.IsDenied(answer))
        {
            return await IsMissingAsync(key, answer, cancel) ? null : throw client.Errors.Explain(answer, Reading, key);
        }
        catch (Exception error) when (S3Errors.IsFromS3(error))
        {
            throw client.Errors.Explain(error, Reading, key);
        }
    }

    /// <summary>A HEAD's 404 has no body: it does not say whether the object is missing or the whole bucket. Asked once per store.</summary>
    private async Task RequireBucketAsync(AmazonServiceException answer, CancellationToken cancel)
    {
        if (bucketSeen || answer.ErrorCode == "NoSuchKey")
            return;
        try
        {
            await client.TryAsync((s3, attempt) => s3.HeadBucketAsync(new() { BucketName = client.Bucket.Name }, attempt), cancel);
        }
        catch (AmazonServiceException missing) when (S3Faults.IsNotFound(missing))
        {
            throw client.Errors.NoSuchBucket(missing);
        }
        catch (AmazonServiceException denied) when (S3Faults.IsDenied(denied))
        {
            // who may not ask about the bucket was told the truth about the object all the same
        }
        bucketSeen = true;
    }

    /// <summary>
    /// A GET of a missing object answers 403, not 404, to those who may not list: S3 does not tell them what exists.
    /// So the bucket is asked to list the key. Listed: reading it is refused. Not listed: it is missing.
    /// Refused as well: it cannot be known, and counts as refused.
    /// </summary>
    private async Task<bool> IsMissingAsync(string key, AmazonServiceException denied, CancellationToken cancel)
    {
        try
        {
            var found = await client.TryAsync((s3, attempt) => s3.ListObjectsV2Async(
                new() { BucketName = client.Bucket.Name, Prefix = client.Full(key), MaxKeys = 1 }, attempt), cancel);
            return found.S3Objects is not [{ Key: var first }, ..] || first != client.Full(key);
        }
        catch (AmazonServiceException listing) when (listing.ErrorCode is "AccessDenied")
        {
            throw client.Errors.Denied(Reading, key, mayBeMissing: true, denied);
        }
        catch (Exception error) when (S3Errors.IsFromS3(error))
        {
            // names what the bodiless answer to a HEAD could not: a wrong secret, a missing bucket
            throw client.Errors.Explain(error, Reading, key);
        }
    }
}
