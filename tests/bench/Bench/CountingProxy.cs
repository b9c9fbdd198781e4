using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataSpoc.Tests.Bench;

/// <summary>Stands on the wire before an S3 server, as far away as a region is: every request is late by some time, requests and the bytes of their answers are counted, and no byte is changed.</summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly TimeSpan _delay;
    private readonly ConcurrentBag<Exchange> _exchanges = [];

    public CountingProxy(Uri server, TimeSpan delay)
    {
        (_server, _delay) = (server, delay);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What was asked since the last call.</summary>
    public IReadOnlyList<Exchange> Take()
    {
        var taken = new List<Exchange>();
        while (_exchanges.TryTake(out var exchange))
            taken.Add(exchange);
        return taken;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(_server.Host, _server.Port);
            Exchange? current = null;
            var up = CopyAsync(client.GetStream(), server.GetStream(), async chunk =>
            {
                // a client sends one request after the other on a connection, each with a chunk of its own
                if (Encoding.ASCII.GetString(chunk.Span[..Math.Min(chunk.Length, 2048)]).Split(' ', 3) is [("GET" or "HEAD" or "PUT" or "POST" or "DELETE") and var method, var path, _])
                {
                    _exchanges.Add(current = new(method, path));
                    await Task.Delay(_delay);
                }
            });
            var down = CopyAsync(server.GetStream(), client.GetStream(), chunk =>
            {
                current!.Bytes += chunk.Length;
                return Task.CompletedTask;
            });
            await Task.WhenAny(up, down);
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task> see)
    {
        var buffer = new byte[128 << 10];
        try
        {
            for (int read; (read = await from.ReadAsync(buffer)) > 0;)
            {
                await see(buffer.AsMemory(0, read));
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return;
        }
    }
}

/// <summary>A request, and what came back.</summary>
internal sealed class Exchange(string method, string path)
{
    public string Method => method;

    public string Path => path;

    /// <summary>Of the answer, with its headers.</summary>
    public long Bytes { get; set; }

    /// <summary>Whether it is for a data file.</summary>
    public bool IsData => path.Contains(".parquet", StringComparison.Ordinal);
}
