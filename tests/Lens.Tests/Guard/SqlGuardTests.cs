using Xunit;

namespace Lens.Tests.Guard;

public sealed class SqlGuardTests
{
    [Fact]
    public async Task Sql_EveryAttack_IsRefusedWithAReason()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        using var attacks = new Attacks(lake);
        using var lens = new LensProcess();
        Assert.True(attacks.Statements.Count >= 120, $"{attacks.Statements.Count} attacks");

        foreach (var attack in attacks.Statements)
        {
            var outcome = await lens.RunAsync("sql", attack, "--bucket", $"lake={lake.Uri}", "--timeout", "10s");
            Assert.True(outcome.Exit is 1 or 2, $"{attack}\nexit {outcome.Exit}\n{outcome.Out}{outcome.Error}");
            Assert.True(outcome.Error.StartsWith("error: ", StringComparison.Ordinal) && !outcome.Error.Contains("has a bug", StringComparison.Ordinal), $"{attack}\n{outcome.Error}");
            Assert.Null(attacks.Harm(outcome.Out + outcome.Error));
        }
        Assert.Equal("id\n1\n", (await lens.RunAsync("sql", "select id from raw.shop_orders", "--bucket", lake.Uri)).Out);
    }

    [Fact]
    public async Task Sql_QueryWithoutEnd_EndsAtItsLimit()
    {
        await using var lake = Lake.New();
        await lake.WriteAsync("raw/shop/orders", "SELECT 1 AS id");
        using var lens = new LensProcess();

        foreach (var endless in Attacks.Endless)
        {
            var outcome = await lens.RunAsync("sql", endless, "--bucket", lake.Uri, "--timeout", "300ms");
            Assert.True(outcome.Exit == 1 && outcome.Error.Contains("took longer than 300 ms", StringComparison.Ordinal), $"{endless}\n{outcome.Error}");
        }
    }
}
