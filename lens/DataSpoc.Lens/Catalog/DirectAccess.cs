using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Storage;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Catalog;

/// <summary>Reading S3 by DuckDB's own extension httpfs, where it is installed (<c>engine: httpfs</c>): no copies are kept. Credentials are those of the AWS environment.</summary>
/// <param name="variable">The environment.</param>
internal sealed class DirectAccess(Func<string, string?> variable)
{
    /// <summary>Loads the extension and tells it the credentials.</summary>
    /// <param name="connection">Not locked yet.</param>
    /// <exception cref="UserError">The extension, or the one that finds credentials, is not installed (<see cref="ExitCode.Usage"/>).</exception>
    public void Open(Connection connection)
    {
        Load(connection, "httpfs");
        if (Given("AWS_ACCESS_KEY_ID") is { } key && Given("AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            var token = Given("AWS_SESSION_TOKEN") is { } session ? $", SESSION_TOKEN {SqlText.Literal(session)}" : "";
            connection.Execute($"CREATE SECRET lake (TYPE s3, KEY_ID {SqlText.Literal(key)}, SECRET {SqlText.Literal(secret)}{token}{Place()})");
            return;
        }
        Load(connection, "aws");
        connection.Execute($"CREATE SECRET lake (TYPE s3, PROVIDER credential_chain{Place()})");
    }

    /// <summary>Where DuckDB finds a file of a bucket.</summary>
    public static string Url(BucketUri bucket, string key) => $"s3://{bucket.Name}/{(bucket.Path.Length == 0 ? "" : bucket.Path + "/")}{key}";

    /// <summary>Region and endpoint, as options of a secret.</summary>
    public string Place()
    {
        var options = Uri.TryCreate(Given("AWS_ENDPOINT_URL_S3") ?? Given("AWS_ENDPOINT_URL"), UriKind.Absolute, out var endpoint)
            ? $", ENDPOINT {SqlText.Literal(endpoint.Authority)}, URL_STYLE 'path', USE_SSL {(endpoint.Scheme == Uri.UriSchemeHttps ? "true" : "false")}"
            : "";
        return (Given("AWS_REGION") ?? Given("AWS_DEFAULT_REGION")) is { } region ? $"{options}, REGION {SqlText.Literal(region)}" : options;
    }

    private static void Load(Connection connection, string extension)
    {
        try
        {
            connection.Execute($"LOAD {extension}");
        }
        catch (DuckDbException error)
        {
            throw new UserError($"DuckDB's extension `{extension}` is not installed", error)
            {
                Where = [("version", Database.Version), ("reason", error.Message.Split('\n')[0])],
                Hint = $"install it once with `lens sql --unsafe \"install {extension}\"`, or leave out `engine: httpfs`: lens reads S3 without it",
                ExitCode = ExitCode.Usage,
            };
        }
    }

    private string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
}
