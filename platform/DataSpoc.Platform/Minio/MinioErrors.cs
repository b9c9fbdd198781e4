using System.Net;
using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage.S3;

namespace DataSpoc.Platform.Minio;

/// <summary>What MinIO's admin API refuses, for people.</summary>
internal static class MinioErrors
{
    /// <summary>The rights that <c>apply</c> needs beside those of S3.</summary>
    public const string Rights = "admin:ListUserPolicies, admin:GetUser, admin:GetGroup, admin:CreatePolicy, admin:DeletePolicy and admin:AttachUserOrGroupPolicy";

    /// <param name="access">The server.</param>
    /// <param name="endpoint">Its address.</param>
    /// <param name="error">An exception for which <see cref="S3Access.IsFromS3"/> holds.</param>
    /// <param name="action">What was tried, as MinIO's policies name it: <c>admin:GetUser</c>.</param>
    /// <param name="about">The account or policy, or empty.</param>
    public static UserError Explain(S3Access access, string endpoint, Exception error, string action, string about) => error switch
    {
        AmazonServiceException { ErrorCode: "AccessDenied" } => new($"not permitted: {action} on the MinIO server", error)
        {
            Where = Where(endpoint, action, about),
            Hint = $"use the credentials of an administrator of the server (AWS_PROFILE), or have these allowed {Rights}",
            ExitCode = ExitCode.NotPermitted,
        },
        AmazonServiceException { ErrorCode: "XMinioAdminNoSuchUser" or "XMinioAdminNoSuchGroup" } => NoSuchAccount([about], endpoint, error),
        AmazonServiceException { ErrorCode: "XMinioIAMActionNotAllowed" } => new($"the MinIO server lets no policy be attached to {about}", error)
        {
            Where = Where(endpoint, action, about),
            Hint = "name users and groups of the server's own: not its root user, nor access keys that belong to another user",
            ExitCode = ExitCode.Usage,
        },
        AmazonServiceException { ErrorCode: "XMinioIAMPolicyInUse" } => new($"{about} cannot be removed: it is attached to somebody whom platform.yaml does not name", error)
        {
            Where = Where(endpoint, action, about),
            Hint = "`mc admin policy entities ALIAS --policy NAME` says to whom, `mc admin policy detach` takes it away; then run again",
        },
        AmazonServiceException { ErrorCode: "", StatusCode: not (0 or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout) } answer =>
            new($"the server does not answer as MinIO does: {(int)answer.StatusCode} {answer.StatusCode} to `{action}`", error)
            {
                Where = Where(endpoint, action, about),
                Hint = "`server: minio` stands in platform.yaml: write `ceph` or `aws` if it is that, or set AWS_ENDPOINT_URL_S3 to MinIO's own address (not its console's)",
                ExitCode = ExitCode.Usage,
            },
        _ => Other(access.Explain(error, action, ""), endpoint, action, about, error),
    };

    /// <summary>Principals who are not there.</summary>
    public static UserError NoSuchAccount(IReadOnlyList<string> accounts, string endpoint, Exception? error = null) =>
        new($"{string.Join(", ", accounts)} {(accounts.Count == 1 ? "does" : "do")} not exist on the MinIO server", error)
        {
            Where = endpoint.Length > 0 ? [("endpoint", endpoint)] : [],
            Hint = AddHint,
            ExitCode = ExitCode.Usage,
        };

    /// <summary>How accounts are made.</summary>
    public const string AddHint = "`mc admin user add ALIAS NAME` makes a user and `mc admin group add ALIAS NAME MEMBER` a group; or take them out of platform.yaml";

    private static UserError Other(UserError explained, string endpoint, string action, string about, Exception error) =>
        new(explained.What.Replace(" on `` in ", " on ", StringComparison.Ordinal), error) { Where = Where(endpoint, action, about), Hint = explained.Hint, ExitCode = explained.ExitCode };

    private static (string, string)[] Where(string endpoint, string action, string about) =>
        [.. new[] { ("endpoint", endpoint), ("action", action), ("about", about) }.Where(static pair => pair.Item2.Length > 0)];
}
