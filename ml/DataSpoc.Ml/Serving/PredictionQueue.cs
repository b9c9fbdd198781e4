using System.Threading.Channels;

namespace DataSpoc.Ml.Serving;

/// <summary>
/// Gathers rows that come at the same time into one batch: a batch is what waits when the last one is done. While nothing is predicted, rows are
/// predicted where they came in: a lone row waits for nobody, not even for another thread.
/// </summary>
internal sealed class PredictionQueue : IAsyncDisposable
{
    private const int MostRows = 1024;
    private const int MostWaiting = 4096;

    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _working;
    private int _predicting;

    /// <summary>Begins to work.</summary>
    public PredictionQueue() => _working = Task.Run(WorkAsync);

    /// <summary>Answers rows; null when the model was closed meanwhile, then ask again with the one that replaced it.</summary>
    /// <param name="model">Which.</param>
    /// <param name="matrix">Row-major.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="cancel">Gives up the waiting.</param>
    public async ValueTask<float[]?> AnswerAsync(ServedModel model, float[] matrix, int rows, CancellationToken cancel)
    {
        if (rows >= MostRows)
            return model.Answer(matrix, rows);
        if (Begin())
        {
            try
            {
                return model.Answer(matrix, rows);
            }
            finally
            {
                Interlocked.Decrement(ref _predicting);
            }
        }
        var job = new Job(model, matrix, rows);
        await _jobs.Writer.WriteAsync(job, cancel);
        return await job.Done.Task.WaitAsync(cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _stop.CancelAsync();
        await _working;
        _stop.Dispose();
    }

    private bool Begin()
    {
        if (Interlocked.Increment(ref _predicting) == 1)
            return true;
        Interlocked.Decrement(ref _predicting);
        return false;
    }

    private async Task WorkAsync()
    {
        var batch = new List<Job>();
        try
        {
            while (await _jobs.Reader.WaitToReadAsync(_stop.Token))
            {
                batch.Clear();
                var rows = 0;
                while (rows < MostRows && _jobs.Reader.TryPeek(out var next) && (batch.Count == 0 || next.Model == batch[0].Model) && _jobs.Reader.TryRead(out var job))
                {
                    batch.Add(job);
                    rows += job.Rows;
                }
                Interlocked.Increment(ref _predicting);
                Answer(batch, rows);
                Interlocked.Decrement(ref _predicting);
            }
        }
        catch (OperationCanceledException)
        {
            // whoever still waits is told so
            while (_jobs.Reader.TryRead(out var job))
                job.Done.TrySetCanceled();
        }
    }

    private static void Answer(List<Job> batch, int rows)
    {
        try
        {
            if (batch.Count == 1)
            {
                batch[0].Done.TrySetResult(batch[0].Model.Answer(batch[0].Matrix, rows));
                return;
            }
            var matrix = new float[rows * batch[0].Model.Rows.Width];
            var at = 0;
            foreach (var job in batch)
            {
                job.Matrix.CopyTo(matrix, at);
                at += job.Matrix.Length;
            }
            var answers = batch[0].Model.Answer(matrix, rows);
            at = 0;
            foreach (var job in batch)
            {
                var width = job.Rows * job.Model.Model.Features.Target.Outputs;
                job.Done.TrySetResult(answers?[at..(at + width)]);
                at += width;
            }
        }
#pragma warning disable CA1031 // whatever it is, those who wait are told, and the next batch is worked on
        catch (Exception error)
#pragma warning restore CA1031
        {
            foreach (var job in batch)
                job.Done.TrySetException(error);
        }
    }

    private sealed record Job(ServedModel Model, float[] Matrix, int Rows)
    {
        public TaskCompletionSource<float[]?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
