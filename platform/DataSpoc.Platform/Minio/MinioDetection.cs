using Amazon.S3;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Minio;

/// <summary>Notices a MinIO server where another was declared: it would take policies of buckets that name users, and give nobody access by them.</summary>
internal static class MinioDetection
{
    /// <exception cref="UserError">The server says that it is MinIO (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task RefuseUndeclaredAsync(S3Access access, ServerKind declared, CancellationToken cancel)
    {
        if (declared == ServerKind.Minio || await MinioAtAsync(access, cancel) is not { } endpoint)
            return;
        throw new UserError($"the server is MinIO, but platform.yaml says `server: {declared.ToString().ToLowerInvariant()}`")
        {
            Where = [("endpoint", endpoint)],
            Hint = "write `server: minio`: bucket policies name no users there, access is given by policies of users",
            ExitCode = ExitCode.Usage,
        };
    }

    /// <summary>The address of the server if it says that it is MinIO.</summary>
    private static async Task<string?> MinioAtAsync(S3Access access, CancellationToken cancel)
    {
        try
        {
            return await access.TryAsync(
                static async (s3, attempt) =>
                {
                    var config = (AmazonS3Config)s3.Config;
                    if (config.ServiceURL is not { } endpoint)
                        return null;
                    using var answer = await config.HttpClientFactory.CreateHttpClient(config).GetAsync(new Uri(new(endpoint), "/minio/health/live"), attempt);
                    return answer.IsSuccessStatusCode && answer.Headers.Server.ToString().StartsWith("MinIO", StringComparison.OrdinalIgnoreCase) ? endpoint : null;
                },
                cancel);
        }
        catch (Exception error) when (S3Access.IsFromS3(error))
        {
            // what is wrong the first call of S3 says
            return null;
        }
    }
}
