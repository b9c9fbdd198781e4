using DataSpoc.Tests;

namespace Platform.Tests.Provisioning;

/// <summary>Users of the test server, made through Ceph's admin API, which Alice may use there.</summary>
internal static class TestUsers
{
    /// <summary>Makes a user with keys that follow from the name; one that is there stays.</summary>
    public static async Task<S3User> MakeAsync(S3Server server, string name, CancellationToken cancel)
    {
        var user = new S3User($"{name.ToUpperInvariant()}KEY", $"{name}-secret");
        var query = new Dictionary<string, string> { ["access-key"] = user.AccessKey, ["display-name"] = name, ["format"] = "json", ["secret-key"] = user.SecretKey, ["uid"] = name };
        using var client = new HttpClient();
        using var request = TestSigning.Signed(server.Endpoint, server.Alice, "PUT", "/admin/user", query, []);
        using var answer = await client.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != System.Net.HttpStatusCode.Conflict)
            throw new InvalidOperationException($"the test server makes no user: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
        return user;
    }
}
