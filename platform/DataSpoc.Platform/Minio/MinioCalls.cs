using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage.S3;

namespace DataSpoc.Platform.Minio;

/// <summary>
/// Calls of MinIO's admin API (<c>/minio/admin/v3/</c>; madmin-go and cmd/admin-router.go of MinIO say what there is): signed as those of S3 are, on the same connections and with
/// the same retries. Only those whose bodies and answers are plain JSON.
/// </summary>
/// <param name="access">The server.</param>
/// <param name="credentials">Whose credentials; null is those of the AWS environment.</param>
internal sealed class MinioCalls(S3Access access, AWSCredentials? credentials)
{
    private const string Start = "/minio/admin/v3/";

    /// <summary>Where the server is, once it was called.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>Calls, with retries, and returns what was answered.</summary>
    /// <param name="method">The method.</param>
    /// <param name="call">The call: <c>list-canned-policies</c>.</param>
    /// <param name="query">Its parameters.</param>
    /// <param name="body">JSON, or null.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="AmazonServiceException">What the server answered instead; its code is MinIO's (<c>XMinioAdminNoSuchUser</c>), and empty where MinIO would not answer so.</exception>
    public Task<string> CallAsync(HttpMethod method, string call, IReadOnlyList<(string Name, string Value)> query, string? body, CancellationToken cancel) =>
        access.TryAsync((s3, attempt) => OnceAsync(s3, method, call, query, body, attempt), cancel);

    private async Task<string> OnceAsync(IAmazonS3 s3, HttpMethod method, string call, IReadOnlyList<(string Name, string Value)> query, string? body, CancellationToken cancel)
    {
        var config = (AmazonS3Config)s3.Config;
        Endpoint = config.ServiceURL ?? throw new UserError("no MinIO server is named") { Hint = "set AWS_ENDPOINT_URL_S3 to its address", ExitCode = ExitCode.Usage };
        var keys = await (credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(config)).GetCredentialsAsync();
        using var request = Signed(config, keys, method, call, query, body);
        using var answer = await config.HttpClientFactory.CreateHttpClient(config).SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode ? text : throw Refusal(answer.StatusCode, text);
    }

    private static HttpRequestMessage Signed(AmazonS3Config config, ImmutableCredentials keys, HttpMethod method, string call, IReadOnlyList<(string Name, string Value)> query, string? body)
    {
        var signed = new DefaultRequest(new NoRequest(), "s3")
        {
            HttpMethod = method.Method,
            Endpoint = new(config.ServiceURL),
            ResourcePath = Start + call,
            UseQueryString = true,
            AuthenticationRegion = config.AuthenticationRegion,
            Content = Encoding.UTF8.GetBytes(body ?? ""),
        };
        foreach (var (name, value) in query)
            signed.Parameters[name] = value;
        if (keys.UseToken)
            signed.Headers["x-amz-security-token"] = keys.Token;
        var signature = new AWS4Signer().SignRequest(signed, config, new RequestMetrics(), keys.AccessKey, keys.SecretKey);
        signed.Headers["Authorization"] = signature.ForAuthorizationHeader;
        var request = new HttpRequestMessage(method, AmazonServiceClient.ComposeUrl(signed));
        if (body is not null)
            request.Content = new ByteArrayContent(signed.Content);
        foreach (var (name, value) in signed.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static AmazonServiceException Refusal(HttpStatusCode status, string text)
    {
        var (code, message) = ("", text);
        try
        {
            using var answer = JsonDocument.Parse(text);
            code = answer.RootElement.GetProperty("Code").GetString() ?? "";
            message = answer.RootElement.GetProperty("Message").GetString() ?? "";
        }
        catch (Exception notMinio) when (notMinio is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // a gateway in front of it, or another server: the code stays empty
        }
        return new(message, ErrorType.Unknown, code, "", status);
    }

    private sealed class NoRequest : AmazonWebServiceRequest;
}
