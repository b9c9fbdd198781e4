using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Provisioning;

/// <summary>The server of a lake, with the credentials of the AWS environment.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly S3BucketAdministration _buckets;
    private readonly S3Access _access;

    private ServerConnection(DeclaredLake lake, AWSCredentials? credentials)
    {
        _buckets = new(lake.Buckets[0].Name, credentials);
        _access = new(BucketUri.Parse($"s3://{lake.Buckets[0].Name}"), credentials);
        Server = new(_buckets, lake.Server == ServerKind.Minio ? new MinioAdministration(_access, credentials) : null);
    }

    public LakeServer Server { get; }

    /// <exception cref="UserError">The server is MinIO and not declared as that.</exception>
    public static async Task<ServerConnection> OpenAsync(DeclaredLake lake, CancellationToken cancel, AWSCredentials? credentials = null)
    {
        var connection = new ServerConnection(lake, credentials);
        try
        {
            await MinioDetection.RefuseUndeclaredAsync(connection._access, lake.Server, cancel);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _buckets.Dispose();
        _access.Dispose();
    }
}
