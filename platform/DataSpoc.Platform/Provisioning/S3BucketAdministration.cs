using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>Buckets of an S3 server, with the credentials of the AWS environment.</summary>
/// <param name="lake">Names the lake in messages of calls that concern no single bucket.</param>
/// <param name="credentials">Null is those of the AWS environment.</param>
internal sealed class S3BucketAdministration(string lake, AWSCredentials? credentials = null) : IBucketAdministration, IDisposable
{
    public const string LakeTag = "dataspoc:lake";

    private readonly Dictionary<string, S3Access> _access = [];

    public void Dispose()
    {
        foreach (var access in _access.Values)
            access.Dispose();
    }

    public async Task<IReadOnlyList<string>> BucketsOfAsync(string lake, CancellationToken cancel)
    {
        var all = await CallAsync(lake, "s3:ListAllMyBuckets", static (s3, attempt) => s3.ListBucketsAsync(attempt), cancel);
        var names = new List<string>();
        foreach (var bucket in all.Buckets ?? [])
            if (await MayReadTagsAsync(bucket.BucketName, cancel) is { } tags && tags.Any(tag => tag.Key == LakeTag && tag.Value == lake))
                names.Add(bucket.BucketName);
        return names;
    }

    public async Task<ActualBucket?> ReadAsync(string name, bool count, CancellationToken cancel)
    {
        if (!await ExistsAsync(name, cancel))
            return null;
        var reader = new S3BucketReader(name, Access(name));
        return await reader.ReadAsync(count, cancel);
    }

    public async Task CreateAsync(string name, bool objectLock, CancellationToken cancel)
    {
        try
        {
            await Access(name).TryAsync((s3, attempt) => s3.PutBucketAsync(new PutBucketRequest { BucketName = name, UseClientRegion = true, ObjectLockEnabledForBucket = objectLock }, attempt), cancel);
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode == "BucketAlreadyOwnedByYou")
        {
            return;
        }
        catch (AmazonServiceException answer) when (answer.StatusCode == HttpStatusCode.Conflict)
        {
            throw new UserError($"the name `{name}` is taken by a bucket of somebody else's", answer) { Where = [("bucket", $"s3://{name}")], Hint = "give it another `name:` in platform.yaml", ExitCode = ExitCode.NotPermitted };
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw BucketErrors.Explain(Access(name), error, "s3:CreateBucket");
        }
    }

    public Task TagAsync(ActualBucket bucket, string lake, CancellationToken cancel) => CallAsync(bucket.Name, "s3:PutBucketTagging", (s3, attempt) =>
        s3.PutBucketTaggingAsync(new() { BucketName = bucket.Name, TagSet = [.. bucket.OtherTags, new() { Key = LakeTag, Value = lake }] }, attempt), cancel);

    public Task SetPublicAccessAsync(string bucket, PublicAccess access, CancellationToken cancel) => CallAsync(bucket, "s3:PutBucketPublicAccessBlock", (s3, attempt) =>
        s3.PutPublicAccessBlockAsync(
            new()
            {
                BucketName = bucket,
                PublicAccessBlockConfiguration = new()
                {
                    BlockPublicAcls = access.BlockAcls,
                    IgnorePublicAcls = access.IgnoreAcls,
                    BlockPublicPolicy = access.BlockPolicy,
                    RestrictPublicBuckets = access.Restrict,
                },
            },
            attempt), cancel);

    public Task SetVersioningAsync(string bucket, bool on, CancellationToken cancel) => CallAsync(bucket, "s3:PutBucketVersioning", (s3, attempt) =>
        s3.PutBucketVersioningAsync(new() { BucketName = bucket, VersioningConfig = new() { Status = on ? VersionStatus.Enabled : VersionStatus.Suspended } }, attempt), cancel);

    public async Task SetEncryptionAsync(string bucket, EncryptionKind kind, string? key, CancellationToken cancel)
    {
        if (kind == EncryptionKind.None)
        {
            await CallAsync(bucket, "s3:PutEncryptionConfiguration", (s3, attempt) => s3.DeleteBucketEncryptionAsync(new DeleteBucketEncryptionRequest { BucketName = bucket }, attempt), cancel);
            return;
        }
        var byDefault = new ServerSideEncryptionByDefault
        {
            ServerSideEncryptionAlgorithm = kind == EncryptionKind.SseS3 ? ServerSideEncryptionMethod.AES256 : ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = key,
        };
        await CallAsync(bucket, "s3:PutEncryptionConfiguration", (s3, attempt) => s3.PutBucketEncryptionAsync(
            new() { BucketName = bucket, ServerSideEncryptionConfiguration = new() { ServerSideEncryptionRules = [new() { ServerSideEncryptionByDefault = byDefault }] } }, attempt), cancel,
            "the server may have no encryption of buckets (Ceph needs a key management service for it); set `encryption: none`");
    }

    public Task SetLifecycleAsync(ActualBucket bucket, Lifecycle lifecycle, CancellationToken cancel) => CallAsync(bucket.Name, "s3:PutLifecycleConfiguration", (s3, attempt) =>
        s3.PutLifecycleConfigurationAsync(new() { BucketName = bucket.Name, Configuration = new() { Rules = [.. bucket.OtherRules, .. LifecycleRules.Of(lifecycle)] } }, attempt), cancel);

    public Task SetRetentionAsync(string bucket, int? days, CancellationToken cancel) => CallAsync(bucket, "s3:PutBucketObjectLockConfiguration", (s3, attempt) => s3.PutObjectLockConfigurationAsync(
        new()
        {
            BucketName = bucket,
            ObjectLockConfiguration = new()
            {
                ObjectLockEnabled = ObjectLockEnabled.Enabled,
                Rule = days is { } some ? new() { DefaultRetention = new() { Mode = ObjectLockRetentionMode.Governance, Days = some } } : null,
            },
        },
        attempt), cancel, "most servers take `retention` only for a bucket that was made with it");

    public async Task SetPolicyAsync(string bucket, BucketPolicy policy, CancellationToken cancel)
    {
        if (policy.Json(bucket) is not { } json)
            await CallAsync(bucket, "s3:DeleteBucketPolicy", (s3, attempt) => s3.DeleteBucketPolicyAsync(new DeleteBucketPolicyRequest { BucketName = bucket }, attempt), cancel);
        else
            await CallAsync(bucket, "s3:PutBucketPolicy", (s3, attempt) => s3.PutBucketPolicyAsync(new() { BucketName = bucket, Policy = json }, attempt), cancel,
                "if it is a malformed policy, one of its principals does not exist; `platform validate` lists them");
    }

    public async Task EmptyAsync(string bucket, CancellationToken cancel)
    {
        var access = Access(bucket);
        try
        {
            await new BucketEmptying(bucket, access).RunAsync(cancel);
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw BucketErrors.Explain(access, error, "s3:DeleteObjectVersion");
        }
    }

    public async Task DeleteAsync(string bucket, CancellationToken cancel)
    {
        try
        {
            await Access(bucket).TryAsync((s3, attempt) => s3.DeleteBucketAsync(new DeleteBucketRequest { BucketName = bucket }, attempt), cancel);
        }
        catch (AmazonServiceException answer) when (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return;
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode == "BucketNotEmpty")
        {
            throw HoldsData(bucket, "data");
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw BucketErrors.Explain(Access(bucket), error, "s3:DeleteBucket");
        }
    }

    /// <summary>The refusal to remove a bucket with data.</summary>
    public static UserError HoldsData(string bucket, string what) => new($"bucket `{bucket}` holds {what} and is not removed")
    {
        Where = [("bucket", $"s3://{bucket}")],
        Hint = $"`--allow-data-loss {bucket}` deletes the bucket with everything in it; or put it back into platform.yaml",
        ExitCode = ExitCode.Refused,
    };

    private async Task<bool> ExistsAsync(string name, CancellationToken cancel)
    {
        try
        {
            // not HEAD: its refusal has no body that would say why
            await Access(name).TryAsync((s3, attempt) => s3.GetBucketLocationAsync(new GetBucketLocationRequest { BucketName = name }, attempt), cancel);
            return true;
        }
        catch (AmazonServiceException answer) when (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode == "AccessDenied")
        {
            throw new UserError($"bucket `{name}` belongs to somebody else, or these credentials may not administer it", answer)
            {
                Where = [("bucket", $"s3://{name}"), ("action", "s3:GetBucketLocation")],
                Hint = "use the credentials of the bucket's owner (AWS_PROFILE), or give it another `name:` in platform.yaml",
                ExitCode = ExitCode.NotPermitted,
            };
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw BucketErrors.Explain(Access(name), error, "s3:GetBucketLocation");
        }
    }

    private async Task<List<Tag>?> MayReadTagsAsync(string name, CancellationToken cancel)
    {
        try
        {
            return (await Access(name).TryAsync((s3, attempt) => s3.GetBucketTaggingAsync(new() { BucketName = name }, attempt), cancel)).TagSet ?? [];
        }
        // no tags at all, one in another region, or one that disappeared meanwhile
        catch (AmazonServiceException answer) when ((int)answer.StatusCode is >= 300 and < 500)
        {
            return null;
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw BucketErrors.Explain(Access(name), error, "s3:GetBucketTagging");
        }
    }

    private async Task<T> CallAsync<T>(string bucket, string action, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancel, string? hint = null)
    {
        try
        {
            return await Access(bucket).TryAsync(call, cancel);
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            var explained = BucketErrors.Explain(Access(bucket), error, action);
            throw hint is not null && explained.Hint is null ? new UserError(explained.What, error) { Where = explained.Where, Hint = hint, ExitCode = explained.ExitCode } : explained;
        }
    }

    private S3Access Access(string bucket) => _access.TryGetValue(bucket, out var access)
        ? access
        : _access[bucket] = new(BucketUri.Parse($"s3://{(bucket.Length > 0 ? bucket : lake)}"), credentials);
}
