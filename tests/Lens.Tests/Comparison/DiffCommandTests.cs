using DataSpoc.Contracts.Delta;
using Xunit;

namespace Lens.Tests.Comparison;

public sealed class DiffCommandTests
{
    [Fact]
    public async Task Diff_Appended_TellsRowsAndColumns()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT range AS id FROM range(3)");
        await lake.WriteAsync("raw/shop/orders", "SELECT range + 3 AS id, 'x' AS note FROM range(2)");

        var outcome = await lens.RunAsync("diff", "raw.shop_orders", "--bucket", lake.Uri);

        Assert.Equal("", outcome.Error);
        Assert.Equal(["what,name,from,to", "version,,0,1", "files,,1,2", "rows,,3,5", "column,note,,VARCHAR", "rows added,,,2", "rows removed,,0,"], Lines(outcome).Where(line => !line.StartsWith("committed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Diff_WithAKey_TellsAddedRemovedAndChangedKeys()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL)) t(id, status)");
        await lake.WriteAsync("raw/shop/orders", "SELECT * FROM (VALUES (2, 'B'), (3, NULL), (4, 'd'), (5, 'e')) t(id, status)", ChangeMode.Append);

        var outcome = await lens.RunAsync("diff", "raw.shop_orders", "--bucket", lake.Uri, "--from", "0", "--to", "1", "--key", "id");

        Assert.Equal(["keys added,,,4", "keys removed,,0,", "keys changed,,0,0"], Lines(outcome)[^3..]);
    }

    [Fact]
    public async Task Diff_WrongInput_SaysWhat()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");

        Assert.Contains("has had one version only", (await lens.RunAsync("diff", "orders", "--bucket", lake.Uri)).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await lens.RunAsync("diff", "orders", "--bucket", lake.Uri, "--from", "0", "--key", "nothing")).Exit);
        Assert.Equal(1, (await lens.RunAsync("diff", "orders", "--bucket", lake.Uri, "--from", "7")).Exit);
        Assert.Equal(2, (await lens.RunAsync("diff", "orders", "--bucket", lake.Uri, "--from", "x")).Exit);
    }

    private static string[] Lines(Outcome outcome) => outcome.Out.TrimEnd('\n').Split('\n');
}
