using Xunit;

namespace DataSpoc.Tests;

/// <summary>
/// The servers that <c>tests/run</c> starts, as their environment variables name them. Without one a test skips and says what
/// is missing; with <c>CI=true</c> it fails, so that nothing is left untested unnoticed.
/// </summary>
internal static class TestServers
{
    /// <summary>An S3 server with two users who have nothing to do with each other.</summary>
    public static S3Server S3() => new(
        Setting("DATASPOC_TEST_S3_ENDPOINT"), User("DATASPOC_TEST_S3_ALICE"), User("DATASPOC_TEST_S3_BOB"));

    /// <summary>The connection string of a PostgreSQL server in which databases may be made.</summary>
    public static string Postgres() => Setting("DATASPOC_TEST_POSTGRES");

    /// <summary>Skips the test, or fails it where CI promises that nothing is missing.</summary>
    public static void Missing(string what)
    {
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"CI must not skip: {what}");
        Assert.Skip(what);
    }

    private static string Setting(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(value))
            Missing($"{variable} is not set; run `tests/run`, or `source <(tests/services/up DIR)` first");
        return value!;
    }

    private static S3User User(string variable) => Setting(variable).Split(':', 2) is [var access, var secret]
        ? new(access, secret)
        : throw new InvalidOperationException($"{variable} must be `accesskey:secret`");
}

/// <summary>An S3 server and its users.</summary>
internal sealed record S3Server(string Endpoint, S3User Alice, S3User Bob)
{
    /// <summary>What a process needs in its environment to work there as a user.</summary>
    public IReadOnlyDictionary<string, string?> EnvironmentOf(S3User user) => new Dictionary<string, string?>
    {
        ["AWS_ENDPOINT_URL_S3"] = Endpoint,
        ["AWS_REGION"] = "us-east-1",
        ["AWS_ACCESS_KEY_ID"] = user.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = user.SecretKey,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };
}

/// <summary>A user's keys.</summary>
internal sealed record S3User(string AccessKey, string SecretKey);
