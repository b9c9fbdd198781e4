using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Platform.Declaration;

/// <summary>The settings of a bucket: its own, over the file's defaults.</summary>
internal static class SettingsCheck
{
    public static BucketSettings Settings(PlatformFile file, BucketEntry bucket, Problems problems)
    {
        var defaults = file.Defaults;
        var encryption = bucket.Encryption ?? defaults.Encryption;
        var key = bucket.KmsKey ?? defaults.KmsKey;
        if (key is not null && encryption != EncryptionKind.SseKms)
            problems.Add(key, "`kms_key` is given, but `encryption` is not `sse-kms`", "set `encryption: sse-kms`, or take the key out");
        var retention = Days(bucket.Retention ?? defaults.Retention, "retention", problems);
        var asked = bucket.Versioning ?? defaults.Versioning;
        var versioning = asked?.Value ?? false;
        if (versioning && file.Server == ServerKind.Ceph)
            problems.Add(asked!, "Ceph does not keep the conditions of writes in a bucket with `versioning`: two runs could overwrite each other's commits", "set `versioning: false` (measured on Ceph 16.2; decisions/0003)");
        if (retention is not null && !versioning)
            problems.Add((bucket.Retention ?? defaults.Retention)!, "`retention` needs old versions to be kept", "set `versioning: true`");
        var own = bucket.Lifecycle;
        var oldVersions = own?.OldVersions ?? defaults.Lifecycle.OldVersions;
        if (own?.OldVersions is { } given && !versioning)
            problems.Add(given, "`old_versions` is given, but old versions are not kept", "set `versioning: true`, or take it out");
        var lifecycle = new Lifecycle(
            Days(own?.Logs ?? defaults.Lifecycle.Logs, "lifecycle.logs", problems) ?? 90,
            UploadDays(file.Server, own?.IncompleteUploads ?? defaults.Lifecycle.IncompleteUploads, problems),
            versioning ? Days(oldVersions, "lifecycle.old_versions", problems) ?? 30 : null);
        return new(versioning, encryption, encryption == EncryptionKind.SseKms ? key?.Value : null, lifecycle, retention, bucket.TlsOnly ?? defaults.TlsOnly ?? file.Server == ServerKind.Aws);
    }

    private static int? UploadDays(ServerKind server, Located<TimeSpan>? given, Problems problems)
    {
        var days = Days(given, "lifecycle.incomplete_uploads", problems);
        if (server != ServerKind.Minio)
            return days ?? 1;
        // it refuses a rule of that alone
        if (days is not null and not 1)
            problems.Warn("`incomplete_uploads` is not set: MinIO removes such uploads by a setting of the server, after a day where that says nothing else", "`mc admin config set ALIAS api stale_uploads_expiry=48h`, or take it out");
        return null;
    }

    private static int? Days(Located<TimeSpan>? time, string what, Problems problems)
    {
        if (time is null)
            return null;
        var days = time.Value.TotalDays;
        if (days is < 1 or > 36500 || days != Math.Floor(days))
            problems.Add(time, $"`{what}` is not a number of whole days", "S3 counts in days: write 1d, 30d or 90d");
        return (int)Math.Clamp(days, 1, 36500);
    }
}
