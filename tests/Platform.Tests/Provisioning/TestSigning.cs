using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataSpoc.Tests;

namespace Platform.Tests.Provisioning;

/// <summary>AWS Signature Version 4, with the few headers that tests need; not that of the SDK, so that either can be checked by the other.</summary>
internal static class TestSigning
{
    /// <summary>A signed request.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, without anything that would be escaped.</param>
    /// <param name="query">The parameters, unescaped.</param>
    /// <param name="body">The body; empty for none.</param>
    public static HttpRequestMessage Signed(string endpoint, S3User user, string method, string path, IEnumerable<KeyValuePair<string, string>> query, byte[] body)
    {
        var time = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var (scope, canonical) = ($"{time[..8]}/us-east-1/s3/aws4_request", Query(query));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = new Uri(endpoint).Authority, ["x-amz-content-sha256"] = hash, ["x-amz-date"] = time };
        var request = new HttpRequestMessage(new(method), $"{endpoint}{path}?{canonical}");
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body);
        request.Headers.TryAddWithoutValidation("x-amz-date", time);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", hash);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={user.AccessKey}/{scope}, SignedHeaders={string.Join(';', headers.Keys)}, Signature={Signature(user.SecretKey, scope, method, path, canonical, headers, hash)}");
        return request;
    }

    /// <summary>The parameters as they are signed.</summary>
    public static string Query(IEnumerable<KeyValuePair<string, string>> query) =>
        string.Join('&', query.Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}").Order(StringComparer.Ordinal));

    /// <summary>The signature of a request whose headers hold <c>x-amz-date</c>.</summary>
    public static string Signature(string secret, string scope, string method, string path, string query, SortedDictionary<string, string> headers, string bodyHash)
    {
        var canonical = $"{method}\n{path}\n{query}\n{string.Concat(headers.Select(static header => $"{header.Key}:{header.Value}\n"))}\n{string.Join(';', headers.Keys)}\n{bodyHash}";
        var text = $"AWS4-HMAC-SHA256\n{headers["x-amz-date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), static (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
