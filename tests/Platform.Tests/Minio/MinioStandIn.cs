using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Tests;
using Platform.Tests.Provisioning;

namespace Platform.Tests.Minio;

/// <summary>
/// Stands in for a MinIO server: answers the admin API itself, for Alice only, and passes S3 on to the test server. What users may do by their policies is put there as policies of the buckets, so that
/// a real server judges the statements. It differs from a MinIO in all that is not said here.
/// </summary>
internal sealed class MinioStandIn : IDisposable
{
    private const string Admin = "/minio/admin/v3/";

    private readonly HttpListener _listener = new();
    private readonly HttpForwarding _forwarding;
    private readonly HttpClient _client = new();
    private readonly S3Server _server;
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, string> _bucketPolicies = [];
    private readonly Task _serving;

    public MinioStandIn(S3Server server)
    {
        _server = server;
        _forwarding = new(server.Endpoint);
        Endpoint = HttpForwarding.Listen(_listener);
        _serving = Task.Run(ServeAsync);
    }

    public string Endpoint { get; }

    public MinioIam Iam { get; } = new();

    /// <summary>The bucket in which the test server enforces what the policies say, or none.</summary>
    public string? Enforced { get; set; }

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
        _forwarding.Dispose();
        _client.Dispose();
        _one.Dispose();
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (_listener.IsListening)
            {
                var context = await _listener.GetContextAsync();
                answering.RemoveAll(static task => task.IsCompleted);
                answering.Add(Task.Run(() => AnswerAsync(context)));
            }
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException)
        {
            // the test is over
        }
        await Task.WhenAll(answering);
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            context.Response.Headers["Server"] = "MinIO";
            var (path, query) = (context.Request.Url!.AbsolutePath, context.Request.Url.Query);
            if (path == "/minio/health/live")
                await SayAsync(context, 200, "");
            else if (path.StartsWith(Admin, StringComparison.Ordinal))
                await AdministerAsync(context, path[Admin.Length..], body.ToArray());
            else if (query is "?policy" or "?policy=")
                await BucketPolicyAsync(context, path, body.ToArray());
            else if (query.StartsWith("?publicAccessBlock", StringComparison.Ordinal))
                await SayAsync(context, 501, "<Error><Code>NotImplemented</Code><Message>A header you provided implies functionality that is not implemented</Message></Error>");
            else if (query.StartsWith("?lifecycle", StringComparison.Ordinal) && Encoding.UTF8.GetString(body.ToArray()).Contains("<AbortIncompleteMultipartUpload>", StringComparison.Ordinal))
                await SayAsync(context, 400, "<Error><Code>InvalidArgument</Code><Message>The XML you provided was not well-formed or did not validate against our published schema</Message></Error>");
            else
                await _forwarding.PassOnAsync(context, body.ToArray());
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
        {
            // the program was ended, or the test is over
        }
    }

    private async Task AdministerAsync(HttpListenerContext context, string call, byte[] body)
    {
        await _one.WaitAsync();
        try
        {
            var query = context.Request.QueryString;
            var (status, json) = await IsAlice(context.Request, body)
                ? Iam.Answer(context.Request.HttpMethod, call, query.AllKeys.OfType<string>().ToDictionary(static name => name, name => query[name]!), Encoding.UTF8.GetString(body))
                : MinioIam.Refused(403, "AccessDenied", "Access Denied.");
            if (status == 200 && context.Request.HttpMethod != "GET")
                await EnforceAsync();
            await SayAsync(context, status, json);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whether Alice signed it, as MinIO checks it: path, query, the headers that are named, and the body.</summary>
    private Task<bool> IsAlice(HttpListenerRequest request, byte[] body)
    {
        var parts = (request.Headers["Authorization"] ?? "").Split(["Credential=", ", SignedHeaders=", ", Signature="], StringSplitOptions.None);
        if (parts is not [_, var credential, var names, var signature] || credential.Split('/', 2) is not [var key, var scope] || key != _server.Alice.AccessKey || !scope.EndsWith("/s3/aws4_request", StringComparison.Ordinal))
            return Task.FromResult(false);
        var headers = new SortedDictionary<string, string>(names.Split(';').ToDictionary(static name => name, name => request.Headers[name] ?? ""), StringComparer.Ordinal);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var query = TestSigning.Query(request.QueryString.AllKeys.OfType<string>().Select(name => KeyValuePair.Create(name, request.QueryString[name]!)));
        return Task.FromResult(request.Headers["x-amz-content-sha256"] == hash && signature == TestSigning.Signature(_server.Alice.SecretKey, scope, request.HttpMethod, request.Url!.AbsolutePath, query, headers, hash));
    }

    private Task BucketPolicyAsync(HttpListenerContext context, string bucket, byte[] body)
    {
        lock (_bucketPolicies)
        {
            if (context.Request.HttpMethod == "PUT")
                _bucketPolicies[bucket] = Encoding.UTF8.GetString(body);
            else if (context.Request.HttpMethod == "DELETE")
                _bucketPolicies.Remove(bucket);
            else
                return _bucketPolicies.TryGetValue(bucket, out var policy) ? SayAsync(context, 200, policy) : SayAsync(context, 404, "<Error><Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not exist</Message></Error>");
        }
        return SayAsync(context, 204, "");
    }

    /// <summary>Has the test server allow what the policies of users do.</summary>
    private async Task EnforceAsync()
    {
        if (Enforced is null)
            return;
        var statements = new JsonArray();
        foreach (var user in Iam.Users)
        {
            foreach (var statement in Iam.StatementsOf(user))
            {
                statement["Sid"] = $"S{statements.Count}";
                statement["Principal"] = new JsonObject { ["AWS"] = $"arn:aws:iam:::user/{user}" };
                statements.Add(statement);
            }
        }
        var policy = Encoding.UTF8.GetBytes(new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = statements }.ToJsonString());
        using var request = TestSigning.Signed(_server.Endpoint, _server.Alice, statements.Count == 0 ? "DELETE" : "PUT", $"/{Enforced}", [KeyValuePair.Create("policy", "")], statements.Count == 0 ? [] : policy);
        using var answer = await _client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"the test server takes no such policy: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task SayAsync(HttpListenerContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = text.StartsWith('<') ? "application/xml" : "application/json";
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }
}
