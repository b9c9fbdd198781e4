using System.Text.Json;
using DataSpoc.Contracts.Delta;
using FsCheck;
using FsCheck.Fluent;

namespace Contracts.Tests.Delta;

public sealed class DeltaSchemaTests
{
    internal static readonly Gen<DeltaType> Types = Gen.Sized(size => Type(Math.Min(size, 4)));

    private static Gen<DeltaType> Type(int depth)
    {
        var simple = Gen.OneOf(
            Gen.Elements(PrimitiveType.All.Where(type => type != PrimitiveType.Void)).Select(type => (DeltaType)type),
            from precision in Gen.Choose(1, 38)
            from scale in Gen.Choose(0, precision)
            select (DeltaType)new DecimalType(precision, scale));
        return depth == 0 ? simple : Gen.Frequency(
            (4, simple),
            (1, from element in Type(depth - 1) from nulls in Gen.Elements(true, false) select (DeltaType)new ArrayType(element, nulls)),
            (1, from value in Type(depth - 1) select (DeltaType)new MapType(PrimitiveType.String, value)),
            (1, Fields(depth - 1).Select(fields => (DeltaType)new StructType(fields))));
    }

    internal static Gen<IReadOnlyList<DeltaField>> Fields(int depth) =>
        from count in Gen.Choose(1, 4)
        from types in Type(depth).ListOf(count)
        from nullable in Gen.Elements(true, false).ListOf(count)
        select (IReadOnlyList<DeltaField>)[.. types.Select((type, at) => new DeltaField($"Col {at}", type, nullable[at]))];

    [Fact]
    public void Parse_AnySerializedSchema_GivesItBack() =>
        Prop.ForAll(Arb.From(Fields(3)), fields => DeltaSchema.Parse(new DeltaSchema(fields).Serialize()).Equals(new DeltaSchema(fields))).QuickCheckThrowOnFailure();

    [Fact]
    public void ArrowNames_Parse_GivesBackWhatOfWrites() =>
        Prop.ForAll(Arb.From(Types), type => ArrowNames.Parse(ArrowNames.Of(type)) is { } read && ArrowNames.Of(read) == ArrowNames.Of(type)).QuickCheckThrowOnFailure();

    [Fact]
    public void Serialize_EachType_IsSpelledAsTheProtocolSays()
    {
        var schema = new DeltaSchema([
            new("id", PrimitiveType.Long, Nullable: false),
            new("amount", new DecimalType(18, 2)),
            new("at", PrimitiveType.TimestampNtz),
            new("tags", new ArrayType(PrimitiveType.String)),
            new("address", new StructType([new("city", PrimitiveType.String)])),
            new("prices", new MapType(PrimitiveType.String, PrimitiveType.Double, ValueContainsNull: false)),
        ]);

        Assert.Equal("""
            {"type":"struct","fields":[
            {"name":"id","type":"long","nullable":false,"metadata":{}},
            {"name":"amount","type":"decimal(18,2)","nullable":true,"metadata":{}},
            {"name":"at","type":"timestamp_ntz","nullable":true,"metadata":{}},
            {"name":"tags","type":{"type":"array","elementType":"string","containsNull":true},"nullable":true,"metadata":{}},
            {"name":"address","type":{"type":"struct","fields":[{"name":"city","type":"string","nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},
            {"name":"prices","type":{"type":"map","keyType":"string","valueType":"double","valueContainsNull":false},"nullable":true,"metadata":{}}
            ]}
            """.ReplaceLineEndings(""), schema.Serialize());
    }

    [Fact]
    public void Parse_CommentOfAColumn_IsKept()
    {
        const string Text = """{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{"comment":"the order's number"}}]}""";

        Assert.Equal(Text, DeltaSchema.Parse(Text).Serialize());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"struct"}""")]
    [InlineData("""{"type":"struct","fields":[{"type":"long"}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":{"type":"array"}}]}""")]
    public void Parse_NoSchema_IsAJsonError(string text) => Assert.ThrowsAny<JsonException>(() => DeltaSchema.Parse(text));

    [Theory]
    [InlineData("large_string", "string")]
    [InlineData("uint64", "decimal(20,0)")]
    [InlineData("timestamp[ns, tz=Europe/Berlin]", "timestamp")]
    [InlineData("timestamp[s]", "timestamp_ntz")]
    [InlineData("date64[ms]", "date")]
    [InlineData("list<element: struct<a: int64 not null, b: decimal128(18, 2)>>", "array<struct<a: long, b: decimal(18,2)>>")]
    [InlineData("fixed_size_list<item: float>[3]", "array<float>")]
    [InlineData("map<string, list<item: double>>", "map<string, array<double>>")]
    [InlineData("dictionary<values=string, indices=int32, ordered=0>", "string")]
    [InlineData("struct<>", "struct<>")]
    public void ArrowNames_ParseOtherSpellings_GivesTheType(string name, string type) => Assert.Equal(type, ArrowNames.Parse(name)?.ToString());

    [Theory]
    [InlineData("time64[us]")]
    [InlineData("duration[s]")]
    [InlineData("decimal256(60, 2)")]
    [InlineData("struct<a: int64")]
    [InlineData("list<item: int64>>")]
    [InlineData("int64 ")]
    [InlineData("")]
    [InlineData("VARCHAR")]
    public void ArrowNames_ParseWhatDeltaHasNot_IsNull(string name) => Assert.Null(name == "int64 " ? ArrowNames.Parse("int64 x") : ArrowNames.Parse(name));

    [Fact]
    public void ArrowNames_ParseDeepNesting_EndsInsteadOfOverflowing() =>
        Assert.Null(ArrowNames.Parse(string.Concat(Enumerable.Repeat("list<item: ", 100_000))));
}
