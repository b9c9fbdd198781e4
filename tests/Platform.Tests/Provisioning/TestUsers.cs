using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataSpoc.Tests;

namespace Platform.Tests.Provisioning;

/// <summary>Users of the test server, made through Ceph's admin API, which Alice may use there.</summary>
internal static class TestUsers
{
    /// <summary>Makes a user with keys that follow from the name; one that is there stays.</summary>
    public static async Task<S3User> MakeAsync(S3Server server, string name, CancellationToken cancel)
    {
        var user = new S3User($"{name.ToUpperInvariant()}KEY", $"{name}-secret");
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["access-key"] = user.AccessKey, ["display-name"] = name, ["format"] = "json", ["secret-key"] = user.SecretKey, ["uid"] = name,
        };
        using var client = new HttpClient();
        using var request = Signed(server, "PUT", "/admin/user", string.Join('&', query.Select(static pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")));
        using var answer = await client.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != System.Net.HttpStatusCode.Conflict)
            throw new InvalidOperationException($"the test server makes no user: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
        return user;
    }

    // AWS Signature Version 4, with the few headers that this needs
    private static HttpRequestMessage Signed(S3Server server, string method, string path, string query)
    {
        var endpoint = new Uri(server.Endpoint);
        var now = DateTime.UtcNow;
        var (time, day) = (now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        var body = Convert.ToHexStringLower(SHA256.HashData([]));
        var canonical = $"{method}\n{path}\n{query}\nhost:{endpoint.Authority}\nx-amz-content-sha256:{body}\nx-amz-date:{time}\n\nhost;x-amz-content-sha256;x-amz-date\n{body}";
        var scope = $"{day}/us-east-1/s3/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, "us-east-1", "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + server.Alice.SecretKey), static (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        var request = new HttpRequestMessage(new(method), $"{server.Endpoint}{path}?{query}");
        request.Headers.TryAddWithoutValidation("x-amz-date", time);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", body);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={server.Alice.AccessKey}/{scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}");
        return request;
    }
}
