using System.Globalization;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>200 MB to the store and back, in a process of its own whose memory is measured.</summary>
public sealed class LargeObjectTests
{
    private const int Megabytes = 200, MostMegabytesOfMemory = 100;

    [Fact]
    public async Task Move_LargeFileToAFolderAndBack_InLittleMemory()
    {
        var folder = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;
        try
        {
            Check(await Probe.RunAsync("move", BucketUri.Parse(folder), "raw/large", $"{Megabytes}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Move_LargeFileToS3AndBack_InLittleMemory()
    {
        await using var bucket = new S3Bucket();
        await bucket.MakeAsync();

        Check(await Probe.RunAsync(
            Probe.Path, ["move", $"s3://{bucket.Name}", "raw/large", $"{Megabytes}"], bucket.Server.EnvironmentOf(bucket.Server.Alice)));
    }

    private static void Check(ProcessResult probe)
    {
        Assert.True(probe.ExitCode == 0, probe.Errors);
        TestContext.Current.TestOutputHelper?.WriteLine(probe.Output);
        Assert.Equal("same", probe.Lines[^1]);
        foreach (var line in probe.Lines.Take(2))
            Assert.InRange(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), 0, MostMegabytesOfMemory);
    }
}
