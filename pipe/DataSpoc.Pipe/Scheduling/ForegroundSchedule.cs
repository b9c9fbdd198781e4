using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Pipe.Scheduling;

/// <summary>
/// Runs pipelines at their times until it is told to stop: each in a process of its own, several at once, but never one twice; a time that comes while
/// the pipeline still runs is left out and said.
/// </summary>
internal sealed partial class ForegroundSchedule(IReadOnlyList<ScheduledPipeline> pipelines, PipelineCommand command, TimeZoneInfo zone, TimeProvider time, Messages messages)
{
    // a timer cannot wait longer, and a clock that is set meanwhile is noticed
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Task> _running = [];

    /// <summary>Ends when cancelled, after the runs that were under way have ended too: they are told to stop at their next safe point.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var due = pipelines.ToDictionary(pipeline => pipeline, pipeline => pipeline.Cron.Next(time.GetUtcNow(), zone));
        foreach (var (pipeline, at) in due)
            messages.Info($"`{pipeline.Name}`: next at {Text(at)}");
        try
        {
            while (true)
            {
                var wait = due.Values.Min() - time.GetUtcNow();
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancel);
                var now = time.GetUtcNow();
                foreach (var (pipeline, at) in due.ToArray())
                {
                    if (at > now)
                        continue;
                    Start(pipeline.Name, at, cancel);
                    due[pipeline] = pipeline.Cron.Next(now, zone);
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(_running.Values);
            throw;
        }
    }

    private void Start(string pipeline, DateTimeOffset at, CancellationToken cancel)
    {
        if (_running.TryGetValue(pipeline, out var running) && !running.IsCompleted)
            messages.Warn($"`{pipeline}` still runs: {Text(at)} is left out");
        else
            _running[pipeline] = RunOneAsync(pipeline, cancel);
    }

    private async Task RunOneAsync(string pipeline, CancellationToken cancel)
    {
        var words = command.Words(pipeline);
        using var process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        messages.Info($"`{pipeline}`: started");
        await using var stopping = cancel.UnsafeRegister(static process => _ = Kill(((Process)process!).Id, Terminate), process);
        while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
            messages.Info($"`{pipeline}`: {line}");
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0)
            messages.Warn($"`{pipeline}` ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}", $"pipe logs {pipeline}");
    }

    private const int Terminate = 15;

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
