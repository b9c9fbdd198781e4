using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Provisioning;

namespace DataSpoc.Platform.Rendering;

/// <summary>The lake in Terraform's JSON syntax, for AWS's provider (5 or later).</summary>
internal static class TerraformDocument
{
    public static JsonObject Of(DeclaredLake lake)
    {
        var resources = new JsonObject();
        foreach (var bucket in lake.Buckets)
            AddBucket(resources, lake, bucket);
        return new()
        {
            ["terraform"] = new JsonObject { ["required_providers"] = new JsonObject { ["aws"] = new JsonObject { ["source"] = "hashicorp/aws", ["version"] = ">= 5.0" } } },
            ["resource"] = resources,
        };
    }

    private static void AddBucket(JsonObject resources, DeclaredLake lake, DeclaredBucket bucket)
    {
        var (name, settings) = (Label(bucket.Name), bucket.Settings);
        var reference = $"${{aws_s3_bucket.{name}.id}}";
        var made = new JsonObject { ["bucket"] = bucket.Name, ["tags"] = new JsonObject { [S3BucketAdministration.LakeTag] = lake.Name } };
        if (settings.RetentionDays is not null)
            made["object_lock_enabled"] = true;
        Add(resources, "aws_s3_bucket", name, made);
        Add(resources, "aws_s3_bucket_public_access_block", name, new()
        {
            ["bucket"] = reference, ["block_public_acls"] = true, ["ignore_public_acls"] = true, ["block_public_policy"] = true, ["restrict_public_buckets"] = true,
        });
        if (settings.Versioning)
            Add(resources, "aws_s3_bucket_versioning", name, new() { ["bucket"] = reference, ["versioning_configuration"] = new JsonObject { ["status"] = "Enabled" } });
        if (settings.Encryption != EncryptionKind.None)
            Add(resources, "aws_s3_bucket_server_side_encryption_configuration", name, new() { ["bucket"] = reference, ["rule"] = new JsonObject { ["apply_server_side_encryption_by_default"] = Encryption(settings) } });
        if (settings.RetentionDays is { } days)
            Add(resources, "aws_s3_bucket_object_lock_configuration", name, new() { ["bucket"] = reference, ["rule"] = new JsonObject { ["default_retention"] = new JsonObject { ["mode"] = "GOVERNANCE", ["days"] = days } } });
        var lifecycle = new JsonObject { ["bucket"] = reference, ["rule"] = new JsonArray([.. LifecycleRules.Of(settings.Lifecycle).Select(Rule)]) };
        if (settings.Versioning)
            lifecycle["depends_on"] = BucketPolicy.Texts([$"aws_s3_bucket_versioning.{name}"]);
        Add(resources, "aws_s3_bucket_lifecycle_configuration", name, lifecycle);
        if (bucket.Policy.Json(bucket.Name) is { } policy)
            Add(resources, "aws_s3_bucket_policy", name, new() { ["bucket"] = reference, ["policy"] = policy, ["depends_on"] = BucketPolicy.Texts([$"aws_s3_bucket_public_access_block.{name}"]) });
    }

    private static JsonObject Rule(Amazon.S3.Model.LifecycleRule rule)
    {
        var made = new JsonObject
        {
            ["id"] = rule.Id,
            ["status"] = "Enabled",
            ["filter"] = new JsonObject { ["prefix"] = ((Amazon.S3.Model.LifecyclePrefixPredicate)rule.Filter.LifecycleFilterPredicate).Prefix },
        };
        if (rule.Expiration?.Days is { } expiration)
            made["expiration"] = new JsonObject { ["days"] = expiration };
        if (rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation is { } uploads)
            made["abort_incomplete_multipart_upload"] = new JsonObject { ["days_after_initiation"] = uploads };
        if (rule.NoncurrentVersionExpiration?.NoncurrentDays is { } versions)
            made["noncurrent_version_expiration"] = new JsonObject { ["noncurrent_days"] = versions };
        return made;
    }

    private static JsonObject Encryption(BucketSettings settings)
    {
        var made = new JsonObject { ["sse_algorithm"] = settings.Encryption == EncryptionKind.SseS3 ? "AES256" : "aws:kms" };
        if (settings.KmsKey is { } key)
            made["kms_master_key_id"] = key;
        return made;
    }

    private static void Add(JsonObject resources, string type, string name, JsonObject resource)
    {
        if (resources[type] is not JsonObject ofType)
            resources[type] = ofType = [];
        ofType[name] = resource;
    }

    /// <summary>A name of a resource cannot begin with a digit or hold a dot.</summary>
    private static string Label(string bucket) => $"b_{bucket.Replace('.', '_')}";
}
