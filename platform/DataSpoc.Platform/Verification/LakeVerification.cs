using Amazon.Runtime;
using Amazon.S3.Model;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Verification;

/// <summary>Tries every action of every principal in every place, and of somebody without credentials, and compares with the declaration.</summary>
/// <param name="lake">What should be.</param>
/// <param name="owner">Credentials of the buckets' owner, to see which documents are there and to clean up; null is those of the AWS environment.</param>
internal sealed class LakeVerification(DeclaredLake lake, AWSCredentials? owner = null)
{
    private const int AtOnce = 4;
    private readonly string _run = Guid.CreateVersion7().ToString("N");

    /// <summary>The matrix, by bucket, principal and place.</summary>
    /// <param name="principals">Who is tried; the ARN is empty for anybody.</param>
    /// <param name="cancel">Ends the tries.</param>
    /// <exception cref="UserError">A bucket does not exist, credentials are not valid, or the server cannot be reached.</exception>
    public async Task<IReadOnlyList<Permission>> RunAsync(IReadOnlyList<(string Arn, AWSCredentials Credentials)> principals, CancellationToken cancel)
    {
        var matrix = new List<Permission>();
        foreach (var bucket in lake.Buckets)
        {
            using var access = new S3Access(BucketUri.Parse($"s3://{bucket.Name}"), owner);
            var places = ExpectedPermissions.PlacesOf(bucket);
            try
            {
                var existing = await ExistingAsync(access, bucket.Name, places, cancel);
                await PutReadableAsync(access, bucket.Name, places, cancel);
                var fields = new List<Permission>[principals.Count];
                await Parallel.ForAsync(0, principals.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, token) =>
                    fields[i] = await OfAsync(bucket, principals[i].Arn, principals[i].Credentials, existing, token));
                matrix.AddRange(fields.SelectMany(static field => field));
            }
            finally
            {
                await CleanAsync(access, bucket, places);
            }
        }
        return matrix;
    }

    private async Task<List<Permission>> OfAsync(DeclaredBucket bucket, string principal, AWSCredentials credentials, HashSet<string> existing, CancellationToken cancel)
    {
        using var access = new S3Access(BucketUri.Parse($"s3://{bucket.Name}"), credentials);
        var probe = new PermissionProbe(bucket.Name, access, _run);
        var fields = new List<Permission>();
        foreach (var (place, action, expected) in ExpectedPermissions.Of(bucket, principal, _run))
        {
            var exists = existing.Contains(place);
            fields.Add(new(principal, bucket.Name, place, action, expected, await probe.TryAsync(place, action, expected, exists, mayDelete: !exists && !bucket.Settings.Versioning, cancel)));
        }
        return fields;
    }

    /// <summary>Empty objects to be read: of a missing one S3 tells only those who may list the whole bucket that it is not forbidden but missing.</summary>
    private async Task PutReadableAsync(S3Access access, string bucket, IReadOnlyList<string> places, CancellationToken cancel)
    {
        foreach (var prefix in places.Where(static place => Places.IsPrefix(place)))
        {
            var key = PermissionProbe.Readable(prefix, _run);
            try
            {
                await access.TryAsync((s3, attempt) => s3.PutObjectAsync(new() { BucketName = bucket, Key = key, ContentBody = "" }, attempt), cancel);
            }
            catch (Exception error) when (S3Access.IsFromS3(error))
            {
                throw access.Explain(error, "s3:PutObject", key);
            }
        }
    }

    private static async Task<HashSet<string>> ExistingAsync(S3Access access, string bucket, IReadOnlyList<string> places, CancellationToken cancel)
    {
        var existing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var document in places.Where(static place => !Places.IsPrefix(place)))
        {
            try
            {
                // not a HEAD: the owner of a bucket need not be allowed to read what others wrote
                var found = await access.TryAsync((s3, attempt) => s3.ListObjectsV2Async(new() { BucketName = bucket, Prefix = document, MaxKeys = 1 }, attempt), cancel);
                if (found.S3Objects?.FirstOrDefault()?.Key == document)
                    existing.Add(document);
            }
            catch (Exception error) when (S3Access.IsFromS3(error))
            {
                throw access.Explain(error, "s3:ListBucket", document);
            }
        }
        return existing;
    }

    /// <summary>The empty objects, also where a retention keeps them, and what tries leave: deleting a key that is not there leaves a mark where versions are kept.</summary>
    private static async Task CleanAsync(S3Access access, DeclaredBucket bucket, IReadOnlyList<string> places)
    {
        bool? retained = bucket.Settings.RetentionDays is null ? null : true;
        foreach (var place in places.Where(static place => Places.IsPrefix(place)))
        {
            var traces = await access.TryAsync((s3, attempt) => s3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket.Name, Prefix = PermissionProbe.Traces(place) }, attempt), CancellationToken.None);
            foreach (var trace in traces.Versions ?? [])
                await access.TryAsync((s3, attempt) => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket.Name, Key = trace.Key, VersionId = trace.VersionId, BypassGovernanceRetention = retained }, attempt), CancellationToken.None);
        }
    }
}
