using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Platform.Deployment;

/// <summary>How patiently a server is kept running.</summary>
internal sealed record SupervisionLimits
{
    /// <summary>How often it is started again before it is given up.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>How long it must have been ready for its earlier ends to be forgotten.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it may take until it is ready.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The pause before the first new start; doubled with each, up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is asked whether it is well.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many questions in a row it may leave without an answer.</summary>
    public int Misses { get; init; } = 3;

    /// <summary>How long it may take to end when it is asked to.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Keeps a server running until it is stopped: waits until it is ready, asks whether it is well, starts it again when it ends or hangs, with growing pauses,
/// and gives it up when that does not help. One that ends before it was ever ready is not started again: it would end in the same way.
/// </summary>
/// <param name="start">Starts it.</param>
/// <param name="limits">How patiently.</param>
/// <param name="say">Told what happens.</param>
/// <param name="time">The clock.</param>
internal sealed class Supervision(Func<IServingProcess> start, SupervisionLimits limits, Action<string> say, TimeProvider time)
{
    private enum End
    {
        Stopped,
        BeforeReady,
        AfterReady,
    }

    /// <summary>Whether a stop is told to the server: not where it has the signal already, as with Ctrl-C on a terminal.</summary>
    public Func<bool> PassesStopOn { get; init; } = static () => true;

    /// <exception cref="UserError">It never got ready (with its own exit code), or ended too often.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var restarts = 0; ;)
        {
            using var process = start();
            var began = time.GetTimestamp();
            var end = await WatchAsync(process, stop);
            if (end == End.Stopped)
                return;
            var code = await process.Ended;
            if (end == End.BeforeReady && restarts == 0)
                throw new UserError($"`ml serve` ended with exit code {code} before it was ready") { Hint = "what it said stands above", ExitCode = Enum.IsDefined((ExitCode)code) && code != 0 ? (ExitCode)code : ExitCode.Failed };
            restarts = end == End.AfterReady && time.GetElapsedTime(began) >= limits.Steady ? 1 : restarts + 1;
            if (restarts > limits.Restarts)
                throw new UserError($"`ml serve` ended {restarts} times, the last time with exit code {code}, and is not started again") { Hint = "what it said stands above; `--max-restarts` allows more" };
            var pause = TimeSpan.FromTicks(Math.Min(limits.LongestPause.Ticks, limits.FirstPause.Ticks << Math.Min(restarts - 1, 20)));
            say($"`ml serve` ended with exit code {code}; it is started again in {Quantity.Duration(pause)} ({restarts} of {limits.Restarts})");
            if (!await WaitedAsync(pause, stop))
                return;
        }
    }

    private async Task<End> WatchAsync(IServingProcess process, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var (ready, misses) = (false, 0);
        while (!process.Ended.IsCompleted)
        {
            if (stop.IsCancellationRequested)
            {
                await EndAsync(process, PassesStopOn());
                return End.Stopped;
            }
            if (await AnswersAsync(process, ready ? "healthz" : "readyz", stop))
            {
                misses = 0;
                if (!ready)
                    say($"`ml serve` is ready: process {process.Id}");
                ready = true;
            }
            else if (!stop.IsCancellationRequested && !process.Ended.IsCompleted && (ready ? ++misses >= limits.Misses : time.GetElapsedTime(began) > limits.Start))
            {
                say(ready ? $"process {process.Id} does not answer any more and is ended" : $"process {process.Id} is not ready after {Quantity.Duration(limits.Start)} and is ended");
                await EndAsync(process, tell: true);
                break;
            }
            await Task.WhenAny(process.Ended, WaitedAsync(ready ? limits.Watch : TimeSpan.FromMilliseconds(100), stop));
        }
        return stop.IsCancellationRequested ? End.Stopped : ready ? End.AfterReady : End.BeforeReady;
    }

    private static async Task<bool> AnswersAsync(IServingProcess process, string path, CancellationToken stop)
    {
        try
        {
            return await process.AnswersAsync(path, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task EndAsync(IServingProcess process, bool tell)
    {
        if (tell)
            process.Terminate();
        if (await Task.WhenAny(process.Ended, Task.Delay(limits.Grace, time)) != process.Ended)
            process.Kill();
        await process.Ended;
    }

    private async Task<bool> WaitedAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
