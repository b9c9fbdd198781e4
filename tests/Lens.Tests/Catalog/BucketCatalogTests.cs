using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Lens.Tests.Catalog;

public sealed class BucketCatalogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_BucketWithoutManifest_FindsTablesByTheirFolders()
    {
        await using var lake = Lake.New();
        foreach (var key in new[] { "raw/shop/orders/a.parquet", "raw/shop/orders/dt=2026-01-01/b.parquet", "raw/shop/orders-2/a.parquet", "raw/shop/orders0/a.parquet", "raw/crm/people/a.parquet", "raw/readme.txt", "raw/shop/loose.parquet", "raw/BAD NAME/x/a.parquet", "ml/predictions/late/a.parquet", "gold/x/y/a.parquet", "elsewhere/x/y/a.parquet" })
            lake.WriteText(key, "");

        var tables = await (await BucketCatalog.ReadAsync(lake.Store, Cancel)).ListAsync(Cancel);

        Assert.Equal(["raw.\"BAD NAME_x\"", "raw.crm_people", "raw.shop_orders", "raw.\"shop_orders-2\"", "raw.shop_orders0", "gold.x_y", "predictions.late"], tables.Select(table => table.ToString()));
        Assert.All(tables, table => Assert.Null(table.Entry));
    }

    [Theory]
    [InlineData("raw", "SHOP_orders", "raw/shop/orders")]
    [InlineData("RAW", "a_b_c", "raw/a_b/c")]
    [InlineData("raw", "a_b/c", "raw/a_b/c")]
    [InlineData("predictions", "late", "ml/predictions/late")]
    [InlineData("raw", "nothing", null)]
    [InlineData("raw", "shop_nothing", null)]
    [InlineData("raw", "_", null)]
    [InlineData("raw", "", null)]
    [InlineData("bronze", "shop_orders", null)]
    [InlineData("raw", "../secret_x", null)]
    [InlineData("raw", "BAD NAME_x", "raw/BAD NAME/x")]
    public async Task Find_Name_IsTheFolderItStandsFor(string schema, string name, string? folder)
    {
        await using var lake = Lake.New();
        foreach (var key in new[] { "raw/shop/orders/a.parquet", "raw/a_b/c/a.parquet", "raw/BAD NAME/x/a.parquet", "ml/predictions/late/a.parquet" })
            lake.WriteText(key, "");

        var table = await (await BucketCatalog.ReadAsync(lake.Store, Cancel)).FindAsync(schema, name, Cancel);

        Assert.Equal(folder, table?.Location.Folder);
    }

    [Fact]
    public async Task Find_TwoFoldersOfOneJoinedName_AsksForTheFullOne()
    {
        await using var lake = Lake.New();
        lake.WriteText("raw/a_b/c/a.parquet", "");
        lake.WriteText("raw/a/b_c/a.parquet", "");
        var catalog = await BucketCatalog.ReadAsync(lake.Store, Cancel);

        var error = await Assert.ThrowsAsync<UserError>(() => catalog.FindAsync("raw", "a_b_c", Cancel));

        Assert.Equal([("table", "raw.\"a/b_c\""), ("table", "raw.\"a_b/c\"")], error.Where.Order());
        Assert.Equal("raw/a/b_c", (await catalog.FindAsync("raw", "a/b_c", Cancel))?.Location.Folder);
    }

    [Fact]
    public async Task Find_NamesThatDifferByCase_AreToldApartByIt()
    {
        await using var lake = Lake.New();
        lake.WriteText("raw/shop/Orders/a.parquet", "");
        lake.WriteText("raw/shop/orders/a.parquet", "");
        var catalog = await BucketCatalog.ReadAsync(lake.Store, Cancel);
        await catalog.ListAsync(Cancel);

        Assert.Equal("raw/shop/Orders", (await catalog.FindAsync("raw", "shop_Orders", Cancel))?.Location.Folder);
        Assert.Equal("raw/shop/orders", (await catalog.FindAsync("raw", "shop_orders", Cancel))?.Location.Folder);
        await Assert.ThrowsAsync<UserError>(() => catalog.FindAsync("raw", "shop_ORDERS", Cancel));
    }

    [Fact]
    public async Task Read_BucketThatDoesNotExist_IsAnError()
    {
        await using var store = ObjectStores.Open(BucketUri.Parse("file:///no/such/bucket"));

        await Assert.ThrowsAsync<UserError>(() => BucketCatalog.ReadAsync(store, Cancel));
    }
}
