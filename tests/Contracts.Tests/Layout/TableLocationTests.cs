using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;

namespace Contracts.Tests.Layout;

public sealed class TableLocationTests
{
    public static TheoryData<Layer, string?, string, string, string, string> Tables => new()
    {
        { Layer.Raw, "shop", "orders", "raw/shop/orders", "shop/orders", "raw.shop_orders" },
        { Layer.Curated, "sales", "orders", "curated/sales/orders", "curated/sales/orders", "curated.sales_orders" },
        { Layer.Gold, "sales", "revenue", "gold/sales/revenue", "gold/sales/revenue", "gold.sales_revenue" },
        { Layer.Quarantine, "shop", "orders", "quarantine/shop/orders", "quarantine/shop/orders", "quarantine.shop_orders" },
        { Layer.Predictions, null, "late", "ml/predictions/late", "predictions/late", "predictions.late" },
        { Layer.Features, null, "couriers", "ml/features/couriers", "features/couriers", "features.couriers" },
        { Layer.Monitoring, null, "late", "ml/monitoring/late", "monitoring/late", "monitoring.late" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_OfEachLayer_HasFolderKeyAndSqlNameThatLeadBackToIt(Layer layer, string? source, string table, string folder, string key, string sql)
    {
        var location = new TableLocation(layer, source, table);

        Assert.Equal((folder, key, sql), (location.Folder, location.ManifestKey, location.SqlName));
        Assert.Equal(location, TableLocation.FromFolder(folder));
        Assert.Equal(location, TableLocation.FromManifestKey(key));
    }

    [Theory]
    [InlineData("..", "orders")]
    [InlineData("shop", "../../etc")]
    [InlineData("shop", "Orders")]
    public void New_NameThatIsNone_IsRefused(string source, string table) => Assert.Throws<UserError>(() => new TableLocation(Layer.Raw, source, table));

    [Theory]
    [InlineData("raw/shop")]
    [InlineData("raw/shop/orders/dt=2026-01-31")]
    [InlineData("raw/../orders")]
    [InlineData("raw/shop/_delta_log")]
    [InlineData("bronze/shop/orders")]
    [InlineData("ml/models/late")]
    [InlineData("predictions/shop/late")]
    [InlineData("raw/shop/or\\ders")]
    [InlineData("")]
    public void FromFolder_NoTable_IsNull(string folder) => Assert.Null(TableLocation.FromFolder(folder));

    [Fact]
    public void FromManifestKey_NameOfDataSpoc10ThatIsNotFolded_IsTakenAsItIs() =>
        Assert.Equal("raw/shop/public-Orders 2", TableLocation.FromManifestKey("shop/public-Orders 2")?.Folder);

    [Fact]
    public void FromManifestKey_SourceCalledLikeALayer_IsRaw() => Assert.Equal("raw/gold/orders", TableLocation.FromManifestKey("gold/orders")?.Folder);
}
