using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Verification;

/// <summary>
/// Tries what credentials may do, without reading or changing anything that is there: below a prefix an empty object is read that the owner put there for it, and keys are
/// deleted that nobody uses; a write is one whose condition cannot hold, or an upload that is given up at once.
/// </summary>
internal sealed class PermissionProbe(string bucket, S3Access access, string run)
{
    // hidden from every reader of tables, as all names that begin with `_` are
    private const string Folder = "_platform-verify/";

    /// <summary>The prefix below which tries of a prefix may leave marks of deletion.</summary>
    public static string Traces(string place) => place + Folder;

    /// <summary>The key that is read: below a prefix that of an empty object, otherwise the document itself.</summary>
    public static string Readable(string place, string run) => Places.IsPrefix(place) ? $"{Traces(place)}{run}-read" : place;

    /// <summary>The key that is deleted: below a prefix one that nobody uses, otherwise the document itself.</summary>
    public static string Key(string place, string run) => Places.IsPrefix(place) ? Traces(place) + run : place;

    /// <summary>Tries one action.</summary>
    /// <param name="place">A prefix, or a document's key.</param>
    /// <param name="action">A single action.</param>
    /// <param name="expected">Whether it should be allowed.</param>
    /// <param name="exists">Whether the document is there; where it is not, S3 answers its reader as if it were forbidden.</param>
    /// <param name="mayDelete">Whether the document may be deleted: not where it is there, nor where versions are kept, since that would leave a mark.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task<Outcome> TryAsync(string place, Actions action, bool expected, bool exists, bool mayDelete, CancellationToken cancel) => action switch
    {
        Actions.Read => ReadAsync(place, tellsMissing: !expected || exists || Places.IsPrefix(place), cancel),
        Actions.List => AskAsync((s3, attempt) => s3.ListObjectsV2Async(new() { BucketName = bucket, Prefix = place, MaxKeys = 1 }, attempt), cancel),
        Actions.Write => Places.IsPrefix(place) ? WriteAsync(Readable(place, run), cancel) : UploadAsync(place, cancel),
        Actions.Delete when !mayDelete && !Places.IsPrefix(place) => Task.FromResult(Outcome.NotTried),
        Actions.Delete => AskAsync((s3, attempt) => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = Key(place, run) }, attempt), cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "not tried"),
    };

    private async Task<Outcome> ReadAsync(string place, bool tellsMissing, CancellationToken cancel)
    {
        var outcome = await AskAsync((s3, attempt) => s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = Readable(place, run) }, attempt), cancel);
        return outcome == Outcome.Denied && !tellsMissing ? Outcome.NotTried : outcome;
    }

    // that nothing is there yet, where the empty object is: AWS lets `If-Match` only to who may also read
    private Task<Outcome> WriteAsync(string key, CancellationToken cancel) => AskAsync(
        (s3, attempt) => s3.PutObjectAsync(new() { BucketName = bucket, Key = key, ContentBody = "", IfNoneMatch = "*" }, attempt), cancel);

    private Task<Outcome> UploadAsync(string key, CancellationToken cancel) => AskAsync(
        async (s3, attempt) =>
        {
            var upload = await s3.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, attempt);
            return await s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload.UploadId }, attempt);
        },
        cancel);

    private async Task<Outcome> AskAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            await access.TryAsync(call, cancel);
            return Outcome.Allowed;
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode is "NoSuchBucket" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken")
        {
            throw access.Explain(answer, "s3:ListBucket", "");
        }
        catch (AmazonServiceException answer) when (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return Outcome.Denied;
        }
        // there is no such object, or the condition does not hold: both are told only to who may
        catch (AmazonServiceException answer) when (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return Outcome.Allowed;
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            throw access.Explain(error, "s3:GetObject", "");
        }
    }
}
