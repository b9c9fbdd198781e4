using DataSpoc.Contracts.Names;
using FsCheck;
using FsCheck.Fluent;

namespace Contracts.Tests.Names;

public sealed class NameFoldingTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("Orders", "orders")]
    [InlineData("test:SpecialChars!in?attributes", "test_specialchars_in_attributes")]
    [InlineData("public-orders", "public-orders")]
    [InlineData("Bestellungen für Köln", "bestellungen_f_r_k_ln")]
    [InlineData("a/../b", "a____b")]
    [InlineData("😀x", "x_x")]
    [InlineData("_id", "x_id")]
    [InlineData("", "x")]
    public void Fold_ForeignName_IsLowerCaseWithUnderscores(string original, string expected) => Assert.Equal(expected, NameFolding.Fold(original));

    [Fact]
    public void FoldAll_NamesThatMeet_KeepTheOneThatIsOneAndSuffixTheOthers()
    {
        var names = NameFolding.FoldAll(["orders", "Orders", "ORDERS", "items"]);

        Assert.Equal("orders", names["orders"]);
        Assert.Equal("items", names["items"]);
        Assert.Matches("^orders_[0-9a-f]{8}$", names["Orders"]);
        Assert.Matches("^orders_[0-9a-f]{8}$", names["ORDERS"]);
        Assert.NotEqual(names["Orders"], names["ORDERS"]);
    }

    [Fact]
    public void FoldAll_SuffixedNameThatIsTakenAlready_IsStillDistinct()
    {
        var taken = NameFolding.WithSuffix("orders", "Orders");

        var names = NameFolding.FoldAll(["orders", "Orders", taken]);

        Assert.Equal(3, names.Values.Distinct().Count());
        Assert.Equal(taken, names[taken]);
    }

    [Fact]
    public void FoldAll_NameGivenBefore_StaysWhenAnotherStreamComes()
    {
        var before = NameFolding.FoldAll(["Orders"]);

        var after = NameFolding.FoldAll(["Orders", "orders", "ORDERS"], before);

        Assert.Equal("orders", after["Orders"]);
        Assert.Matches("^orders_[0-9a-f]{8}$", after["orders"]);
        Assert.Equal(3, after.Values.Distinct().Count());
    }

    [Fact]
    public void Fold_LongNames_StayDistinctByTheirHash()
    {
        var (one, other) = (new string('a', 400) + "1", new string('a', 400) + "2");

        Assert.Equal(128, NameFolding.Fold(one).Length);
        Assert.NotEqual(NameFolding.Fold(one), NameFolding.Fold(other));
    }

    [Fact]
    public void FoldAll_AnyNames_GivesDistinctNamesOfTheContractInAnyOrder() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), given =>
        {
            var originals = given.OfType<string>().SelectMany(text => new[] { text, text.ToUpperInvariant(), text + " " }).Distinct().ToList();
            var names = NameFolding.FoldAll(originals);
            var reversed = NameFolding.FoldAll(originals.AsEnumerable().Reverse());
            return names.Count == originals.Count && names.Values.All(Name.IsValid) && names.Values.Distinct().Count() == originals.Count
                && names.All(pair => reversed[pair.Key] == pair.Value);
        }).QuickCheckThrowOnFailure();
}
