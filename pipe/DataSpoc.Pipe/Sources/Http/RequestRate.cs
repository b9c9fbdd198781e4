namespace DataSpoc.Pipe.Sources.Http;

/// <summary>Keeps requests so far apart that there are not more than so many per second.</summary>
internal sealed class RequestRate(double? perSecond, TimeProvider time)
{
    private long last;
    private bool any;

    public async Task WaitAsync(CancellationToken cancel)
    {
        if (perSecond is not > 0)
            return;

        var left = TimeSpan.FromSeconds(1 / perSecond.Value) - time.GetElapsedTime(last);
        if (any && left > TimeSpan.Zero)
            await Task.Delay(left, time, cancel);
        (last, any) = (time.GetTimestamp(), true);
    }
}
