using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>How much a store tries before it gives up. The SDK's own retries are off: these are the only ones.</summary>
internal sealed record RetryBudget
{
    private static readonly ResiliencePropertyKey<long> s_firstFailure = new("dataspoc.first-failure");
    private static readonly ResiliencePropertyKey<TimeSpan> s_patience = new("dataspoc.patience");

    /// <summary>Calls in all, the first included.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>A connection that is refused comes back within seconds or not at all.</summary>
    public int AttemptsToConnect { get; init; } = 4;

    /// <summary>No retry begins later than this after the first failure.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The first wait; it doubles, with jitter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one call may take besides moving its bytes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes per second under which a call is taken for stuck.</summary>
    public int SlowestRate { get; init; } = 16 * 1024;

    public ResiliencePipeline Pipeline(TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Math.Max(1, Attempts - 1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                ShouldHandle = args => ValueTask.FromResult(IsWorthRetrying(args, time)),
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(s_patience, Patience)),
            })
            .Build();

    /// <summary>Runs a call that moves so many bytes.</summary>
    public async Task<T> RunAsync<T>(
        ResiliencePipeline pipeline, Func<CancellationToken, Task<T>> call, long bytes, CancellationToken cancel)
    {
        var context = ResilienceContextPool.Shared.Get(cancel);
        try
        {
            context.Properties.Set(s_patience, Patience + TimeSpan.FromSeconds((double)bytes / SlowestRate));
            return await pipeline.ExecuteAsync(
                static async (context, call) => await call(context.CancellationToken), context, call);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private bool IsWorthRetrying(RetryPredicateArguments<object> args, TimeProvider time)
    {
        if (args.Outcome.Exception is not { } error || args.AttemptNumber + 1 >= Attempts)
            return false;
        if (!(error is TimeoutRejectedException || S3Faults.IsTransient(error)))
            return false;
        if (S3Faults.IsUnreachable(error) && args.AttemptNumber + 1 >= AttemptsToConnect)
            return false;
        if (!args.Context.Properties.TryGetValue(s_firstFailure, out var first))
            args.Context.Properties.Set(s_firstFailure, first = time.GetTimestamp());
        return time.GetElapsedTime(first) < Total;
    }
}
