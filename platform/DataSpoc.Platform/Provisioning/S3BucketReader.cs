using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>Reads how a bucket is kept and who may do what in it.</summary>
internal sealed class S3BucketReader(string name, S3Access access)
{
    private static readonly string[] NotThere =
    [
        "NoSuchBucketPolicy", "NoSuchTagSet", "NoSuchTagSetError", "NoSuchLifecycleConfiguration", "NoSuchPublicAccessBlockConfiguration", "ObjectLockConfigurationNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError", "NotImplemented", "MethodNotAllowed",
    ];

    /// <exception cref="UserError">The credentials may not read it (<see cref="ExitCode.NotPermitted"/>).</exception>
    public async Task<ActualBucket> ReadAsync(bool count, CancellationToken cancel)
    {
        var policy = await AskAsync("s3:GetBucketPolicy", (s3, attempt) => s3.GetBucketPolicyAsync(new GetBucketPolicyRequest { BucketName = name }, attempt), cancel);
        var tags = (await AskAsync("s3:GetBucketTagging", (s3, attempt) => s3.GetBucketTaggingAsync(new() { BucketName = name }, attempt), cancel))?.TagSet ?? [];
        var versioning = await AskAsync("s3:GetBucketVersioning", (s3, attempt) => s3.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = name }, attempt), cancel);
        var rules = (await AskAsync("s3:GetLifecycleConfiguration", (s3, attempt) => s3.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = name }, attempt), cancel))?.Configuration?.Rules ?? [];
        var (encryption, key) = await EncryptionAsync(cancel);
        var read = PolicyReader.Read(Text(policy), name);
        var settings = new BucketSettings(versioning?.VersioningConfig?.Status == VersionStatus.Enabled, encryption, key, LifecycleRules.Read(rules), await RetentionAsync(cancel), read.TlsOnly);
        return new(name, tags.FirstOrDefault(static tag => tag.Key == S3BucketAdministration.LakeTag)?.Value, settings, await PublicAccessAsync(cancel), read)
        {
            OtherTags = [.. tags.Where(static tag => tag.Key != S3BucketAdministration.LakeTag)],
            OtherRules = [.. rules.Where(static rule => !LifecycleRules.IsOurs(rule))],
            Objects = count ? await CountAsync(cancel) : null,
        };
    }

    // the SDK takes Ceph's answer that there is none for the policy itself
    private static string? Text(GetBucketPolicyResponse? answer) => answer is { HttpStatusCode: HttpStatusCode.OK, Policy: { } text } && !text.TrimStart().StartsWith('<') ? text : null;

    private async Task<(EncryptionKind Kind, string? Key)> EncryptionAsync(CancellationToken cancel)
    {
        var answer = await AskAsync("s3:GetEncryptionConfiguration", (s3, attempt) => s3.GetBucketEncryptionAsync(new() { BucketName = name }, attempt), cancel);
        var byDefault = answer?.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.FirstOrDefault()?.ServerSideEncryptionByDefault;
        if (byDefault?.ServerSideEncryptionAlgorithm is not { } algorithm)
            return (EncryptionKind.None, null);
        return algorithm == ServerSideEncryptionMethod.AES256 ? (EncryptionKind.SseS3, null) : (EncryptionKind.SseKms, byDefault.ServerSideEncryptionKeyManagementServiceKeyId);
    }

    private async Task<int?> RetentionAsync(CancellationToken cancel)
    {
        var answer = await AskAsync("s3:GetBucketObjectLockConfiguration", (s3, attempt) => s3.GetObjectLockConfigurationAsync(new() { BucketName = name }, attempt), cancel);
        return answer?.ObjectLockConfiguration?.Rule?.DefaultRetention?.Days is { } days and > 0 ? days : null;
    }

    private async Task<PublicAccess> PublicAccessAsync(CancellationToken cancel)
    {
        var answer = await AskAsync("s3:GetBucketPublicAccessBlock", (s3, attempt) => s3.GetPublicAccessBlockAsync(new() { BucketName = name }, attempt), cancel);
        return answer?.PublicAccessBlockConfiguration is { } block
            ? new(block.BlockPublicAcls == true, block.IgnorePublicAcls == true, block.BlockPublicPolicy == true, block.RestrictPublicBuckets == true)
            : PublicAccess.Open;
    }

    private async Task<int?> CountAsync(CancellationToken cancel)
    {
        var page = await AskAsync("s3:ListBucketVersions", (s3, attempt) => s3.ListVersionsAsync(new ListVersionsRequest { BucketName = name }, attempt), cancel);
        return page?.Versions?.Count ?? 0;
    }

    /// <summary>The answer, or null where there is no such configuration, or the server knows none of its kind.</summary>
    private async Task<T?> AskAsync<T>(string action, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancel) where T : class
    {
        try
        {
            return await access.TryAsync(call, cancel);
        }
        catch (AmazonServiceException answer) when (NotThere.Contains(answer.ErrorCode) || answer.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
        {
            return null;
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw BucketErrors.Explain(access, error, action);
        }
    }
}
