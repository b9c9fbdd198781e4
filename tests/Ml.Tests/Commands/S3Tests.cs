using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DataSpoc.Tests;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>The same commands over a bucket on S3, and what they say to a user who may not.</summary>
public sealed class S3Tests : IAsyncLifetime
{
    private readonly string _bucket = $"ml-{Guid.NewGuid():N}";
    private readonly TemporaryFolder _cache = new();
    private S3Server _server = null!;
    private AmazonS3Client _admin = null!;

    public ValueTask InitializeAsync()
    {
        _server = TestServers.S3();
        _admin = new(new BasicAWSCredentials(_server.Alice.AccessKey, _server.Alice.SecretKey), new AmazonS3Config
        {
            ServiceURL = _server.Endpoint,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
        return new(_admin.PutBucketAsync(_bucket));
    }

    public async ValueTask DisposeAsync()
    {
        _cache.Dispose();
        if (_admin is null)
            return;
        foreach (var key in await KeysAsync())
            await _admin.DeleteObjectAsync(_bucket, key);
        await _admin.DeleteBucketAsync(_bucket);
        _admin.Dispose();
    }

    [Fact]
    public async Task TrainAndPredict_OnS3_WorkForOneUserAndNotForAnother()
    {
        await UploadAsync();
        var before = await KeysAsync();

        foreach (var args in new string[][] { ["train", "--from", "curated.parcels_deliveries", "--target", "late", "--rounds", "20"], ["predict", "--model", "late", "--from", "curated.parcels_deliveries"], ["models", "list"] })
        {
            var refused = await RunAsync(_server.Bob, args);
            Assert.Equal(4, refused.ExitCode);
            Assert.Contains(_bucket, refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal(before, await KeysAsync());

        var train = await RunAsync(_server.Alice, "train", "--from", "curated.parcels_deliveries", "--target", "late", "--rounds", "20");
        Assert.Equal((0, ""), (train.ExitCode, train.ExitCode == 0 ? "" : train.Error));
        var predict = await RunAsync(_server.Alice, "predict", "--model", "late", "--from", "curated.parcels_deliveries");
        Assert.Equal((0, ""), (predict.ExitCode, predict.ExitCode == 0 ? "" : predict.Error));
        Assert.Contains("late,1,predictions.late,2000,0", predict.Out, StringComparison.Ordinal);
        var keys = await KeysAsync();
        Assert.Contains("ml/models/late/versions/1/model.ubj", keys);
        Assert.Contains(keys, key => key.StartsWith("ml/predictions/late/late_", StringComparison.Ordinal) && key.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Predict_UserWhoMayReadOnly_IsRefusedAndLeavesNothing()
    {
        await UploadAsync();
        Assert.Equal(0, (await RunAsync(_server.Alice, "train", "--from", "curated.parcels_deliveries", "--target", "late", "--rounds", "20")).ExitCode);
        await _admin.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = _bucket, Policy = $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{{_bucket}}","arn:aws:s3:::{{_bucket}}/*"]}]}
            """ }, TestContext.Current.CancellationToken);
        var before = await KeysAsync();
        var refused = await RunAsync(_server.Bob, "predict", "--model", "late", "--from", "curated.parcels_deliveries");
        Assert.Equal((4, true), (refused.ExitCode, refused.Error.Contains(_bucket, StringComparison.Ordinal)));
        Assert.Equal(before, await KeysAsync());
        Assert.Empty((await _admin.ListMultipartUploadsAsync(_bucket, TestContext.Current.CancellationToken)).MultipartUploads ?? []);
    }

    private async Task UploadAsync()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("curated/parcels/deliveries", TrainAndPredictTests.Parcels);
        foreach (var key in await lake.KeysAsync())
            await _admin.PutObjectAsync(new() { BucketName = _bucket, Key = key, FilePath = Path.Combine(lake.Folder, key) });
    }

    private Task<MlProcess> RunAsync(S3User user, params string[] args) =>
        ToolProcess.RunAsync(new Dictionary<string, string?>(_server.EnvironmentOf(user)) { ["DATASPOC_CACHE"] = _cache.Path }, [.. args, "--bucket", $"s3://{_bucket}"]);

    private async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = _bucket };
        ListObjectsV2Response page;
        do
        {
            page = await _admin.ListObjectsV2Async(request);
            keys.AddRange((page.S3Objects ?? []).Select(item => item.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return keys;
    }
}
