using System.Net;
using Polly;
using Polly.Retry;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>Requests that failed for a reason that may pass are made again: after the time the API asks for, else after growing pauses.</summary>
internal static class ApiRetry
{
    /// <summary>An API that asks for more patience is not waited for.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    public static ResiliencePipeline<HttpResponseMessage> Pipeline(HttpSettings settings, TimeProvider time, Action<string>? log)
    {
        if (settings.Retries <= 0)
            return ResiliencePipeline<HttpResponseMessage>.Empty;
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = settings.Retries,
            Delay = FirstPause,
            MaxDelay = TimeSpan.FromSeconds(30),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
            {
                { Exception: HttpRequestException or TimeoutException } => true,
                { Result: { } answer } => MayPass(answer.StatusCode) && !(PauseOf(answer, time) > LongestPause),
                _ => false,
            }),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer ? PauseOf(answer, time) : null),
            OnRetry = arguments =>
            {
                log?.Invoke($"{(arguments.Outcome.Result is { } answer ? $"the API answered {(int)answer.StatusCode}" : arguments.Outcome.Exception?.Message)}; again in {arguments.RetryDelay.TotalSeconds:0.0} s");
                arguments.Outcome.Result?.Dispose();
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    /// <summary>What <c>Retry-After</c> asks for (RFC 9110, 10.2.3): seconds or a date.</summary>
    public static TimeSpan? PauseOf(HttpResponseMessage answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };

    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
