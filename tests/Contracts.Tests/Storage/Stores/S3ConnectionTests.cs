using System.Net;
using System.Text;
using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;
using DataSpoc.Tests;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>What the store makes of a server that answers badly, or not at all. No server is needed: each test plays it.</summary>
public sealed class S3ConnectionTests
{
    private const string Md5OfHello = "5d41402abc4b2a76b9719d911017c592";

    private static readonly RetryBudget s_quick = new() { Attempts = 5, FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(1) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "SlowDown")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError")]
    [InlineData(HttpStatusCode.TooManyRequests, "TooManyRequests")]
    [InlineData(HttpStatusCode.Forbidden, "RequestTimeTooSkewed")]
    [InlineData(HttpStatusCode.Conflict, "ConditionalRequestConflict")]
    public async Task Put_AnAnswerThatMayBeBetterNextTime_IsTriedAgain(HttpStatusCode status, string code)
    {
        var server = new PlayedServer(PlayedServer.Answer(status, code), PlayedServer.Answer(status, code), PlayedServer.Written);
        await using var store = Open(server);

        Assert.Equal("abc", await store.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Absent, Cancel));
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "AccessDenied")]
    [InlineData(HttpStatusCode.BadRequest, "InvalidArgument")]
    [InlineData(HttpStatusCode.NotImplemented, "NotImplemented")]
    public async Task Put_AnAnswerThatStays_IsNotTriedAgain(HttpStatusCode status, string code)
    {
        var server = new PlayedServer(PlayedServer.Answer(status, code));
        await using var store = Open(server);

        await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Put_AServerThatNeverRecovers_GivesUpWithinItsBudget()
    {
        var server = new PlayedServer(PlayedServer.Answer(HttpStatusCode.ServiceUnavailable, "SlowDown"));
        await using var store = Open(server);

        var error = await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel));

        Assert.Equal(s_quick.Attempts, server.Requests.Count);
        Assert.Contains("503 SlowDown", error.What, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, error.ExitCode);
    }

    [Fact]
    public async Task Put_WhenTheTimeOfTheBudgetIsOver_IsNotTriedAgain()
    {
        var clock = new JumpingClock(TimeSpan.FromSeconds(50));
        var server = new PlayedServer(PlayedServer.Answer(HttpStatusCode.ServiceUnavailable, "SlowDown"));
        await using var store = Open(server, s_quick with { Attempts = 100, Total = TimeSpan.FromSeconds(120) }, clock);

        await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel));

        Assert.InRange(server.Requests.Count, 2, 10);
    }

    [Fact]
    public async Task Put_WhoseAnswerIsLost_AnswersNullToItself()
    {
        var server = new PlayedServer(_ => throw PlayedServer.Broken(), PlayedServer.Answer(HttpStatusCode.PreconditionFailed, "PreconditionFailed"));
        await using var store = Open(server);

        Assert.Null(await store.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Absent, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_AFiveHundredToTheLoserOfARace_IsDecidedByWhatIsThere(bool lost)
    {
        var server = new PlayedServer(request => request.Method == HttpMethod.Head
            ? PlayedServer.Object(lost ? "winner" : "mine")
            : PlayedServer.Error(HttpStatusCode.InternalServerError, "InternalError"));
        await using var store = Open(server);
        var put = store.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Matches("mine"), Cancel);

        if (lost)
            Assert.Null(await put);
        else
            Assert.Contains("500 InternalError", (await Assert.ThrowsAsync<UserError>(() => put)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_IfMatch_SendsTheBareETagAndExpectsNothing()
    {
        var server = new PlayedServer(PlayedServer.Written);
        await using var store = Open(server);

        await store.PutAsync("raw/x", "x"u8.ToArray(), WriteCondition.Matches("abc"), Cancel);

        var request = Assert.Single(server.Requests);
        Assert.Equal("abc", Assert.Single(request.Headers.NonValidated["If-Match"]));
        Assert.NotEqual(true, request.Headers.ExpectContinue);
        Assert.DoesNotContain(request.Headers.NonValidated, header => header.Key.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("/lake/raw/x", request.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task Get_ABodyThatBreaksOff_IsReadAgain()
    {
        var server = new PlayedServer(_ => PlayedServer.Object(Md5OfHello, "x", announced: 5), _ => PlayedServer.Object(Md5OfHello, "hello"));
        await using var store = Open(server);

        Assert.Equal("hello"u8.ToArray(), (await store.GetAsync("raw/x", Cancel))!.Bytes.ToArray());
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "InvalidAccessKeyId", "the access key is not known", ExitCode.NotPermitted)]
    [InlineData(HttpStatusCode.Forbidden, "SignatureDoesNotMatch", "the secret key does not match", ExitCode.NotPermitted)]
    [InlineData(HttpStatusCode.BadRequest, "ExpiredToken", "have expired", ExitCode.NotPermitted)]
    [InlineData(HttpStatusCode.Forbidden, "RequestTimeTooSkewed", "clock differs too much", ExitCode.Failed)]
    [InlineData(HttpStatusCode.MovedPermanently, "PermanentRedirect", "lies in another region", ExitCode.Usage)]
    [InlineData(HttpStatusCode.NotFound, "NoSuchBucket", "does not exist", ExitCode.Failed)]
    public async Task Put_ARefusal_IsExplained(HttpStatusCode status, string code, string said, ExitCode exit)
    {
        await using var store = Open(new PlayedServer(PlayedServer.Answer(status, code)));

        var error = await Assert.ThrowsAsync<UserError>(() => store.PutAsync("raw/x", "x"u8.ToArray(), default, Cancel));

        Assert.Contains(said, error.What, StringComparison.Ordinal);
        Assert.Contains("`s3://lake`", error.What, StringComparison.Ordinal);
        Assert.Equal(exit, error.ExitCode);
        Assert.NotNull(error.Hint);
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_NothingListens_SaysThatTheEndpointCannotBeReached()
    {
        await using var store = new S3ObjectStore(BucketUri.Parse("s3://lake"), Options with { Endpoint = "http://127.0.0.1:1" });

        var error = await Assert.ThrowsAsync<UserError>(() => store.GetAsync("raw/x", Cancel));

        Assert.Contains("cannot be reached", error.What, StringComparison.Ordinal);
        Assert.Contains(("endpoint", "http://127.0.0.1:1/"), error.Where);
    }

    [Fact]
    public async Task AnyCall_WithoutCredentials_SaysHowToGiveThem()
    {
        var nothing = new Dictionary<string, string?>
        {
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_ACCESS_KEY_ID"] = null,
            ["AWS_SECRET_ACCESS_KEY"] = null,
            ["AWS_CONFIG_FILE"] = "/nonexistent",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent",
        };

        var probe = await Probe.RunAsync(Probe.Path, ["get", "s3://lake", "raw/x"], nothing);

        Assert.Equal((int)ExitCode.Usage, probe.ExitCode);
        Assert.Contains("error: no AWS credentials were found for `s3://lake`", probe.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_WithoutRegionOrEndpoint_SaysHowToGiveThem()
    {
        var nothing = new Dictionary<string, string?>
        {
            ["AWS_ENDPOINT_URL"] = null,
            ["AWS_ENDPOINT_URL_S3"] = null,
            ["AWS_REGION"] = null,
            ["AWS_DEFAULT_REGION"] = null,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_CONFIG_FILE"] = "/nonexistent",
        };

        var probe = await Probe.RunAsync(Probe.Path, ["get", "s3://lake", "raw/x"], nothing);

        Assert.Equal((int)ExitCode.Usage, probe.ExitCode);
        Assert.Contains("error: no AWS region is configured for `s3://lake`", probe.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ByAProfile_ReadsItsEndpointRegionAndKeys()
    {
        var server = TestServers.S3();
        var folder = Directory.CreateTempSubdirectory("dataspoc-test-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config"), $"[profile lake]\nregion = us-east-1\nendpoint_url = {server.Endpoint}\n", Cancel);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "credentials"),
            $"[lake]\naws_access_key_id = {server.Alice.AccessKey}\naws_secret_access_key = {server.Alice.SecretKey}\n", Cancel);
        await using var bucket = new S3Bucket();
        await bucket.MakeAsync();
        var environment = new Dictionary<string, string?>
        {
            ["AWS_PROFILE"] = "lake",
            ["AWS_CONFIG_FILE"] = Path.Combine(folder, "config"),
            ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(folder, "credentials"),
            ["AWS_ENDPOINT_URL"] = null,
            ["AWS_ACCESS_KEY_ID"] = null,
            ["AWS_SECRET_ACCESS_KEY"] = null,
        };

        var put = await Probe.RunAsync(Probe.Path, ["put", $"s3://{bucket.Name}", "raw/x", "hello"], environment);
        var get = await Probe.RunAsync(Probe.Path, ["get", $"s3://{bucket.Name}", "raw/x"], environment);

        Assert.True(put.ExitCode == 0, put.Errors);
        Assert.Equal("hello\n", get.Output);
        Directory.Delete(folder, recursive: true);
    }

    private static S3StoreOptions Options => new()
    {
        Endpoint = "http://127.0.0.1:2",
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("ACCESS", "SECRET"),
        Retries = s_quick,
    };

    private static S3ObjectStore Open(PlayedServer server, RetryBudget? retries = null, TimeProvider? time = null) =>
        new(BucketUri.Parse("s3://lake"), Options with { Transport = _ => server, Retries = retries ?? s_quick, Time = time ?? TimeProvider.System });

    /// <summary>A clock that is later by a fixed step at every look at it; its timers are real.</summary>
    private sealed class JumpingClock(TimeSpan step) : TimeProvider
    {
        private long looks;

        public override long GetTimestamp() => Interlocked.Increment(ref looks) * step.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
