using System.Text;
using System.Text.Json.Nodes;
using Contracts.Tests.Delta;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using FsCheck;
using FsCheck.Fluent;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Documents;

public sealed class ManifestTests
{
    private const string Version10 = """
        {"version":"1.0","updated_at":"2026-01-30T08:15:30.123456+00:00","tables":{
          "shop/orders":{"source":"shop","table":"orders",
            "columns":[{"name":"id","type":"int64","nullable":false,"comment":"key"},{"name":"amount","type":"decimal128(18, 2)","nullable":true}],
            "stats":{"total_rows":41,"extractions":3,"last_extraction":"2026-01-30T08:15:30.123456","last_extraction_rows":7,"source_seconds":1.5},"owner":"ana"},
          "shop/Items":{"source":"shop","table":"Items","columns":[],"stats":{}}}}
        """;

    [Fact]
    public void Parse_DataSpoc10AsMap_HasItsTables()
    {
        var manifest = Parse(Version10);

        Assert.Equal("1.0", manifest.Version);
        Assert.Equal(["shop/Items", "shop/orders"], manifest.Tables.Keys);
        var orders = manifest.Tables["shop/orders"];
        Assert.Equal("raw/shop/orders", orders.Location.Folder);
        Assert.Equal(new ManifestColumn("amount", "decimal128(18, 2)", true), orders.Columns[1]);
        Assert.Equal((41L, 3L, 7L), (orders.Statistics.TotalRows, orders.Statistics.Extractions, orders.Statistics.LastExtractionRows));
        Assert.Equal(new DateTimeOffset(2026, 1, 30, 8, 15, 30, TimeSpan.Zero).AddMicroseconds(123456), orders.Statistics.LastExtraction);
        Assert.Null(orders.Snapshot);
    }

    [Theory]
    [InlineData("""{"version":"1.0","tables":[{"source":"shop","table":"orders","columns":[],"stats":{"total_rows":41}}]}""")]
    [InlineData("""{"version":1.0,"tables":[{"source":"shop","table":"orders","columns":[],"stats":{"total_rows":41}}]}""")]
    [InlineData("""[{"source":"shop","table":"orders","columns":[],"stats":{"total_rows":41}}]""")]
    public void Parse_DataSpoc10AsList_HasItsTables(string json) => Assert.Equal(41, Parse(json).Tables["shop/orders"].Statistics.TotalRows);

    [Theory]
    [InlineData("1.1")]
    [InlineData("1.2")]
    [InlineData("1.17")]
    public void Parse_Any1x_IsReadAndNotLowered(string version)
    {
        var manifest = Parse($$$"""{"version":"{{{version}}}","tables":{}}""");

        Assert.Equal(version, (string?)JsonNode.Parse(manifest.Merge(new(Orders), "pipe 0.1.0", Now).Serialize())!["version"]);
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("10.1")]
    public void Parse_AnotherMajorVersion_IsRefusedNamingBoth(string version)
    {
        var error = Assert.Throws<UserError>(() => Parse($$$"""{"version":"{{{version}}}","tables":{}}"""));

        Assert.Equal($"the manifest `.dataspoc/manifest.json` is of version {version}, and this tool reads 1.x (it writes 1.1)", error.What);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("7")]
    [InlineData("""{"version":"new","tables":{}}""")]
    [InlineData("""{"version":"1.1","tables":7}""")]
    [InlineData("""{"version":"1.1","tables":{"shop/orders":[]}}""")]
    [InlineData("""{"version":"1.1","tables":{"shop/orders":{"stats":{"total_rows":"many"}}}}""")]
    [InlineData("""{"version":"1.1","tables":{"shop/orders":{"columns":[{"type":"int64"}]}}}""")]
    public void Parse_Damaged_NamesTheKeyAndOffersToRebuild(string json)
    {
        var error = Assert.Throws<UserError>(() => Parse(json));

        Assert.Equal("the manifest `.dataspoc/manifest.json` is corrupt", error.What);
        Assert.Equal(ExitCode.Failed, error.ExitCode);
        Assert.Contains("`pipe manifest rebuild`", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_Entry_KeepsWhatIsNotKnownAtEveryLevel()
    {
        var manifest = Parse(Version10.Replace("\"tables\"", "\"team\":{\"name\":\"sales\"},\"tables\"", StringComparison.Ordinal));
        var entry = ManifestEntry.From(Orders, Table(Change(ChangeMode.Append, 1, "2026-01-31")), manifest.Tables["shop/orders"]);

        var written = JsonNode.Parse(manifest.Merge(entry, "pipe 0.1.0", Now).Serialize())!;

        Assert.Equal("sales", (string?)written["team"]!["name"]);
        Assert.Equal(("1.1", "1.1", "pipe 0.1.0", "2026-01-31T12:00:00Z"),
            ((string?)written["version"], (string?)written["contract"], (string?)written["writer"], (string?)written["updated_at"]));
        var orders = written["tables"]!["shop/orders"]!;
        Assert.Equal("ana", (string?)orders["owner"]);
        Assert.Equal("key", (string?)orders["columns"]![0]!["comment"]);
        Assert.Equal(1.5, (double?)orders["stats"]!["source_seconds"]);
        Assert.Equal(10, (long?)orders["stats"]!["total_rows"]);
        Assert.Equal("Items", (string?)written["tables"]!["shop/Items"]!["table"]);
    }

    [Fact]
    public void Merge_EntryMadeWithoutThePreviousOne_StillKeepsItsMembers() =>
        Assert.Contains("\"owner\": \"ana\"", Text(Parse(Version10).Merge(ManifestEntry.From(Orders, Table(Change(ChangeMode.Append, 1, [null]))), "pipe 0.1.0", Now)), StringComparison.Ordinal);

    [Fact]
    public void Serialize_TableOf11_HasTheContractsMembers()
    {
        var change = Change(ChangeMode.Append, 1, "2026-01-31") with { PrimaryKey = ["id"], SourceName = "Orders", Inputs = ["raw/x/y@3"], Checks = new JsonObject { ["passed"] = 2 } };

        var entry = JsonNode.Parse(Manifest.Empty.Merge(ManifestEntry.From(Orders, Table(change)), "pipe 0.1.0", Now).Serialize())!["tables"]!["shop/orders"]!;

        Assert.True(JsonNode.DeepEquals(entry, JsonNode.Parse("""
            {"source":"shop","table":"orders","layer":"raw","location":"raw/shop/orders","format":"delta","snapshot":0,"partition_by":["dt"],"primary_key":["id"],"source_name":"Orders",
             "columns":[{"name":"id","type":"int64","nullable":true},{"name":"amount","type":"decimal128(18, 2)","nullable":true},{"name":"dt","type":"date32[day]","nullable":true}],
             "stats":{"total_rows":10,"extractions":1,"last_extraction":"2026-01-31T12:00:00Z","last_extraction_rows":10,"files":1,"bytes":1001},
             "inputs":["raw/x/y@3"],"checks":{"passed":2}}
            """)), entry.ToJsonString());
    }

    [Fact]
    public void From_RereadLog_GivesTheEntryThatWasMergedAtTheCommit()
    {
        var change = Change(ChangeMode.Append, 2, "2026-01-31") with { PrimaryKey = ["id"], Inputs = ["raw/x/y@3"] };
        var before = Table(Change(ChangeMode.Append, 1, "2026-01-30"));
        var commit = (PlannedCommit)CommitPlanner.Plan(before, change, Now.AddTicks(1234567));

        Assert.Equal(ManifestEntry.From(Orders, before.With(1, commit.Actions)), ManifestEntry.From(Orders, before.With(1, Reread(commit.Actions))));
    }

    [Fact]
    public void From_CommitOfAnotherWriter_KeepsWhatThePreviousEntryTold()
    {
        var table = Table(Change(ChangeMode.Append, 1, [null])) with { LastWrite = null };
        var previous = new ManifestEntry(Orders) { Statistics = new() { Extractions = 7, LastExtractionRows = 3 }, Inputs = ["a@1"] };

        var entry = ManifestEntry.From(Orders, table, previous);

        Assert.Equal((7L, 3L, 10L), (entry.Statistics.Extractions, entry.Statistics.LastExtractionRows, entry.Statistics.TotalRows));
        Assert.Equal(["a@1"], entry.Inputs);
    }

    [Fact]
    public void Merge_TablesOfAllLayers_HaveTheirKeys()
    {
        var manifest = Manifest.Empty;
        foreach (var layer in LayerNames.All)
            manifest = manifest.Merge(new(new TableLocation(layer, layer.IsMl ? null : "shop", "late")), "x", Now);

        var read = Parse(Text(manifest));

        Assert.Equal(
            ["curated/shop/late", "features/late", "gold/shop/late", "monitoring/late", "predictions/late", "quarantine/shop/late", "shop/late"],
            read.Tables.Keys);
        Assert.Equal(manifest.Tables.Values.Select(entry => entry.Location), read.Tables.Values.Select(entry => entry.Location));
    }

    [Fact]
    public void Merge_EntryOfALayerThatIsNotKnown_IsKept()
    {
        var manifest = Parse("""{"version":"1.4","tables":{"platinum/a/b":{"anything":[1,2]},"../x":{"a":1}}}""");

        Assert.Empty(manifest.Tables);
        Assert.Equal(["../x", "platinum/a/b"], manifest.ForeignKeys);
        Assert.Equal("[1,2]", JsonNode.Parse(manifest.Merge(new(Orders), "x", Now).Serialize())!["tables"]!["platinum/a/b"]!["anything"]!.ToJsonString());
    }

    [Fact]
    public void Parse_RawTableWithItsLayerInTheKey_IsThatTable()
    {
        var manifest = Parse("""{"version":"1.1","tables":{"raw/shop/orders":{"source":"shop","table":"orders","stats":{"total_rows":1}}}}""");

        Assert.Equal(["shop/orders"], Parse(Text(manifest.Merge(new(Orders), "x", Now))).Tables.Keys);
    }

    [Fact]
    public void Serialize_EntriesThatNothingChanged_AreAsTheyWereRead()
    {
        var written = JsonNode.Parse(Parse(Version10).Merge(new(new TableLocation(Layer.Raw, "shop", "new")), "x", Now).Serialize())!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Version10)!["tables"]!["shop/orders"], written["tables"]!["shop/orders"]));
    }

    [Fact]
    public void Without_Entry_IsGone()
    {
        var manifest = Parse(Version10).Without("shop/orders", "pipe 0.1.0", Now);

        Assert.Equal(["shop/Items"], Parse(Text(manifest)).Tables.Keys);
    }

    [Fact]
    public void Merge_EntriesOfTwoRunsInAnyOrder_GivesTheSameTables() =>
        Prop.ForAll(Arb.From(Gen.Shuffle(new[] { "a", "b", "c", "d" })), order =>
        {
            var manifest = order.Aggregate(Parse(Version10), (known, table) => known.Merge(new(new TableLocation(Layer.Raw, "shop", table)), "x", Now));
            return Text(manifest) == Text(new[] { "a", "b", "c", "d" }.Aggregate(Parse(Version10), (known, table) => known.Merge(new(new TableLocation(Layer.Raw, "shop", table)), "x", Now)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Serialize_ManifestThatWasRead_IsTheSame()
    {
        var manifest = Manifest.Empty;
        var entry = ManifestEntry.From(Orders, Table(Change(ChangeMode.Append, 1, "2026-01-31")));
        for (var table = 0; table < 200; table++)
            manifest = manifest.Merge(entry with { Location = new(Layer.Raw, "shop", $"t{table}") }, "x", Now);

        Assert.Equal(Text(manifest), Text(Parse(Text(manifest))));
    }

    private static Manifest Parse(string json) => Manifest.Parse(Encoding.UTF8.GetBytes(json), ".dataspoc/manifest.json");

    private static string Text(Manifest manifest) => Encoding.UTF8.GetString(manifest.Serialize());
}
