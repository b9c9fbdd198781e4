using Amazon.S3.Model;
using DataSpoc.Contracts.Storage.S3;

namespace DataSpoc.Platform.Provisioning;

/// <summary>Deletes everything in a bucket: uploads, objects, old versions, marks of deletion. What is deleted first is gone if it is ended.</summary>
internal sealed class BucketEmptying(string name, S3Access access)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        while (await access.TryAsync((s3, attempt) => s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = name }, attempt), cancel) is { MultipartUploads.Count: > 0 } page)
        {
            foreach (var upload in page.MultipartUploads)
                await access.TryAsync((s3, attempt) => s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = name, Key = upload.Key, UploadId = upload.UploadId }, attempt), cancel);
        }
        while (await access.TryAsync((s3, attempt) => s3.ListVersionsAsync(new ListVersionsRequest { BucketName = name }, attempt), cancel) is { Versions.Count: > 0 } page)
        {
            var keys = page.Versions.Select(static version => new KeyVersion { Key = version.Key, VersionId = version.VersionId }).ToList();
            await access.TryAsync((s3, attempt) => s3.DeleteObjectsAsync(new() { BucketName = name, Objects = keys, Quiet = true, BypassGovernanceRetention = true }, attempt), cancel);
        }
    }
}
