using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;

namespace Contracts.Tests.Storage.RunCommits.Simulation;

/// <summary>
/// A bucket shared by several processes of which the seed decides, call by call, who goes next, who is killed, and whose answer is lost.
/// A process that is not chosen for long is one that sleeps.
/// </summary>
internal sealed class SimulatedWorld(int seed) : TimeProvider
{
    private readonly List<(string Process, TaskCompletionSource Go)> _waiting = [];
    private readonly HashSet<string> _killed = [];
    private const string Clock = "clock";
    private long _etag;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Random Random { get; } = new(seed);

    public SimulatedScheduler Scheduler { get; } = new();

    public SortedDictionary<string, (byte[] Bytes, string ETag)> Objects { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (StagedObject Staged, byte[] Bytes)> StagedBytes { get; } = [];

    /// <summary>Chance per call that the process is killed before it, or after it without knowing the answer.</summary>
    public double KillChance { get; set; }

    /// <summary>Chance per conditional write that it lands and is answered as refused, as after a retry inside the SDK.</summary>
    public double LostAnswerChance { get; set; }

    /// <summary>Whether another pipeline changes a table.</summary>
    public bool HasStranger { get; init; }

    /// <summary>Called after every write.</summary>
    public Action? Changed { get; set; }

    public override DateTimeOffset GetUtcNow() => _now;

    public string NextETag() => $"e{++_etag}";

    /// <summary>Waits until the world chooses this process.</summary>
    public Task TurnAsync(string process)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_killed.Contains(process))
            _waiting.Add((process, go));
        return go.Task;
    }

    /// <summary>Ends a process: it never gets another turn.</summary>
    public void Kill(string process)
    {
        _killed.Add(process);
        _waiting.RemoveAll(turn => turn.Process == process);
    }

    public bool IsKilled(string process) => _killed.Contains(process);

    /// <summary>Lets the processes run until all have ended or are dead.</summary>
    public void Run()
    {
        Scheduler.RunUntilIdle();
        while (_waiting.Count > 0)
        {
            var (process, go) = _waiting[Random.Next(_waiting.Count)];
            _now += TimeSpan.FromSeconds(1);
            if (process != Clock && Random.NextDouble() < KillChance)
            {
                Kill(process);
                continue;
            }
            _waiting.Remove((process, go));
            go.SetResult();
            Scheduler.RunUntilIdle();
        }
    }

    // waiting for time is waiting for a turn: in a world of sleepers every delay may be long or short
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
            TurnAsync(Clock).ContinueWith(_ => callback(state), CancellationToken.None, TaskContinuationOptions.None, Scheduler);
        return new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
