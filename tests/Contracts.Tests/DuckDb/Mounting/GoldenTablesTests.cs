using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;
using Xunit;

namespace Contracts.Tests.DuckDb.Mounting;

/// <summary>Tables that other writers made: log, checkpoint, mount and rows together give what is expected, or the table is refused by name.</summary>
public sealed class GoldenTablesTests : DuckDbFixture
{
    [Theory]
    [InlineData("basic-with-inserts-deletes-checkpoint")]
    [InlineData("basic-with-inserts-overwrite-restore")]
    [InlineData("data-reader-partition-values")]
    [InlineData("data-reader-primitives")]
    [InlineData("snapshot-data0")]
    [InlineData("snapshot-data3")]
    [InlineData("snapshot-repartitioned")]
    [InlineData("time-travel-schema-changes-a")]
    public async Task Mount_GoldenTable_HasTheExpectedRows(string name)
    {
        var folder = Path.Combine(PublicMaterial.Folder("delta"), name);
        var snapshot = await ReadAsync(folder);
        TableViews.Create(Connection, [MountedTable.Of("raw", "t", snapshot!, path => Path.Combine(folder, "delta", path))]);
        var columns = Connection.Describe("FROM raw.t");
        var list = string.Join(", ", columns.Select(c => Sql.Identifier(c.Name)));
        var expected = $"SELECT {string.Join(", ", columns.Select(Expected))} FROM read_parquet({Sql.Literal(folder + "/expected/*.parquet")})";
        Assert.Equal(One($"SELECT count(*) FROM ({expected})"), One("SELECT count(*) FROM raw.t"));
        Assert.Equal(0L, One($"SELECT count(*) FROM ((SELECT {list} FROM raw.t EXCEPT ALL {expected}) UNION ALL ({expected} EXCEPT ALL SELECT {list} FROM raw.t))"));
    }

    [Fact]
    public async Task Read_CheckpointWithoutItsLog_IsTheTable()
    {
        var snapshot = await ReadAsync(Path.Combine(PublicMaterial.Folder("delta"), "checkpoint"));
        Assert.NotEmpty(snapshot!.Metadata.Schema.Fields);
    }

    [Theory]
    [InlineData("deltalog-invalid-protocol-version")]
    [InlineData("versions-not-contiguous")]
    public async Task Read_TableThatCannotBeRead_IsRefused(string name) =>
        await Assert.ThrowsAsync<UserError>(() => ReadAsync(Path.Combine(PublicMaterial.Folder("delta"), name)));

    [Fact]
    public async Task Read_FolderWithoutALog_IsNoTable() => Assert.Null(await ReadAsync(Path.Combine(PublicMaterial.Folder("delta"), "no-delta-log-folder")));

    [Theory]
    [InlineData("SELECT 1 AS a")]
    [InlineData("SELECT {'path': 1} AS add")]
    public async Task Read_ParquetThatIsNoCheckpoint_IsAUserErrorThatNamesIt(string select)
    {
        var file = ParquetWriter.Write(Connection, select, Temp.File("x.checkpoint.parquet"), new(), Cancel);
        var error = await Assert.ThrowsAsync<UserError>(() => new CheckpointReader(Database).ReadAsync(file.Path, "t/_delta_log/x.checkpoint.parquet", Cancel));
        Assert.Contains("x.checkpoint.parquet", error.What + string.Join("", error.Where), StringComparison.Ordinal);
    }

    // A partition value of a timestamp has no zone; the writer's was that of Los Angeles, which nothing in the table tells: it is read as UTC, as Delta recommends to write it.
    private static string Expected(ResultColumn column)
    {
        var name = Sql.Identifier(column.Name);
        return $"CAST({name} AS {column.Type}){(column.Name == "as_timestamp" ? " - INTERVAL 7 HOUR" : "")} AS {name}";
    }

    private async Task<TableSnapshot?> ReadAsync(string folder)
    {
        await using var store = ObjectStores.Open(BucketUri.Parse(folder));
        return await new TableLog(store, new CheckpointReader(Database)).ReadAsync("delta", null, Cancel);
    }
}
