using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>
/// Where and how to reach S3. Endpoint, region, profile and credentials are what the AWS environment says
/// (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE and the files they point to), as for any AWS tool.
/// </summary>
internal static class S3Configuration
{
    /// <summary>A server that is not AWS has no regions, but signatures name one.</summary>
    private const string NoRegion = "us-east-1";

    /// <exception cref="UserError">Neither a region nor an endpoint is configured, or the profile does not exist (<see cref="ExitCode.Usage"/>).</exception>
    public static AmazonS3Config Build(BucketUri bucket, S3StoreOptions options, HttpClientFactory connections)
    {
        // asked of a configuration of its own: reading these settles them, and they could not be set any more
        var environment = new AmazonS3Config();
        var endpoint = options.Endpoint ?? (environment.ServiceURL is { Length: > 0 } url ? url : null);
        var region = options.Region ?? Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION");
        // a server that is not AWS needs none: then only a profile is worth asking, not the machine's metadata
        if (region is null && (endpoint is null || Variable("AWS_PROFILE") is not null))
            region = environment.RegionEndpoint?.SystemName;
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 0,
            HttpClientFactory = connections,
            // servers other than AWS refuse the trailing checksums that the SDK adds by default
            RequestChecksumCalculation = Checksums("AWS_REQUEST_CHECKSUM_CALCULATION")
                ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = Checksums("AWS_RESPONSE_CHECKSUM_VALIDATION")
                ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = region ?? NoRegion;
            // its certificate and its name server rarely know the buckets' names
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region ?? throw Nowhere(bucket));
        }
        return config;
    }

    private static bool Checksums(string variable) =>
        string.Equals(Variable(variable), "when_supported", StringComparison.OrdinalIgnoreCase);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static UserError Nowhere(BucketUri bucket) => new($"no AWS region is configured for `{bucket}`")
    {
        Where = [("bucket", bucket.ToString())],
        Hint = "set AWS_REGION, or AWS_ENDPOINT_URL_S3 for a store that is not AWS",
        ExitCode = ExitCode.Usage,
    };
}
