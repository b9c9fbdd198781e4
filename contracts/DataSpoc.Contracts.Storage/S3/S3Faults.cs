using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>What an answer of S3, or the lack of one, means.</summary>
internal static class S3Faults
{
    /// <summary>Whether the same call may well succeed in a moment. A write that is tried again may have landed before.</summary>
    public static bool IsTransient(Exception error) => error switch
    {
        // a batch of which some could not be deleted: what is gone already does no harm the second time
        DeleteObjectsException partly => partly.Response.DeleteErrors?.Any(left => left.Code is "InternalError" or "SlowDown" or "ServiceUnavailable") == true,
        AmazonServiceException answer when answer.StatusCode is not 0 => IsTransient(answer),
        _ => Chain(error).Any(inner => inner is HttpRequestException or IOException or SocketException)
            && !Chain(error).Any(inner => inner is SocketException { SocketErrorCode: SocketError.HostNotFound })
            && !Chain(error).Any(inner => inner is System.Security.Authentication.AuthenticationException),
    };

    /// <summary>Whether nothing answers under the endpoint's address.</summary>
    public static bool IsUnreachable(Exception error) => Chain(error).Any(inner =>
        inner is SocketException { SocketErrorCode: not (SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown) }
            or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError }
            or System.Security.Authentication.AuthenticationException);

    public static bool IsNotFound(AmazonServiceException answer) => answer.StatusCode == HttpStatusCode.NotFound;

    public static bool IsNoBucket(AmazonServiceException answer) => answer.ErrorCode == "NoSuchBucket";

    public static bool IsDenied(AmazonServiceException answer) =>
        answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;

    /// <summary>A condition that did not hold, or lost against another write under way.</summary>
    public static bool IsLostRace(AmazonServiceException answer) =>
        answer.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict;

    private static bool IsTransient(AmazonServiceException answer) => answer.StatusCode switch
    {
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => true,
        >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => true,
        // two writes at once: AWS asks the client to try again
        HttpStatusCode.Conflict => answer.ErrorCode is "ConditionalRequestConflict" or "OperationAborted",
        HttpStatusCode.BadRequest => answer.ErrorCode is "RequestTimeout",
        // the SDK takes the server's time from the answer and signs the next call with it
        HttpStatusCode.Forbidden => answer.ErrorCode is "RequestTimeTooSkewed",
        _ => false,
    };

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (Exception? next = error; next is not null; next = next.InnerException)
            yield return next;
    }
}
