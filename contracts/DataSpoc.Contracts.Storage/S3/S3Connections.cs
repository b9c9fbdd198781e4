using Amazon.Runtime;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>The pool of connections of one store.</summary>
internal sealed class S3Connections : HttpClientFactory, IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);
    private readonly HttpClient client;

    public S3Connections(Func<HttpMessageHandler, HttpMessageHandler> transport)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = s_connectTimeout,
            PooledConnectionLifetime = s_lifetime,
            UseCookies = false,
        };
        // how long a call may take is the retry budget's affair
        client = new(new WithoutExpectation { InnerHandler = transport(sockets) }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>
    /// Sends bodies at once. With <c>Expect: 100-continue</c> a server that refuses a PUT answers without reading its body,
    /// which then lies on the kept-alive connection in front of the next request.
    /// </summary>
    private sealed class WithoutExpectation : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
