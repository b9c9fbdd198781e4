using Xunit;

namespace Ml.Tests.Reporting;

public sealed class ReportTests
{
    [Theory]
    [InlineData("late", "ROC")]
    [InlineData("price", "What is left")]
    [InlineData("kind", "Right and wrong")]
    public async Task Report_AnyTask_IsOnePageWithoutReferencesAndNamesAreOnlyText(string target, string plot)
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", """
            SELECT hash('w' || i) % 100 AS weight, ['<script>alert(1)</script>', 'b & c'][1 + (hash('r' || i) % 2)::INTEGER] AS region, hash('q' || i) % 9 AS "<img src=x>",
                   hash('w' || i) % 100 + hash('z' || i) % 30 > 60 AS late, (hash('w' || i) % 100)::DOUBLE * 3 + hash('z' || i) % 50 AS price, ['a', 'b', 'c'][1 + ((hash('w' || i) % 100) / 34)::INTEGER % 3] AS kind
            FROM range(700) t(i)
            """);
        string[] others = ["late", "price", "kind"];
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_t", "--target", target, "--model", "m", "--exclude", string.Join(',', others.Where(o => o != target)), "--keep", "weight",
            "--bucket", lake.Bucket, "--rounds", "20", "--trials", "1", "-q");
        var file = Path.Combine(lake.Folder, "report.html");
        await MlProcess.SucceedAsync("report", "--model", "m", "--from", "raw.shop_t", "--export", file, "--bucket", lake.Bucket);
        var page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        foreach (var expected in new[] { plot, "How good it is", "What matters", "Rows one by one", "Slices of raw.shop_t", "Drift of raw.shop_t", "Left out", "Data", "How it was made", "raw/shop/t@0", "prefers-color-scheme:dark" })
            Assert.Contains(expected, page, StringComparison.Ordinal);
        foreach (var forbidden in new[] { "http:", "https:", "src=\"", "href=", "url(", "@import", "<script", "<img" })
            Assert.DoesNotContain(forbidden, page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        await WithoutATableAsync(lake, file);
    }

    // slices are those of the holdout then, and drift is what was found last
    private static async Task WithoutATableAsync(Lake lake, string file)
    {
        await MlProcess.SucceedAsync("report", "--model", "m", "--export", file, "--bucket", lake.Bucket);
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await MlProcess.RunAsync("drift", "--model", "m", "--from", "raw.shop_t", "--bucket", lake.Bucket);
        await MlProcess.SucceedAsync("report", "--model", "m", "--export", file, "--bucket", lake.Bucket);
        var after = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("Slices of the holdout", before, StringComparison.Ordinal);
        Assert.Contains("No later table was compared", before, StringComparison.Ordinal);
        Assert.Contains("Drift of raw/shop/t@0", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_TrainingTableGone_IsMadeWithoutWhatNeedsIt()
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", "SELECT hash('w' || i) % 100 AS weight, hash('w' || i) % 100 > 60 AS late FROM range(300) t(i)");
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_t", "--target", "late", "--keep", "weight", "--bucket", lake.Bucket, "--rounds", "5", "--trials", "1", "-q");
        await lake.WriteAsync("raw/shop/t", "SELECT 1 AS other");
        var file = Path.Combine(lake.Folder, "report.html");
        var run = await MlProcess.SucceedAsync("report", "--model", "late", "--export", file, "--bucket", lake.Bucket);
        Assert.Contains("warning: what moves the answers is left out", run.Error, StringComparison.Ordinal);
        Assert.Contains("How it was made", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
