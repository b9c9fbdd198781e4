using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage.S3;

namespace DataSpoc.Platform.Provisioning;

/// <summary>Errors of calls about a bucket itself, which have no key.</summary>
internal static class BucketErrors
{
    public static UserError Explain(S3Access access, Exception error, string action)
    {
        var explained = access.Explain(error, action, "");
        return new(explained.What.Replace(" on `` in ", " on ", StringComparison.Ordinal), error)
        {
            Where = [.. explained.Where.Where(static pair => pair.Value.Length > 0)],
            Hint = explained.ExitCode == ExitCode.NotPermitted && explained.Hint?.Contains("ask its owner", StringComparison.Ordinal) == true
                ? $"use the credentials of the bucket's owner (AWS_PROFILE), or have them allowed {action}"
                : explained.Hint,
            ExitCode = explained.ExitCode,
        };
    }
}
