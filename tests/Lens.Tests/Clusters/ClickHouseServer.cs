using System.Diagnostics;
using DataSpoc.Tests;
using Xunit;

namespace Lens.Tests.Clusters;

/// <summary>ClickHouse's engine (npm's chdb, tests/services/install.sh) behind its HTTP form, in a process of its own.</summary>
internal sealed class ClickHouseServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _said;

    private ClickHouseServer(Process process, string port)
    {
        (_process, Port) = (process, port);
        _said = process.StandardError.ReadToEndAsync();
    }

    public string Port { get; }

    public string Address => $"clickhouse://127.0.0.1:{Port}";

    /// <summary>Starts it.</summary>
    /// <param name="folder">The only folder of this machine that it reads.</param>
    /// <param name="variables">Of its environment.</param>
    public static async Task<ClickHouseServer> StartAsync(string folder, params IEnumerable<(string Name, string Value)> variables)
    {
        var script = Path.Combine(Source(), "tests", "services", "chdb", "serve.js");
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules", "chdb")))
            TestServers.Missing("ClickHouse is not installed; run `tests/run`, or `npm install --no-save --ignore-scripts` in tests/services/chdb first");
        var start = new ProcessStartInfo("node", [script]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        return await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } port ? new(process, port) : throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _said;
        _process.Dispose();
    }

    private static string Source()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "global.json")))
                return at.FullName;
        throw new DirectoryNotFoundException("not run from a repository");
    }
}
