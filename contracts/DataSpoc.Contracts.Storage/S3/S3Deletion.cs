using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>Deletes objects, a thousand with each call.</summary>
internal static class S3Deletion
{
    private const string Deleting = "s3:DeleteObject";

    // S3's limit for one call
    private const int AtOnce = 1000;

    public static async Task DeleteAsync(S3Client client, IReadOnlyCollection<string> keys, TransferLimits limits, CancellationToken cancel)
    {
        foreach (var batch in keys.Chunk(AtOnce))
        {
            if (await IsRefusedAsWholeAsync(client, batch, cancel))
                await DeleteEachAsync(client, batch, limits, cancel);
        }
    }

    /// <summary>
    /// Some servers ask for a right on the whole bucket before they look at a batch. One by one, those who may delete below a
    /// prefix can, and a refusal names its key.
    /// </summary>
    private static async Task<bool> IsRefusedAsWholeAsync(S3Client client, string[] keys, CancellationToken cancel)
    {
        try
        {
            await client.TryAsync((s3, attempt) => s3.DeleteObjectsAsync(
                new()
                {
                    BucketName = client.Bucket.Name,
                    Quiet = true,
                    Objects = [.. keys.Select(key => new KeyVersion { Key = client.Full(key) })],
                },
                attempt), cancel);
            return false;
        }
        catch (DeleteObjectsException partly) when (partly.Response.DeleteErrors is [var first, ..])
        {
            throw first.Code == "AccessDenied"
                ? client.Errors.Denied(Deleting, client.Relative(first.Key), mayBeMissing: false, partly)
                : client.Errors.Explain(partly, Deleting, client.Relative(first.Key));
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode == "AccessDenied")
        {
            return true;
        }
        catch (Exception error) when (S3Errors.IsFromS3(error))
        {
            throw client.Errors.Explain(error, Deleting, keys[0]);
        }
    }

    // what may be deleted is deleted, whichever answer comes first
    private static async Task DeleteEachAsync(S3Client client, string[] keys, TransferLimits limits, CancellationToken cancel)
    {
        UserError? refused = null;
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = limits.Parallelism, CancellationToken = cancel },
            async (key, stop) =>
            {
                try
                {
                    await client.CallAsync(Deleting, key, (s3, attempt) => s3.DeleteObjectAsync(client.Bucket.Name, client.Full(key), attempt), stop);
                }
                catch (UserError error)
                {
                    Interlocked.CompareExchange(ref refused, error, null);
                }
            });
        if (refused is not null)
            throw refused;
    }
}
