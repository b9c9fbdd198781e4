using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;

namespace Contracts.Tests.Layout;

public sealed class BucketLayoutTests
{
    [Fact]
    public void WrittenBy_AllTools_ShareNoPrefix()
    {
        var prefixes = Enum.GetValues<WritingTool>().SelectMany(tool => WrittenPrefixes.WrittenBy(tool).Select(prefix => (tool, prefix))).ToList();

        foreach (var (tool, prefix) in prefixes)
            foreach (var (other, longer) in prefixes)
                Assert.False(tool != other && longer.StartsWith(prefix, StringComparison.Ordinal), $"{longer} of {other} lies in {prefix} of {tool}");
    }

    [Fact]
    public void WriterOf_TablesAndTheirCatalogs_IsOneTool()
    {
        foreach (var layer in LayerNames.All)
        {
            Assert.Equal(WrittenPrefixes.WriterOf(layer), WrittenPrefixes.WriterOf(layer.Folder + "/x"));
            Assert.Equal(WrittenPrefixes.WriterOf(layer), WrittenPrefixes.WriterOf(DocumentKeys.ManifestOf(layer)));
        }
    }

    [Fact]
    public void WriterOf_DocumentsOfEachTool_IsThatTool()
    {
        foreach (var tool in Enum.GetValues<WritingTool>())
        {
            Assert.Equal(tool, WrittenPrefixes.WriterOf(DocumentKeys.RunRecord(tool, "orders")));
            Assert.Equal(tool, WrittenPrefixes.WriterOf(DocumentKeys.Log(tool, "orders", DateTimeOffset.UnixEpoch)));
        }
        Assert.Equal(WritingTool.Pipe, WrittenPrefixes.WriterOf(DocumentKeys.State("orders")));
        Assert.Equal(WritingTool.Ml, WrittenPrefixes.WriterOf(DocumentKeys.ModelAliases("late")));
        Assert.Null(WrittenPrefixes.WriterOf("README.md"));
        Assert.Null(WrittenPrefixes.WriterOf(".dataspoc/manifest.json.bak"));
    }

    [Fact]
    public void DocumentKeys_OfTheContract_AreThoseOf10()
    {
        Assert.Equal(".dataspoc/state/orders/state.json", DocumentKeys.State("orders"));
        Assert.Equal(".dataspoc/state/orders/run.json", DocumentKeys.RunRecord("orders"));
        Assert.Equal(".dataspoc/state/orders/run.json", DocumentKeys.RunRecord(WritingTool.Pipe, "orders"));
        Assert.Equal(".dataspoc/logs/orders/20260131T120000123Z.json", DocumentKeys.Log(WritingTool.Pipe, "orders", new(2026, 1, 31, 13, 0, 0, 123, TimeSpan.FromHours(1))));
        Assert.Equal("ml/models/late/versions/3/", DocumentKeys.ModelVersion("late", 3));
        Assert.Throws<UserError>(() => DocumentKeys.State("../orders"));
    }

    [Fact]
    public void DataFileName_New_TellsItsRunAndDay()
    {
        var orders = new TableLocation(Layer.Raw, "shop", "my_orders");
        var run = RunId.New(TimeProvider.System);

        var path = DataFileName.New(orders, run, 7, new DateOnly(2026, 1, 31));

        Assert.Equal($"dt=2026-01-31/my_orders_{run}_0007.parquet", path);
        Assert.Equal(run, DataFileName.RunOf(path));
        Assert.Equal(new DateOnly(2026, 1, 31), DataFileName.PartitionOf(path));
        Assert.Equal($"my_orders_{run}_12345.parquet", DataFileName.New(orders, run, 12345));
        Assert.Throws<ArgumentException>(() => DataFileName.New(orders, "../x", 1));
    }

    [Theory]
    [InlineData("orders_0000.parquet")]
    [InlineData("dt=2026-01-31/part-00000.snappy.parquet")]
    [InlineData("orders.csv")]
    public void DataFileName_RunOfAnotherNaming_IsNull(string path) => Assert.Null(DataFileName.RunOf(path));

    [Fact]
    public void RunId_New_SortsByTime()
    {
        var ids = Enumerable.Range(0, 100).Select(second => RunId.New(new Clock(DateTimeOffset.UnixEpoch.AddSeconds(second)))).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.True(RunId.IsValid(id)));
        Assert.False(RunId.IsValid(ids[0].ToUpperInvariant() + "x"));
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
