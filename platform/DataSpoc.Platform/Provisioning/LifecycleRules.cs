using Amazon.S3;
using Amazon.S3.Model;
using DataSpoc.Contracts.Layout;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>What goes by itself, as rules of S3. Ours are known by their ids; others' stay as they are.</summary>
internal static class LifecycleRules
{
    private const string Start = "dataspoc-", Uploads = Start + "uploads", OldVersions = Start + "old-versions";

    private static readonly (string Id, string Prefix)[] Logs = [(Start + "logs", ".dataspoc/logs/"), (Start + "lens-logs", ".dataspoc/lens/logs/"), (Start + "ml-logs", ".dataspoc/ml/logs/")];

    public static bool IsOurs(LifecycleRule rule) => rule.Id?.StartsWith(Start, StringComparison.Ordinal) == true;

    public static IEnumerable<LifecycleRule> Of(Lifecycle lifecycle)
    {
        if (lifecycle.LogDays is { } logs)
            foreach (var (id, prefix) in Logs)
                yield return Rule(id, prefix, rule => rule.Expiration = new() { Days = logs });
        if (lifecycle.UploadDays is { } uploads)
            yield return Rule(Uploads, "", rule => rule.AbortIncompleteMultipartUpload = new() { DaysAfterInitiation = uploads });
        if (lifecycle.OldVersionDays is { } versions)
            yield return Rule(OldVersions, "", rule => rule.NoncurrentVersionExpiration = new() { NoncurrentDays = versions });
    }

    /// <summary>What our rules say; a rule that somebody changed says nothing any more, so that it is put right.</summary>
    public static Lifecycle Read(IEnumerable<LifecycleRule> rules)
    {
        var ours = rules.Where(static rule => IsOurs(rule) && rule.Status == LifecycleRuleStatus.Enabled).ToLookup(static rule => rule.Id);
        var logs = Logs.Select(log => ours[log.Id].SingleOrDefault() is { } rule && Prefix(rule) == log.Prefix ? rule.Expiration?.Days : null).ToArray();
        return new(
            logs.Distinct().Count() == 1 ? logs[0] : null,
            ours[Uploads].SingleOrDefault() is { } uploads && Prefix(uploads) == "" ? uploads.AbortIncompleteMultipartUpload?.DaysAfterInitiation : null,
            ours[OldVersions].SingleOrDefault() is { } versions && Prefix(versions) == "" ? versions.NoncurrentVersionExpiration?.NoncurrentDays : null);
    }

    private static LifecycleRule Rule(string id, string prefix, Action<LifecycleRule> set)
    {
        var rule = new LifecycleRule { Id = id, Status = LifecycleRuleStatus.Enabled, Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = prefix } } };
        set(rule);
        return rule;
    }

    // Ceph answers with the old form, in which the prefix stands in the rule itself
    private static string Prefix(LifecycleRule rule) => rule.Filter?.LifecycleFilterPredicate is LifecyclePrefixPredicate { Prefix: { } prefix }
        ? prefix
#pragma warning disable CS0618 // read only
        : rule.Prefix ?? "";
#pragma warning restore CS0618
}
