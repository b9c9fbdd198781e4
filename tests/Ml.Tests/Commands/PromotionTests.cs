using System.Text.Json;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Promotion;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>Versions become staging and prod, and go back.</summary>
public sealed class PromotionTests
{
    private const string Table = "SELECT hash('a' || i) % 100 AS a, hash('b' || i) % 100 AS b, hash('a' || i) % 100 + hash('c' || i) % 60 > 80 AS y FROM range(800) t(i)";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<Lake> LakeAsync(params string[][] trainings)
    {
        var lake = Lake.OnDisk();
        await lake.WriteAsync("raw/shop/t", Table);
        foreach (var more in trainings)
            await MlProcess.SucceedAsync(["train", "--from", "raw.shop_t", "--target", "y", "--keep", "a", "--bucket", lake.Bucket, "--rounds", "20", "--trials", "1", "-q", .. more]);
        return lake;
    }

    private static async Task<JsonElement> AliasesAsync(Lake lake)
    {
        using var document = JsonDocument.Parse(await lake.TextAsync("ml/models/y/aliases.json"));
        return document.RootElement.Clone();
    }

    [Fact]
    public async Task Promote_GoodVersion_ServesAndTheContractsFilesFollow()
    {
        await using var lake = await LakeAsync([], ["--seed", "7"]);
        await MlProcess.SucceedAsync("promote", "y", "1", "--to", "prod", "--if", "auc >= 0.6 and auc >= prod.auc", "--bucket", lake.Bucket);
        Assert.Equal(1, (await AliasesAsync(lake)).GetProperty("aliases").GetProperty("prod").GetInt32());
        Assert.Equal(await lake.TextAsync("ml/models/y/versions/1/metrics.json"), await lake.TextAsync("ml/models/y/metrics.json"));
        var change = (await AliasesAsync(lake)).GetProperty("history").EnumerateArray().Last();
        Assert.Equal("tester", change.GetProperty("by").GetString());
        Assert.Equal(["artifacts", "schema", "latency", "rule"], change.GetProperty("gate").EnumerateArray().Select(c => c.GetProperty("check").GetString()!));
        var list = await MlProcess.SucceedAsync("models", "list", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Contains("y,1,prod,", list.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promote_RuleThatDoesNotHold_EndsWith3AndChangesNothing()
    {
        await using var lake = await LakeAsync([[]]);
        var before = await lake.TextAsync("ml/models/y/aliases.json");
        var run = await MlProcess.RunAsync("promote", "y", "1", "--to", "prod", "--if", "auc >= 0.999", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("rule,false,auc >= 0.999", run.Out, StringComparison.Ordinal);
        Assert.Contains("`y@1` does not become `prod`", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await lake.TextAsync("ml/models/y/aliases.json"));
    }

    [Fact]
    public async Task Promote_WorseThanProdOnTheSameHoldout_IsRefused()
    {
        await using var lake = await LakeAsync([], ["--exclude", "a"]);
        await MlProcess.SucceedAsync("promote", "y", "1", "--to", "prod", "--bucket", lake.Bucket);
        var run = await MlProcess.RunAsync("promote", "y", "2", "--to", "prod", "--bucket", lake.Bucket);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("on the same holdout", run.Error, StringComparison.Ordinal);
        await MlProcess.SucceedAsync("promote", "y", "2", "--to", "staging", "--bucket", lake.Bucket);
    }

    [Fact]
    public async Task Promote_TrainedOnALaterSnapshot_ProdAnswersTheSameHoldout()
    {
        await using var lake = await LakeAsync([[]]);
        await MlProcess.SucceedAsync("promote", "y", "1", "--to", "prod", "--bucket", lake.Bucket);
        // the world turned round: what prod learned is wrong on every later row, though its own figures are good
        await lake.WriteAsync("raw/shop/t", Table.Replace("> 80 AS y", "< 80 AS y", StringComparison.Ordinal));
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_t", "--target", "y", "--exclude", "b", "--keep", "a", "--bucket", lake.Bucket, "--rounds", "3", "--trials", "1", "-q");
        var run = await MlProcess.SucceedAsync("promote", "y", "2", "--to", "prod", "--if", "auc >= prod.auc + 0.3", "--dry-run", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Contains("which answered the same holdout and may have learned from it", run.Out, StringComparison.Ordinal);
        Assert.Contains("rule,true,", run.Out, StringComparison.Ordinal);
        // where that snapshot is gone, the figures that were recorded are all there is
        await lake.WriteAsync("raw/shop/t", Table);
        var gone = await MlProcess.RunAsync("promote", "y", "2", "--to", "prod", "--if", "auc >= prod.auc + 0.3", "--dry-run", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Equal(3, gone.ExitCode);
        Assert.Contains("on other rows: with", gone.Out, StringComparison.Ordinal);
        await lake.WriteAsync("raw/shop/t", "SELECT 'x' AS a, 5 AS b, true AS y");
        var other = await MlProcess.RunAsync("promote", "y", "2", "--to", "staging", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Equal((3, true), (other.ExitCode, other.Out.Contains("schema,false,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Promote_DamagedFile_IsRefused()
    {
        await using var lake = await LakeAsync([[]]);
        await File.WriteAllTextAsync(Path.Combine(lake.Folder, "ml/models/y/versions/1/model.ubj"), "trees", Cancel);
        var run = await MlProcess.RunAsync("promote", "y", "1", "--to", "staging", "--bucket", lake.Bucket);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("is not the file that was registered", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_AfterPromotions_GoesBackStepByStep()
    {
        // the first does not see the column that matters, the third is as good as the second: no later one is worse
        await using var lake = await LakeAsync(["--exclude", "a"], [], []);
        var promotion = new ModelPromotion(lake.Store, TimeProvider.System);
        foreach (var version in new[] { 1, 2, 3 })
            Assert.True((await promotion.PromoteAsync("y", version, "prod", null, "t", false, Cancel)).Done);
        Assert.Equal((3, 2), await promotion.RollbackAsync("y", "t", Cancel));
        Assert.Equal(await lake.TextAsync("ml/models/y/versions/2/metrics.json"), await lake.TextAsync("ml/models/y/metrics.json"));
        await MlProcess.SucceedAsync("rollback", "y", "--bucket", lake.Bucket);
        Assert.Equal(1, (await AliasesAsync(lake)).GetProperty("aliases").GetProperty("prod").GetInt32());
        var run = await MlProcess.RunAsync("rollback", "y", "--bucket", lake.Bucket);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has no version that was `prod` before", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Version_IsGoneAndItsNumberIsNotGivenAgain()
    {
        await using var lake = await LakeAsync([], []);
        await MlProcess.SucceedAsync("promote", "y", "1", "--to", "prod", "--bucket", lake.Bucket);
        Assert.Equal(3, (await MlProcess.RunAsync("models", "delete", "y@1", "--yes", "--bucket", lake.Bucket)).ExitCode);
        await MlProcess.SucceedAsync("models", "delete", "y@2", "--yes", "--bucket", lake.Bucket);
        Assert.Equal(2, (await MlProcess.RunAsync("models", "show", "y@2", "--bucket", lake.Bucket)).ExitCode);
        var train = await MlProcess.SucceedAsync("train", "--from", "raw.shop_t", "--target", "y", "--keep", "a", "--bucket", lake.Bucket, "--rounds", "5", "-o", "csv");
        Assert.Contains("\ny,3,", train.Out, StringComparison.Ordinal);
        await MlProcess.SucceedAsync("models", "delete", "y", "--yes", "--bucket", lake.Bucket);
        Assert.Empty(await lake.KeysAsync("ml/models/"));
    }

    [Fact]
    public async Task Archive_Version_IsNamedAndProdIsNot()
    {
        await using var lake = await LakeAsync([], []);
        await MlProcess.SucceedAsync("promote", "y", "2", "--to", "prod", "--bucket", lake.Bucket);
        await MlProcess.SucceedAsync("promote", "y", "1", "--to", "archived", "--bucket", lake.Bucket);
        Assert.Equal(3, (await MlProcess.RunAsync("promote", "y", "2", "--to", "archived", "--bucket", lake.Bucket)).ExitCode);
        Assert.Equal([1], (await AliasesAsync(lake)).GetProperty("archived").EnumerateArray().Select(v => v.GetInt32()));
    }

    [Fact]
    public async Task Compare_TwoVersions_ShowsWhatDiffers()
    {
        await using var lake = await LakeAsync([], ["--exclude", "b"]);
        var run = await MlProcess.SucceedAsync("models", "compare", "y@1", "y@2", "--bucket", lake.Bucket, "-o", "csv");
        Assert.Contains("column,b,used,not used,", run.Out, StringComparison.Ordinal);
        Assert.Contains("holdout,auc,", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("different rows", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PromoteAndTrain_ManyAtOnce_LoseNothing()
    {
        await using var lake = await LakeAsync([], [], [], []);
        var promotion = new ModelPromotion(lake.Store, TimeProvider.System);
        var catalog = new ModelCatalog(lake.Store);
        var template = await catalog.DescribeAsync("y", 1, Cancel);
        var trees = (await catalog.TreesAsync(template, Cancel)).ToArray();
        var registrations = Enumerable.Range(0, 4).Select(i => Task.Run(() => new ModelRegistration(lake.Store, TimeProvider.System)
            .RegisterAsync(new(template.Run with { RunId = Guid.NewGuid().ToString("N") }, template.Features, template.Metrics, trees), "t", Cancel)));
        var promotions = Enumerable.Range(1, 4).SelectMany(v => new[] { "staging", "prod" }.Select(to => Task.Run(() => promotion.PromoteAsync("y", v, to, null, "t", false, Cancel))));
        var outcomes = await Task.WhenAll(promotions.Cast<Task>().Concat(registrations).Select(async task => { await task; return true; }));
        Assert.Equal(12, outcomes.Length);

        Assert.Equal(8, (await catalog.NumbersAsync("y", Cancel)).Count);
        var book = await catalog.AliasesAsync("y", Cancel);
        Assert.Equal(8, book.Aliases["dev"]);
        foreach (var to in new[] { "staging", "prod" })
            Assert.Equal([1, 2, 3, 4], book.History.Where(c => c.Alias == to).Select(c => c.Version).Order());
        Assert.Equal(book.Aliases["prod"], book.History.Last(c => c.Alias == "prod").Version);
        Assert.Equal(await lake.TextAsync($"ml/models/y/versions/{book.Aliases["prod"]}/metrics.json"), await lake.TextAsync("ml/models/y/metrics.json"));
    }
}
