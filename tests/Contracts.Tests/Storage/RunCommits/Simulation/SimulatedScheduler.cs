namespace Contracts.Tests.Storage.RunCommits.Simulation;

/// <summary>Runs tasks on the thread that asks for it, so that a seed decides every interleaving.</summary>
internal sealed class SimulatedScheduler : TaskScheduler
{
    private readonly Queue<Task> _ready = new();

    public override int MaximumConcurrencyLevel => 1;

    public Task<T> Start<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Runs until every task waits for something that only the world can give.</summary>
    public void RunUntilIdle()
    {
        while (_ready.TryDequeue(out var task))
            TryExecuteTask(task);
    }

    protected override void QueueTask(Task task) => _ready.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
