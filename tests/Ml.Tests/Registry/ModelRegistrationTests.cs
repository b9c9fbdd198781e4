using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using DataSpoc.Tests.Faults;
using Xunit;

namespace Ml.Tests.Registry;

public sealed class ModelRegistrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static NewVersion Version(string text = "trees")
    {
        var target = new Target("late", "BOOLEAN", LearningTask.Binary, ["false", "true"]);
        return new(
            new("1.1", RunId.New(TimeProvider.System), VersionStatus.Writing, "late", 0, "ml 0", "xgboost 0", [], "raw.x", 1, new Dictionary<string, string>(), DateTimeOffset.UnixEpoch),
            new("1.1", "late", 0, target, [new("weight", "DOUBLE", ColumnKind.Number, ["weight"])], [], [], "raw.x"),
            new("1.1", "late", 0, LearningTask.Binary, "auc", new(10, 0, 8, 1, 2), new Dictionary<string, double> { ["auc"] = 0.75 }, new Dictionary<string, double> { ["auc"] = 0.5 }, 3, []),
            Encoding.UTF8.GetBytes(text));
    }

    private static async Task<int> RegisterAsync(IObjectStore store, string text = "trees") => (await new ModelRegistration(store, TimeProvider.System).RegisterAsync(Version(text), "tester", Cancel)).Run.ModelVersion;

    [Fact]
    public async Task RegisterAsync_First_WritesAllDocumentsOfTheContract()
    {
        await using var lake = Lake.OnDisk();
        Assert.Equal(1, await RegisterAsync(lake.Store));
        Assert.Equal(
            ["ml/models/late/aliases.json", "ml/models/late/features.json", "ml/models/late/metrics.json", "ml/models/late/model.ubj",
             "ml/models/late/versions/1/features.json", "ml/models/late/versions/1/metrics.json", "ml/models/late/versions/1/model.ubj", "ml/models/late/versions/1/run.json"],
            await lake.KeysAsync("ml/"));
        var catalog = new ModelCatalog(lake.Store);
        var model = await catalog.DescribeAsync("late", 1, Cancel);
        Assert.Equal(1, model.Features.ModelVersion);
        Assert.Equal("trees", Encoding.UTF8.GetString((await catalog.TreesAsync(model, Cancel)).Span));
        Assert.Equal(1, (await new ModelCatalog(lake.Store).AliasesAsync("late", Cancel)).Aliases["dev"]);
    }

    [Fact]
    public async Task RegisterAsync_EightAtOnce_GetsEightVersionsAndPublishesTheNewest()
    {
        await using var lake = Lake.OnDisk();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => RegisterAsync(lake.Store, $"trees of {i}"))));
        Assert.Equal(Enumerable.Range(1, 8), numbers.Order());
        var catalog = new ModelCatalog(lake.Store);
        Assert.Equal(8, await catalog.NewestAsync("late", Cancel));
        Assert.Equal(8, (await catalog.AliasesAsync("late", Cancel)).Aliases["dev"]);
        Assert.Equal($"trees of {Array.IndexOf(numbers, 8)}", await lake.TextAsync("ml/models/late/model.ubj"));
        Assert.Equal(await lake.TextAsync("ml/models/late/versions/8/features.json"), await lake.TextAsync("ml/models/late/features.json"));
        Assert.Equal(await lake.TextAsync("ml/models/late/versions/8/metrics.json"), await lake.TextAsync("ml/models/late/metrics.json"));
    }

    [Fact]
    public async Task RegisterAsync_WhileProdNamesAVersion_KeepsPublishingThat()
    {
        await using var lake = Lake.OnDisk();
        await RegisterAsync(lake.Store, "first");
        await new AliasBook(lake.Store, TimeProvider.System).AdvanceAsync("late", "prod", 1, "tester", "good", Cancel);
        Assert.Equal(2, await RegisterAsync(lake.Store, "second"));
        Assert.Equal("first", await lake.TextAsync("ml/models/late/model.ubj"));
        Assert.Equal(("late", 1), await new ModelCatalog(lake.Store).ResolveAsync(ModelReference.Parse("late"), Cancel));
        Assert.Equal(("late", 2), await new ModelCatalog(lake.Store).ResolveAsync(ModelReference.Parse("late@dev"), Cancel));
    }

    [Fact]
    public async Task RegisterAsync_BrokenAtAnyCall_LeavesNoHalfVersionAndTheNextWorks()
    {
        var calls = await CountCallsAsync();
        for (var call = 1; call <= calls; call++)
            foreach (var fault in new[] { Fault.Fail, Fault.LoseAnswer })
            {
                await using var lake = Lake.OnDisk();
                await Assert.ThrowsAsync<UserError>(() => RegisterAsync(new FaultInjector(new(fault, call)).Wrap(lake.Store), "broken"));
                var catalog = new ModelCatalog(lake.Store);
                foreach (var number in await catalog.NumbersAsync("late", Cancel))
                    if (await catalog.RunAsync("late", number, Cancel) is not null)
                        Assert.Equal("broken", Encoding.UTF8.GetString((await catalog.TreesAsync(await catalog.DescribeAsync("late", number, Cancel), Cancel)).Span));

                var next = await RegisterAsync(lake.Store, "whole");
                Assert.Equal(next, await catalog.NewestAsync("late", Cancel));
                Assert.Equal("whole", await lake.TextAsync("ml/models/late/model.ubj"));
                Assert.Equal(next, (await catalog.AliasesAsync("late", Cancel)).Aliases["dev"]);
            }
    }

    [Fact]
    public async Task LoadAsync_FileThatWasReplaced_IsNotOpened()
    {
        await using var lake = Lake.OnDisk();
        await RegisterAsync(lake.Store);
        await lake.Store.PutAsync("ml/models/late/versions/1/model.ubj", Encoding.UTF8.GetBytes("tre3s"), WriteCondition.None, Cancel);
        var catalog = new ModelCatalog(lake.Store);
        var model = await catalog.DescribeAsync("late", 1, Cancel);
        var error = await Assert.ThrowsAsync<UserError>(() => catalog.TreesAsync(model, Cancel));
        Assert.Contains("`ml/models/late/versions/1/model.ubj` is not the file that was registered", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_WhatIsNotThere_SaysWhatIs()
    {
        await using var lake = Lake.OnDisk();
        await RegisterAsync(lake.Store);
        var catalog = new ModelCatalog(lake.Store);
        Assert.Equal("did you mean `late`?", (await Assert.ThrowsAsync<UserError>(() => catalog.ResolveAsync(ModelReference.Parse("latte"), Cancel))).Hint);
        Assert.Equal("versions: 1", (await Assert.ThrowsAsync<UserError>(() => catalog.ResolveAsync(ModelReference.Parse("late@7"), Cancel))).Hint);
        Assert.Equal("aliases: dev", (await Assert.ThrowsAsync<UserError>(() => catalog.ResolveAsync(ModelReference.Parse("late@prod"), Cancel))).Hint);
    }

    [Theory]
    [InlineData("not json", "cannot be read")]
    [InlineData("[]", "has no `version`")]
    [InlineData("""{"version":"1.1"}""", "missing required properties")]
    [InlineData("""{"version":"2.0"}""", "is of version 2.0")]
    public async Task RunAsync_CorruptDocument_IsNamed(string text, string expected)
    {
        await using var lake = Lake.OnDisk();
        await lake.Store.PutAsync("ml/models/late/versions/1/run.json", Encoding.UTF8.GetBytes(text), WriteCondition.None, Cancel);
        var error = await Assert.ThrowsAsync<UserError>(() => new ModelCatalog(lake.Store).RunAsync("late", 1, Cancel));
        Assert.Contains("`ml/models/late/versions/1/run.json`", error.What, StringComparison.Ordinal);
        Assert.Contains(expected, error.What, StringComparison.Ordinal);
    }

    private static async Task<int> CountCallsAsync()
    {
        await using var lake = Lake.OnDisk();
        var injector = new FaultInjector(FaultPlan.None);
        await RegisterAsync(injector.Wrap(lake.Store));
        return injector.Calls.Count;
    }
}
