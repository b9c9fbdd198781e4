using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pipe.Tests.Sources.Postgres;

/// <summary>
/// A port of this machine that speaks TLS with a certificate of its own, as PostgreSQL does (an SSLRequest is answered with S), and passes on what is said to a server that does not.
/// </summary>
internal sealed class TlsDoor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly CancellationTokenSource _closed = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _serving;
    private int _encrypted;

    public TlsDoor(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were encrypted.</summary>
    public int Encrypted => _encrypted;

    /// <summary>The certificate, for <c>sslrootcert</c>.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        await _serving;
        _certificate.Dispose();
        _closed.Dispose();
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_closed.Token)));
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var from = client;
        using var to = new TcpClient();
        try
        {
            var request = new byte[8];
            await from.GetStream().ReadExactlyAsync(request, _closed.Token);
            await from.GetStream().WriteAsync("S"u8.ToArray(), _closed.Token);
            await using var secret = new SslStream(from.GetStream());
            await secret.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _closed.Token);
            Interlocked.Increment(ref _encrypted);
            await to.ConnectAsync(_host, _port, _closed.Token);
            await Task.WhenAny(secret.CopyToAsync(to.GetStream(), _closed.Token), to.GetStream().CopyToAsync(secret, _closed.Token));
        }
        catch (Exception ended) when (ended is IOException or System.Security.Authentication.AuthenticationException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // who refuses the certificate goes away
            return;
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=db.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
