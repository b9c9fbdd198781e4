using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>Lists objects page by page; S3 itself lists in the order of the keys' UTF-8.</summary>
internal static class S3Listing
{
    public static async IAsyncEnumerable<ObjectMetadata> Below(
        S3Client client, string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? next = null;
        do
        {
            var continuation = next;
            var page = await client.CallAsync("s3:ListBucket", prefix, (s3, attempt) => s3.ListObjectsV2Async(
                new()
                {
                    BucketName = client.Bucket.Name,
                    Prefix = client.Full(prefix),
                    StartAfter = continuation is null && startAfter is not null ? client.Full(startAfter) : null,
                    ContinuationToken = continuation,
                },
                attempt), cancel);
            foreach (var found in page.S3Objects ?? [])
            {
                if (IsOurs(client, found) is { } key)
                    yield return new(key, found.Size ?? 0, S3Text.ETag(found.ETag), S3Text.Utc(found.LastModified));
            }
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>Not the empty objects with which consoles mark folders, nor others that no store of ours could address.</summary>
    private static string? IsOurs(S3Client client, S3Object found) =>
        client.Relative(found.Key) is var key && ObjectKey.IsValid(key) ? key : null;
}
