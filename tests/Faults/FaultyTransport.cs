using System.Net;
using System.Text;

namespace DataSpoc.Tests.Faults;

/// <summary>
/// A bad connection to an S3 server: every few requests one is refused, answered by 503 or 500, or made and its answer lost.
/// Which fault comes when is fixed, so that a failing test fails again.
/// </summary>
public sealed class FaultyTransport(int every) : DelegatingHandler
{
    private int requests;
    private int faults;

    /// <summary>Faults so far: a test that met none has shown nothing.</summary>
    public int Faults => Volatile.Read(ref faults);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref requests);
        if (number % every != 0)
            return await base.SendAsync(request, cancellationToken);
        Interlocked.Increment(ref faults);
        switch (number / every % 4)
        {
            case 1:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "injected: the answer was lost");
            case 2:
                return Answer(HttpStatusCode.ServiceUnavailable, "SlowDown");
            case 3:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                return Answer(HttpStatusCode.InternalServerError, "InternalError");
            default:
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "injected: the connection broke");
        }
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string code) => new(status)
    {
        Content = new StringContent($"<Error><Code>{code}</Code><Message>injected</Message></Error>", Encoding.UTF8, "application/xml"),
    };
}
