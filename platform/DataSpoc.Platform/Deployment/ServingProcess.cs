using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DataSpoc.Contracts;

namespace DataSpoc.Platform.Deployment;

/// <summary>
/// <c>ml serve</c>, whose words go to this program's stderr. Its stdin is a pipe that only this program holds: however this one ends, the pipe is closed,
/// and the server ends too (a signal at the parent's death, as Linux knows it, would be bound to the thread that started it).
/// </summary>
internal sealed class ServingProcess : IServingProcess
{
    private const int Sigterm = 15;

    private readonly Process _process;
    private readonly HttpClient _client;

    private ServingProcess(Process process, Uri address)
    {
        _process = process;
        _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        Ended = EndAsync();
    }

    public int Id => _process.Id;

    public Task<int> Ended { get; }

    /// <exception cref="UserError">It cannot be started.</exception>
    public static ServingProcess Start(string program, IReadOnlyList<string> arguments, IPEndPoint endpoint, string folder)
    {
        try
        {
            var process = Process.Start(new ProcessStartInfo(program, [.. arguments, "--until-stdin-closes"]) { WorkingDirectory = folder, RedirectStandardInput = true }) ?? throw new InvalidOperationException($"{program} was not started");
            return new(process, new($"http://{Asked(endpoint)}/"));
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new UserError($"`{program}` cannot be started: {error.Message}", error) { Hint = "PLATFORM_ML names another" };
        }
    }

    /// <summary>Makes sure that nobody listens there: else that program would be asked whether ours is ready.</summary>
    /// <returns>The endpoint, with a free port where 0 was asked for.</returns>
    /// <exception cref="UserError">Somebody does, or the address is not this machine's.</exception>
    public static IPEndPoint RequireFree(IPEndPoint endpoint)
    {
        // below what systems hand out to outgoing connections: it is to be free still when the server starts, and when it starts again
        for (var attempt = 0; endpoint.Port == 0 && attempt < 100; attempt++)
            if (IsFree(new(endpoint.Address, Random.Shared.Next(10_240, 20_000))) is { } free)
                return free;
        using var listener = new TcpListener(endpoint);
        try
        {
            listener.Start();
            return (IPEndPoint)listener.LocalEndpoint;
        }
        catch (SocketException error)
        {
            throw new UserError(error.SocketErrorCode == SocketError.AddressAlreadyInUse ? $"port {endpoint.Port} of {endpoint.Address} is taken" : $"{endpoint} cannot be listened on: {error.Message}", error)
            {
                Hint = "another program listens there; choose another `--port`, or 0 for any that is free",
            };
        }
    }

    private static IPEndPoint? IsFree(IPEndPoint endpoint)
    {
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
            return endpoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public async Task<bool> AnswersAsync(string path, CancellationToken cancel)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), cancel);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    public void Terminate()
    {
        // one that has ended already needs none
        if (!Ended.IsCompleted)
            _ = SendSignal(_process.Id, Sigterm);
    }

    public void Kill()
    {
        if (!Ended.IsCompleted)
            _process.Kill();
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
    }

    // whoever listens everywhere is asked here
    private static IPEndPoint Asked(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, endpoint.Port) : endpoint.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, endpoint.Port) : endpoint;

    private async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
