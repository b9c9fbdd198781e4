using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Delta;

public sealed class TableChangeTests
{
    internal static readonly TableChange Full = Change(ChangeMode.OverwritePartitions, 3, "2026-01-30", "2026-01-31") with
    {
        Partitions = ["2026-01-29"],
        Adopted = [new("orders_0000.parquet", 5, Now, null, null), new("dt=2026-01-01/o.parquet", 6, Now, "2026-01-01", new(2))],
        PrimaryKey = ["id", "line"],
        SourceName = "Orders \"2026\"",
        Inputs = ["raw/shop/orders@4"],
        KeepHistory = TimeSpan.FromDays(7),
        ReadVersion = 12,
        Operation = "MERGE",
        Checks = new JsonObject { ["passed"] = true },
        Files =
        [
            File(3, 1, "2026-01-30"),
            new(new(Orders.KeyOf("dt=2026-01-31/x.parquet"), 9, "upload~1", ["etag1", "etag2"], null), "2026-01-31", 3, new(3) { NullCount = new() { ["a"] = 1 } }),
            new(new(Orders.KeyOf("dt=2026-01-31/y.parquet"), 9, null, [], null), "2026-01-31", 3, null),
        ],
    };

    [Fact]
    public void FromJson_EveryMember_GivesItBack()
    {
        var read = TableChange.FromJson((JsonObject)JsonNode.Parse(Full.ToJson().ToJsonString())!);

        Assert.Equal(Full.ToJson().ToJsonString(), read.ToJson().ToJsonString());
        Assert.Equal((Full.Location, Full.Mode, Full.KeepHistory, Full.ReadVersion), (read.Location, read.Mode, read.KeepHistory, read.ReadVersion));
        Assert.Equal(["etag1", "etag2"], read.Files[1].Staged.Parts);
        Assert.Equal(Full.Schema, read.Schema);
    }

    [Fact]
    public void FromJson_AnotherProcess_PlansTheSameCommit()
    {
        var change = Change(ChangeMode.Append, 1, "2026-01-31");

        var (here, there) = (CommitPlanner.Plan(null, change, Now), CommitPlanner.Plan(null, TableChange.FromJson(change.ToJson()), Now));

        Assert.Equal(Lines(((PlannedCommit)here).Actions), Lines(((PlannedCommit)there).Actions));
    }

    [Theory]
    [InlineData("location", "\"../etc\"", "`location` is not the folder of a table")]
    [InlineData("mode", "\"upsert\"", "`mode` is not append, overwrite, overwrite_partitions, replace_files")]
    [InlineData("keep_history", "\"7 days\"", "`keep_history` is not a duration such as P7D")]
    [InlineData("files", """[{"key":"gold/x/y/z.parquet","size":1,"rows":1}]""", "`files[0].key` is not a file of `raw/shop/orders`")]
    [InlineData("files", """[{"key":"raw/shop/orders/../../../x","size":1,"rows":1}]""", "`files[0].key` is not a file of `raw/shop/orders`")]
    [InlineData("files", """[{"key":"raw/shop/orders/x.parquet","size":1,"rows":1,"staged_as":"/etc/passwd"}]""", "`files[0].staged_as` is not a file of the bucket")]
    [InlineData("adopted", """[{"path":"../x","size":1,"modified_at":"2026-01-31T00:00:00Z"}]""", "`adopted[0].path` is not a file of the table")]
    [InlineData("schema", "{}", "`schema` lacks `type`")]
    public void FromJson_MemberThatDoesNotFit_IsNamed(string member, string value, string message)
    {
        var json = Full.ToJson();
        json[member] = JsonNode.Parse(value);

        Assert.Equal(message, Assert.Throws<JsonException>(() => TableChange.FromJson(json)).Message);
    }
}
