using System.Text.Json;
using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Provisioning;

namespace DataSpoc.Platform.Minio;

/// <summary>Policies of a MinIO server and to whom they are attached, through its admin API.</summary>
/// <param name="access">The server.</param>
/// <param name="credentials">Null is those of the AWS environment.</param>
internal sealed class MinioAdministration(S3Access access, AWSCredentials? credentials = null) : IAccountAdministration
{
    private readonly MinioCalls _calls = new(access, credentials);

    public string Endpoint => _calls.Endpoint;

    public async Task<IReadOnlyList<ActualAccount>> AccountsAsync(string lake, IReadOnlyCollection<Principal> principals, CancellationToken cancel)
    {
        var policies = await PoliciesAsync(cancel);
        var left = policies.Keys.Select(name => MinioPolicyName.Read(lake, name)).OfType<MinioAccount>();
        var accounts = new List<ActualAccount>();
        foreach (var account in principals.Select(static principal => MinioAccount.Of(principal.Name)).Concat(left).Distinct().OrderBy(static account => account.Principal, StringComparer.Ordinal))
        {
            var name = MinioPolicyName.Of(lake, account);
            var attached = await AttachedAsync(account, cancel);
            accounts.Add(new(account, PrincipalName.Arn(account.Principal, ""), name, attached is not null, attached?.Contains(name) == true,
                policies.TryGetValue(name, out var own) ? PolicyReader.ReadOfUser(own, PrincipalName.Arn(account.Principal, "")) : null)
            {
                Others = [.. (attached ?? []).Where(other => other != name).Select(other => new OtherPolicy(other, policies.GetValueOrDefault(other, "")))],
            });
        }
        return accounts;
    }

    public Task PutPolicyAsync(string name, UserPolicy policy, CancellationToken cancel) =>
        CallAsync(HttpMethod.Put, "add-canned-policy", [("name", name)], policy.Json() ?? throw new ArgumentException("an empty policy is none", nameof(policy)), "admin:CreatePolicy", $"policy `{name}`", cancel);

    public async Task RemovePolicyAsync(string name, CancellationToken cancel)
    {
        try
        {
            await _calls.CallAsync(HttpMethod.Delete, "remove-canned-policy", [("name", name)], null, cancel);
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode == "XMinioAdminNoSuchPolicy")
        {
            return;
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw MinioErrors.Explain(access, Endpoint, error, "admin:DeletePolicy", $"policy `{name}`");
        }
    }

    public async Task AttachAsync(MinioAccount account, string policy, CancellationToken cancel)
    {
        // the server takes the whole list, so it is read as late as can be
        var attached = await AttachedAsync(account, cancel) ?? throw MinioErrors.NoSuchAccount([account.ToString()], Endpoint);
        if (!attached.Contains(policy))
            await SetAsync(account, [.. attached, policy], cancel);
    }

    public async Task DetachAsync(MinioAccount account, string policy, CancellationToken cancel)
    {
        if (await AttachedAsync(account, cancel) is { } attached && attached.Contains(policy))
            await SetAsync(account, [.. attached.Where(one => one != policy)], cancel);
    }

    private Task SetAsync(MinioAccount account, IEnumerable<string> policies, CancellationToken cancel) => CallAsync(HttpMethod.Put, "set-user-or-group-policy",
        [("policyName", string.Join(',', policies)), ("userOrGroup", account.Name), ("isGroup", account.IsGroup ? "true" : "false")], null, "admin:AttachUserOrGroupPolicy", account.ToString(), cancel);

    /// <summary>The names of the policies attached, in the server's order; null where there is no such account.</summary>
    private async Task<IReadOnlyList<string>?> AttachedAsync(MinioAccount account, CancellationToken cancel)
    {
        var (call, parameter, member, action) = account.IsGroup ? ("group", "group", "policy", "admin:GetGroup") : ("user-info", "accessKey", "policyName", "admin:GetUser");
        try
        {
            using var answer = JsonDocument.Parse(await _calls.CallAsync(HttpMethod.Get, call, [(parameter, account.Name)], null, cancel));
            return answer.RootElement.TryGetProperty(member, out var names) && names.GetString() is { } text ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        }
        catch (AmazonServiceException gone) when (gone.ErrorCode is "XMinioAdminNoSuchUser" or "XMinioAdminNoSuchGroup")
        {
            return null;
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw MinioErrors.Explain(access, Endpoint, error, action, account.ToString());
        }
    }

    /// <summary>All policies, by name, as JSON.</summary>
    private async Task<Dictionary<string, string>> PoliciesAsync(CancellationToken cancel)
    {
        var text = await CallAsync(HttpMethod.Get, "list-canned-policies", [], null, "admin:ListUserPolicies", "", cancel);
        try
        {
            using var all = JsonDocument.Parse(text);
            return all.RootElement.EnumerateObject().ToDictionary(static pair => pair.Name, static pair => pair.Value.GetRawText());
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw MinioErrors.Explain(access, Endpoint, new AmazonServiceException("", unreadable, ErrorType.Unknown, "", "", System.Net.HttpStatusCode.OK), "admin:ListUserPolicies", "");
        }
    }

    private async Task<string> CallAsync(HttpMethod method, string call, IReadOnlyList<(string Name, string Value)> query, string? body, string action, string about, CancellationToken cancel)
    {
        try
        {
            return await _calls.CallAsync(method, call, query, body, cancel);
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw MinioErrors.Explain(access, Endpoint, error, action, about);
        }
    }
}
