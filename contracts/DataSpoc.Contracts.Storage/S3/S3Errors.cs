using Amazon.Runtime;
using Polly.Timeout;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>Turns what S3 or the SDK says into what a person can act on.</summary>
internal sealed class S3Errors(BucketUri bucket)
{
    private string? endpoint;

    /// <summary>Where the bucket is served, once known, for messages.</summary>
    public string? Endpoint { set => endpoint = value; }

    /// <summary>Whether an exception comes from S3, the SDK or the network, and not from a bug or a cancellation.</summary>
    public static bool IsFromS3(Exception error) =>
        error is AmazonServiceException or AmazonClientException or TimeoutRejectedException or HttpRequestException or IOException;

    /// <param name="error">An exception for which <see cref="IsFromS3"/> holds.</param>
    /// <param name="action">What was tried, as IAM names it: <c>s3:GetObject</c>.</param>
    /// <param name="key">The key or prefix.</param>
    public UserError Explain(Exception error, string action, string key) => error switch
    {
        AmazonServiceException answer when answer.StatusCode is not 0 => Explain(answer, action, key),
        TimeoutRejectedException => new($"`{bucket}` did not answer in time", error)
        {
            Where = Where(action, key),
            Hint = "the network or the store is slow; run again later",
        },
        _ when S3Faults.IsUnreachable(error) => new($"the S3 endpoint of `{bucket}` cannot be reached: {Innermost(error).Message}", error)
        {
            Where = Where(action, key),
            Hint = "check the network, and AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL where the store is not AWS",
        },
        _ when S3Faults.IsTransient(error) => new($"the connection to `{bucket}` broke again and again: {Innermost(error).Message}", error)
        {
            Where = Where(action, key),
            Hint = "run again; what was committed before stays",
        },
        AmazonClientException when IsAboutCredentials(error) => new($"no AWS credentials were found for `{bucket}`", error)
        {
            Where = Where(action, key),
            Hint = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in (`aws sso login`)",
            ExitCode = ExitCode.Usage,
        },
        _ => new($"cannot use `{bucket}`: {error.Message.ReplaceLineEndings(" ")}", error) { Where = Where(action, key) },
    };

    public UserError Denied(string action, string key, bool mayBeMissing, Exception? inner) =>
        new($"not permitted: {action} on `{key}` in `{bucket}`{(mayBeMissing ? ", or there is no such object" : "")}", inner)
        {
            Where = Where(action, key),
            Hint = $"the bucket's IAM refuses these credentials; ask its owner for {action} on {Resource(action, key)}"
                + (mayBeMissing ? "; S3 tells a missing object from a forbidden one only to those who may list" : ""),
            ExitCode = ExitCode.NotPermitted,
        };

    public UserError NoSuchBucket(Exception? inner) => new($"bucket `{bucket}` does not exist", inner)
    {
        Where = [("bucket", bucket.ToString()), .. Place()],
        Hint = "check the name and the endpoint; `platform apply` makes the buckets it is told of",
    };

    private UserError Explain(AmazonServiceException answer, string action, string key) => answer.ErrorCode switch
    {
        "NoSuchBucket" => NoSuchBucket(answer),
        "InvalidAccessKeyId" => Credentials($"the access key is not known to the store of `{bucket}`", answer, action, key),
        "SignatureDoesNotMatch" => Credentials($"the secret key does not match the access key for `{bucket}`", answer, action, key),
        "ExpiredToken" or "TokenRefreshRequired" or "ExpiredTokenException" or "RequestExpired" =>
            Credentials($"the credentials for `{bucket}` have expired", answer, action, key),
        "InvalidToken" => Credentials($"the session token is not valid for `{bucket}`", answer, action, key),
        "RequestTimeTooSkewed" => new($"this machine's clock differs too much from that of `{bucket}`", answer)
        {
            Where = Where(action, key),
            Hint = "set the clock (`timedatectl set-ntp true`); S3 refuses requests more than 15 minutes off",
        },
        "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
            new($"`{bucket}` lies in another region", answer)
            {
                Where = Where(action, key),
                Hint = "set AWS_REGION to the bucket's region (`aws s3api get-bucket-location`)",
                ExitCode = ExitCode.Usage,
            },
        _ when S3Faults.IsDenied(answer) => Denied(action, key, mayBeMissing: false, answer),
        _ => new($"{action} on `{key}` in `{bucket}` failed: {Said(answer)}", answer)
        {
            Where = Where(action, key),
            Hint = S3Faults.IsTransient(answer) ? "the store is overloaded or out of order; run again later" : null,
        },
    };

    private UserError Credentials(string what, Exception inner, string action, string key) => new(what, inner)
    {
        Where = Where(action, key),
        Hint = "check AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again",
        ExitCode = ExitCode.NotPermitted,
    };

    private static string Said(AmazonServiceException answer)
    {
        var code = answer.ErrorCode is { Length: > 0 } name ? name : answer.StatusCode.ToString();
        var text = answer.Message?.Trim() is { Length: > 0 } said && said != code ? $" ({said})" : "";
        return $"{(int)answer.StatusCode} {code}{text}";
    }

    private string Resource(string action, string key) => action is "s3:ListBucket" or "s3:ListBucketMultipartUploads"
        ? $"`arn:aws:s3:::{bucket.Name}` (prefix `{Full(key)}`)"
        : $"`arn:aws:s3:::{bucket.Name}/{Full(key)}`";

    private string Full(string key) => bucket.Path.Length == 0 ? key : $"{bucket.Path}/{key}";

    private (string, string)[] Where(string action, string key) =>
        [("bucket", bucket.ToString()), ("action", action), (key.EndsWith('/') || key.Length == 0 ? "prefix" : "key", key), .. Place()];

    private (string, string)[] Place() => endpoint is { } at ? [("endpoint", at)] : [];

    private static bool IsAboutCredentials(Exception error) =>
        error.Message.Contains("credential", StringComparison.OrdinalIgnoreCase)
        || error.GetType().Name == "ProfileNotFoundException";

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
