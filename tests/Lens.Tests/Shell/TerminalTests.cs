using System.Diagnostics;
using Xunit;

namespace Lens.Tests.Shell;

/// <summary>The shell under a real terminal: tmux.</summary>
public sealed class TerminalTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("lens-shell-");
    private readonly string _socket = $"lens-{Guid.NewGuid():N}";

    [Fact]
    public async Task Shell_Typed_CompletesRunsRecallsAndStops()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tmux"), "tmux is not installed");
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 7 AS number_of_order");
        Tmux("new-session", "-d", "-x", "120", "-y", "40", $"HOME={_home.FullName} PAGER='head -n 4; echo seen; cat > /dev/null' {Path.Combine(AppContext.BaseDirectory, "lens")} shell --bucket {lake.Uri}; sleep 60");

        await SeesAsync("lens>");
        Tmux("send-keys", "sel", "Tab");
        await SeesAsync("lens> select");
        Tmux("send-keys", "number_of_order + 35 as answer", "Enter");
        await SeesAsync("...");
        Tmux("send-keys", "from raw.shop_or", "Tab");
        await SeesAsync("from raw.shop_orders");
        Tmux("send-keys", "\\;", "Enter");
        await SeesAsync("    42");
        Tmux("send-keys", "-l", "select count(*) from range(100000000) a, range(100000000) b\\;");
        Tmux("send-keys", "Enter");
        await SeesAsync("b;\n");
        Tmux("send-keys", "C-c");
        await SeesAsync("interrupted");
        // what does not fit on the screen goes through the pager
        Tmux("send-keys", "-l", "select 'row' || range as r from range(500)\\;");
        Tmux("send-keys", "Enter");
        await SeesAsync("row1\nseen\nlens>");
        Tmux("send-keys", "Up", "Up", "Up", "Up");
        await SeesAsync("lens> select number_of_order + 35 as answer\n  ... from raw.shop_orders;\n", times: 2);
    }

    public void Dispose()
    {
        if (File.Exists("/usr/bin/tmux"))
            Tmux("kill-server");
        _home.Delete(recursive: true);
    }

    private async Task SeesAsync(string text, int times = 1)
    {
        var begun = Stopwatch.GetTimestamp();
        string screen;
        while ((screen = Tmux("capture-pane", "-p") + "\n").Split(text).Length <= times)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < s_patience, $"`{text}` did not come\n{screen}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private string Tmux(params string[] args)
    {
        using var tmux = Process.Start(new ProcessStartInfo("/usr/bin/tmux", ["-L", _socket, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = tmux.StandardOutput.ReadToEnd();
        tmux.WaitForExit();
        return said;
    }
}
