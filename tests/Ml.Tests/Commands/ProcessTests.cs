using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>What only a real process shows: signals, libraries, streams.</summary>
public sealed partial class ProcessTests
{
    internal const int SigInt = 2;

    [Fact]
    public async Task Train_WithoutXGBoost_SaysHowToInstallIt()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", "SELECT i AS x, i % 2 = 0 AS y FROM range(100) t(i)");
        var run = await ToolProcess.RunAsync(new Dictionary<string, string?> { ["DATASPOC_XGBOOST"] = "/nowhere/libxgboost.so" }, "train", "--from", "raw.shop_t", "--target", "y", "--bucket", lake.Bucket);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the XGBoost library is missing", run.Error, StringComparison.Ordinal);
        Assert.Contains("apt-get install libxgboost0", run.Error, StringComparison.Ordinal);
        Assert.Empty(await lake.KeysAsync("ml/"));
    }

    [Fact]
    public async Task Train_Interrupted_EndsWith130AndRegistersNothing()
    {
        await using var lake = Lake.OnDisk();
        // a hundred trees a round, and a loss that falls for thousands of rounds: the first trial alone takes many minutes
        await lake.WriteAsync("raw/shop/t", "SELECT hash('a' || i) % 100 AS a, hash('b' || i) % 100 AS b, hash('y' || hash('a' || i) % 100 * 100 + hash('b' || i) % 100) % 100 AS y FROM range(50000) t(i)");
        using var process = ToolProcess.Start(
            new Dictionary<string, string?>(), "train", "--from", "raw.shop_t", "--target", "y", "--task", "multiclass", "--bucket", lake.Bucket, "--rounds", "100000", "--trials", "1", "--keep", "a,b");
        var error = new StringBuilder();
        var learning = new TaskCompletionSource();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (error)
                error.AppendLine(line.Data);
            if (line.Data is null || line.Data.StartsWith("read:", StringComparison.Ordinal))
                learning.TrySetResult();
        };
        process.BeginErrorReadLine();
        await learning.Task;
        Assert.Equal(0, Kill(process.Id, SigInt));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("no version was registered", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(await lake.KeysAsync("ml/"));
    }

    [Fact]
    public async Task Serve_WithoutAspNetCore_SaysHowToInstallItAndTheRestDoesWithout()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", "SELECT 1 AS x");
        var environment = new Dictionary<string, string?> { ["DATASPOC_ASPNETCORE"] = "/nowhere/aspnetcore" };
        var run = await ToolProcess.RunAsync(environment, "serve", "--model", "y", "--bucket", lake.Bucket);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("ASP.NET Core is missing: `ml serve` needs it", run.Error, StringComparison.Ordinal);
        Assert.Contains("aspnetcore-runtime-10.0", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("AspNetCore", await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "ml.runtimeconfig.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_ListIntoAPipe_IsCleanData()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", "SELECT hash('a' || i) % 100 AS a, hash('a' || i) % 100 > 40 AS y FROM range(100) t(i)");
        Assert.Equal(0, (await ToolProcess.RunAsync(new Dictionary<string, string?>(), "train", "--from", "raw.shop_t", "--target", "y", "--bucket", lake.Bucket, "--keep", "a", "--rounds", "5", "-q")).ExitCode);
        var run = await ToolProcess.RunAsync(new Dictionary<string, string?>(), "models", "list", "--bucket", lake.Bucket);
        Assert.Equal(run.Out, (await MlProcess.SucceedAsync("models", "--bucket", lake.Bucket)).Out);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("model,version,aliases,", run.Out, StringComparison.Ordinal);
        Assert.Equal(2, run.Out.TrimEnd().Split('\n').Length);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);
}
