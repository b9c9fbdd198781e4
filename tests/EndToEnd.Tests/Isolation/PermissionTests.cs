using DataSpoc.Tests;
using Xunit;

namespace EndToEnd.Tests.Isolation;

/// <summary>The bucket's IAM decides, and nothing else: whoever may not, is told what they lack and leaves nothing behind.</summary>
public sealed class PermissionTests
{
    private const string Rows = "id,weather,late\n";

    [Fact]
    public async Task Owner_DoesEverything_AStrangerNothing()
    {
        using var folder = new TemporaryFolder();
        await using var s3 = new S3Bucket();
        await s3.MakeAsync();
        var owner = new Lake($"s3://{s3.Name}", folder.Path, s3.Server.EnvironmentOf(s3.Server.Alice));
        await FillAsync(folder, owner);
        Assert.Equal("300", await owner.RowsAsync("select count(*) from predictions.late"));
        var before = await ContentAsync(s3);

        var stranger = owner with { Environment = s3.Server.EnvironmentOf(s3.Server.Bob) };
        foreach (var (tool, arguments, action, place) in Commands(s3.Name))
            await stranger.FailsAsync(4, [$"`s3://{s3.Name}`", action, place, "hint: "], tool, arguments);
        foreach (var (layer, place) in new[] { ("raw.shop_days", "raw/shop/days/"), ("curated.shop_days", "curated/shop/days/"), ("predictions.late", "ml/predictions/late/") })
            await stranger.FailsAsync(4, [$"`s3://{s3.Name}`", "s3:ListBucket", place], "lens", "sql", $"select * from {layer}", "--bucket", stranger.Bucket);

        Assert.Equal(before, await ContentAsync(s3));
    }

    [Fact]
    public async Task ReaderOfCurated_ReadsThereAndNowhereElse()
    {
        using var folder = new TemporaryFolder();
        await using var s3 = new S3Bucket();
        await s3.MakeAsync();
        var owner = new Lake($"s3://{s3.Name}", folder.Path, s3.Server.EnvironmentOf(s3.Server.Alice));
        await FillAsync(folder, owner);
        await s3.AllowAsync($$"""
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/bob"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{{s3.Name}}/curated/*"]},
              {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/bob"]},"Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::{{s3.Name}}"],"Condition":{"StringLike":{"s3:prefix":["curated/*"]} } }]}
            """);
        var before = await ContentAsync(s3);

        var reader = owner with { Environment = s3.Server.EnvironmentOf(s3.Server.Bob) };
        Assert.Equal("300", await reader.RowsAsync("select count(*) from curated.shop_days"));
        await reader.FailsAsync(4, [$"`s3://{s3.Name}`", "s3:ListBucket", "raw/shop/days/"], "lens", "sql", "select * from raw.shop_days", "--bucket", reader.Bucket);
        await reader.FailsAsync(4, [$"`s3://{s3.Name}`", "s3:ListBucket", "ml/predictions/late/"], "lens", "sql", "select * from predictions.late", "--bucket", reader.Bucket);
        foreach (var (tool, arguments, _, _) in Commands(s3.Name))
            await reader.FailsAsync(4, [$"`s3://{s3.Name}`", "s3:", "hint: "], tool, arguments);

        Assert.Equal(before, await ContentAsync(s3));
    }

    private static (string Tool, string[] Arguments, string Action, string Place)[] Commands(string bucket) =>
    [
        ("pipe", ["ingest", "./days.csv", "--to", $"s3://{bucket}", "--table", "shop/days"], "s3:GetObject", ".dataspoc/state/shop_days/"),
        ("pipe", ["ingest", "./days.csv", "--to", $"s3://{bucket}", "--table", "shop/more"], "s3:GetObject", ".dataspoc/state/shop_more/"),
        ("pipe", ["transform", "--to", $"s3://{bucket}"], "s3:GetObject", ".dataspoc/state/curated-shop-days/"),
        ("pipe", ["manifest", "show", "--bucket", $"s3://{bucket}"], "s3:GetObject", ".dataspoc/manifest.json"),
        ("pipe", ["manifest", "verify", "--bucket", $"s3://{bucket}"], "s3:GetObject", ".dataspoc/manifest.json"),
        ("pipe", ["manifest", "rebuild", "--bucket", $"s3://{bucket}"], "s3:GetObject", ".dataspoc/manifest.json"),
        ("pipe", ["recover", "--bucket", $"s3://{bucket}"], "s3:ListBucket", ".dataspoc/state/"),
        ("ml", ["train", "--from", "curated.shop_days", "--target", "late", "--bucket", $"s3://{bucket}"], "s3:ListBucket", "curated/shop/days/"),
        ("ml", ["predict", "--model", "late", "--from", "curated.shop_days", "--bucket", $"s3://{bucket}"], "s3:ListBucket", "ml/models/late/"),
    ];

    private static async Task FillAsync(TemporaryFolder folder, Lake owner)
    {
        folder.Write("days.csv", Rows + string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},{(i * 7 % 5 < 2 ? "rain" : "sun")},{(i * 7 % 5 < 2 == i % 11 > 1 ? "true" : "false")}\n")));
        folder.Write("pipe.yaml", "");
        folder.Write("transforms/shop/days.sql", "select id, weather, late from raw.shop_days");
        await owner.IngestAsync("./days.csv", "shop/days");
        await owner.DoAsync("pipe", "transform", "--to", owner.Bucket);
        await owner.DoAsync("ml", "train", "--from", "curated.shop_days", "--target", "late", "--bucket", owner.Bucket);
        await owner.DoAsync("ml", "predict", "--model", "late", "--from", "curated.shop_days", "--bucket", owner.Bucket);
        await owner.DoAsync("pipe", "manifest", "verify", "--bucket", owner.Bucket);
        await owner.DoAsync("pipe", "recover", "--bucket", owner.Bucket);
    }

    // every object with its content's tag, and every upload that was begun
    private static async Task<List<string>> ContentAsync(S3Bucket s3)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var store = s3.Open();
        var content = new List<string>();
        await foreach (var found in store.ListAsync("", null, cancel))
            content.Add($"{found.Key} {found.ETag}");
        await foreach (var (staged, _) in store.ListStagedAsync(cancel))
            content.Add($"upload {staged.Key}");
        return content;
    }
}
