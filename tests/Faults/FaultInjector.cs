using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Tests.Faults;

/// <summary>
/// Counts the calls on all stores it wraps, in the order they are made, and lets the planned fault happen.
/// In a process of its own it is set up by the environment: DATASPOC_FAULT (a <see cref="FaultPlan"/>) and DATASPOC_FAULT_LOG
/// (a file to which every call is added before it is made, so that it tells the last one of a killed process).
/// </summary>
public sealed partial class FaultInjector(FaultPlan plan, string? log = null, bool holdsByStopping = false)
{
    public const string PlanVariable = "DATASPOC_FAULT", LogVariable = "DATASPOC_FAULT_LOG";

    private const int SIGKILL = 9, SIGSTOP = 19;
    private readonly Lock counting = new();
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(StoreCall Kind, string Key)> calls = [];
    private int counted;

    public static FaultInjector FromEnvironment() => new(
        Environment.GetEnvironmentVariable(PlanVariable) is { Length: > 0 } text ? FaultPlan.Parse(text) : FaultPlan.None,
        Environment.GetEnvironmentVariable(LogVariable),
        holdsByStopping: true);

    /// <summary>Every call so far.</summary>
    public IReadOnlyList<(StoreCall Kind, string Key)> Calls
    {
        get
        {
            lock (counting)
                return [.. calls];
        }
    }

    /// <summary>Done when a call is being held.</summary>
    public Task Held => held.Task;

    /// <summary>Lets the held call go on.</summary>
    public void Release() => released.TrySetResult();

    public IObjectStore Wrap(IObjectStore store) => new FaultyObjectStore(store, this);

    internal async Task<T> CallAsync<T>(IObjectStore store, StoreCall kind, string key, Func<Task<T>> call, CancellationToken cancel)
    {
        var fault = Count(kind, key);
        switch (fault)
        {
            case Fault.Fail:
                throw Broken(store, kind, key);
            case Fault.KillBefore:
                Signal(SIGKILL);
                break;
            case Fault.HoldBefore:
                await HoldAsync(cancel);
                break;
        }
        var answer = await call();
        switch (fault)
        {
            case Fault.LoseAnswer:
                throw Broken(store, kind, key);
            case Fault.KillAfter:
                Signal(SIGKILL);
                break;
            case Fault.HoldAfter:
                await HoldAsync(cancel);
                break;
        }
        return answer;
    }

    private Fault Count(StoreCall kind, string key)
    {
        lock (counting)
        {
            calls.Add((kind, key));
            if (log is not null)
                File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"{calls.Count} {kind} {key}\n"), new UTF8Encoding(false));
            return plan.Counts(kind, key) && plan.Strikes(++counted) ? plan.Fault : Fault.None;
        }
    }

    private async Task HoldAsync(CancellationToken cancel)
    {
        if (holdsByStopping)
        {
            Signal(SIGSTOP);
            return;
        }
        held.TrySetResult();
        await released.Task.WaitAsync(cancel);
    }

    // as the stores themselves say it when a connection or a disk fails them
    private static UserError Broken(IObjectStore store, StoreCall kind, string key) =>
        new($"the connection to `{store.Bucket}` broke: injected at {kind} of `{key}`", new IOException("injected"))
        {
            Where = [("bucket", store.Bucket.ToString()), ("key", key)],
        };

    private static void Signal(int signal)
    {
        if (Kill(Environment.ProcessId, signal) != 0)
            throw new InvalidOperationException($"kill failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
