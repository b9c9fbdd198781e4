using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using FsCheck;
using FsCheck.Fluent;

namespace Contracts.Tests.Delta;

public sealed class SchemaEvolutionTests
{
    private static readonly DeltaSchema Table = new([new("id", PrimitiveType.Long, Nullable: false), new("address", new StructType([new("city", PrimitiveType.String)]))]);

    [Fact]
    public void Merge_SameColumns_GivesTheTableItself() =>
        Prop.ForAll(Arb.From(DeltaSchemaTests.Fields(3)), fields =>
        {
            var schema = new DeltaSchema(fields);
            return ReferenceEquals(schema, SchemaEvolution.Merge(schema, DeltaSchema.Parse(schema.Serialize()), "t"));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merge_PartOfAStruct_JoinsWithin()
    {
        var merged = SchemaEvolution.Merge(Table, new([Table.Fields[0], new("address", new StructType([new("zip", PrimitiveType.String)]))]), "t");

        Assert.Equal("id long, address struct<city: string, zip: string>", merged.ToString());
        Assert.False(merged.Fields[0].Nullable);
    }

    [Fact]
    public void Merge_ColumnThatIsLeftOut_BecomesNullable() => Assert.True(SchemaEvolution.Merge(Table, new([Table.Fields[1]]), "t").Fields[0].Nullable);

    [Fact]
    public void Merge_ColumnThatMayBeNullNow_BecomesNullable() =>
        Assert.True(SchemaEvolution.Merge(Table, new([new("id", PrimitiveType.Long), Table.Fields[1]]), "t").Fields[0].Nullable);

    [Fact]
    public void Merge_OtherTypeWithinAStruct_NamesThePath()
    {
        var error = Assert.Throws<UserError>(() => SchemaEvolution.Merge(Table, new([new("address", new StructType([new("city", PrimitiveType.Long)]))]), "t"));

        Assert.Contains("`address.city`", error.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("integer", "long")]
    [InlineData("long", "integer")]
    public void Merge_WiderOrNarrowerNumber_IsRefused(string before, string after)
    {
        var (one, other) = (Named(before), Named(after));

        Assert.Throws<UserError>(() => SchemaEvolution.Merge(one, other, "t"));
    }

    [Fact]
    public void Merge_NameInOtherCase_IsRefused() =>
        Assert.Equal("the columns `id` and `ID` of `t` differ only in case", Assert.Throws<UserError>(() => SchemaEvolution.Merge(Table, new([new("ID", PrimitiveType.Long)]), "t")).What);

    [Fact]
    public void RequireDistinctNames_NamesThatDifferOnlyInCase_AreRefused()
    {
        var twice = new DeltaSchema([new("a", new ArrayType(new StructType([new("x", PrimitiveType.Long), new("X", PrimitiveType.Long)])))]);

        Assert.Contains("`a.x` and `a.X`", Assert.Throws<UserError>(() => SchemaEvolution.RequireDistinctNames(twice, "t")).What, StringComparison.Ordinal);
    }

    private static DeltaSchema Named(string type) => new([new("n", PrimitiveType.All.Single(primitive => primitive.Name == type))]);
}
