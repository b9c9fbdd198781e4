using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Mounting;
using Xunit;

namespace Contracts.Tests.DuckDb.Mounting;

public sealed class TableViewsTests : DuckDbFixture
{
    [Fact]
    public void Create_ColumnsThatEvolved_ReadAsTheirNewestType()
    {
        var table = Table(
            "a BIGINT, b VARCHAR, n DECIMAL(9,2), s STRUCT(p BIGINT, q VARCHAR, r INTEGER[]), at TIMESTAMPTZ",
            File("1.parquet", "SELECT 1::INT AS a, 'x' AS b, {'p': 1::INT, 'q': 'z'} AS s"),
            File("2.parquet", "SELECT {'r': [1, NULL], 'p': 2::BIGINT} AS s, 'y' AS b, 10000000000 AS a, 1.5::DECIMAL(9,2) AS n, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS at, 'gone' AS dropped"),
            File("3.parquet", "SELECT 7::SMALLINT AS A"));
        TableViews.Create(Connection, [table]);
        Assert.Equal(
            [
                ["1", "x", null, "{'p': 1, 'q': z, 'r': NULL}", null],
                ["10000000000", "y", "1.50", "{'p': 2, 'q': NULL, 'r': [1, NULL]}", "2024-01-01 00:00:00+00"],
                ["7", null, null, null, null],
            ],
            Rows("SELECT COLUMNS(*)::VARCHAR FROM raw.t"));
        Assert.Equal(table.Columns.Select(c => (c.Name, c.Type)), Connection.Describe("FROM raw.t").Select(c => (c.Name, c.Type)));
    }

    [Fact]
    public void Create_Dt_IsADateThatPrunesFiles()
    {
        var table = Table(
            "dt DATE, a BIGINT",
            File("dt=2024-01-01/1.parquet", "SELECT 1 AS a", "2024-01-01"),
            File("dt=2024-01-02/2.parquet", "SELECT 2 AS a", "2024-01-02"),
            File("other, and [odd]/3.parquet", "SELECT 3 AS a", null)) with { PartitionColumns = ["dt"] };
        TableViews.Create(Connection, [table]);
        Assert.Equal([[new DateOnly(2024, 1, 1), 1L], [new DateOnly(2024, 1, 2), 2L], [null, 3L]], Rows("FROM raw.t"));
        Assert.Equal(2L, One("SELECT a FROM raw.t WHERE dt > '2024-01-01'"));
        Assert.Equal(3L, One("SELECT a FROM raw.t WHERE dt IS NULL"));
        Assert.Contains("Scanning Files: 1/3", (string)Rows("EXPLAIN SELECT a FROM raw.t WHERE dt = '2024-01-02'")[0][1]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FilesOfOtherDays_AreNotOpened()
    {
        var table = Table(
            "a BIGINT, dt DATE",
            File("dt=2024-01-01/1.parquet", "SELECT 1 AS a", "2024-01-01"),
            File("dt=2024-01-02/2.parquet", "SELECT 2 AS a", "2024-01-02")) with { PartitionColumns = ["dt"] };
        System.IO.File.WriteAllText(table.Files[1].LocalPath, "not Parquet");
        TableViews.Create(Connection, [table]);
        Assert.Equal(1L, One("SELECT sum(a)::BIGINT FROM raw.t WHERE dt = DATE '2024-01-01'"));
        Assert.Throws<DuckDbException>(() => One("SELECT sum(a) FROM raw.t"));
    }

    [Theory]
    [InlineData("cache/ab/0a.parquet", "cache/cd/1b.parquet")]
    [InlineData("dt=2024-01-02/x.parquet", "dt=2024-01-01/y.parquet")]
    [InlineData("a/dt=2024-01-01/x.parquet", "aa/dt=2024-01-02/y.parquet")]
    public void Create_DtThatPathsDoNotTell_ComesFromThePartition(string first, string second)
    {
        var table = Table("a BIGINT, dt DATE", File(first, "SELECT 1 AS a", "2024-01-01"), File(second, "SELECT 2 AS a", "2024-01-02")) with { PartitionColumns = ["dt"] };
        TableViews.Create(Connection, [table]);
        Assert.Equal([[1L, new DateOnly(2024, 1, 1)], [2L, new DateOnly(2024, 1, 2)]], Rows("FROM raw.t"));
        Assert.Contains("Scanning Files: 1/2", (string)Rows("EXPLAIN SELECT a FROM raw.t WHERE dt = '2024-01-02'")[0][1]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_PathThatLooksLikeADayButIsNone_IsNull()
    {
        var table = Table("a BIGINT, dt DATE", File("dt=2024-01-01/1.parquet", "SELECT 1 AS a", "2024-01-01"), File("xxx2023-05-05.parquet", "SELECT 2 AS a", null)) with { PartitionColumns = ["dt"] };
        TableViews.Create(Connection, [table]);
        Assert.Equal([new DateOnly(2024, 1, 1), null], Rows("SELECT dt FROM raw.t").Select(r => r[0]));
    }

    [Fact]
    public void Create_PartitionOfSeveralTypes_AreTyped()
    {
        MountedFile Part(string name, string? n, string? text) => File(name, "SELECT 1 AS a") with { PartitionValues = new Dictionary<string, string?> { ["n"] = n, ["text"] = text } };
        var table = Table("n INTEGER, a BIGINT, \"text\" VARCHAR", Part("1.parquet", "5", "it's"), Part("2.parquet", null, "b"), Part("3.parquet", "-7", null)) with { PartitionColumns = ["n", "text"] };
        TableViews.Create(Connection, [table]);
        Assert.Equal([[5, 1L, "it's"], [null, 1L, "b"], [-7, 1L, null]], Rows("FROM raw.t"));
    }

    [Fact]
    public void Create_DataColumnCalledFilename_IsItself()
    {
        var table = Table(
            "filename VARCHAR, dt DATE",
            File("dt=2024-01-01/1.parquet", "SELECT 'mine' AS filename", "2024-01-01"),
            File("dt=2024-01-02/2.parquet", "SELECT 'yours' AS filename", "2024-01-02")) with { PartitionColumns = ["dt"] };
        TableViews.Create(Connection, [table]);
        Assert.Equal("yours", One("SELECT filename FROM raw.t WHERE dt = '2024-01-02'"));
    }

    [Fact]
    public void Create_DtInTheFileToo_ThePartitionWins()
    {
        var table = Table("dt DATE, a BIGINT", File("dt=2024-01-01/1.parquet", "SELECT 'nonsense' AS dt, 1 AS a", "2024-01-01")) with { PartitionColumns = ["dt"] };
        TableViews.Create(Connection, [table]);
        Assert.Equal(new DateOnly(2024, 1, 1), One("SELECT dt FROM raw.t"));
    }

    [Fact]
    public void Create_NoFiles_IsAnEmptyTableWithItsColumns()
    {
        var table = Table("a BIGINT, s STRUCT(p BIGINT[], \"q r\" MAP(VARCHAR, DATE)), dt DATE") with { PartitionColumns = ["dt"] };
        TableViews.Create(Connection, [table]);
        Assert.Empty(Rows("FROM raw.t"));
        Assert.Equal(table.Columns.Select(c => (c.Name, c.Type)), Connection.Describe("FROM raw.t").Select(c => (c.Name, c.Type)));
    }

    [Theory]
    [InlineData("a'b, c.parquet")]
    [InlineData("[x] * ? {y}.parquet")]
    [InlineData("ünï\U0001F600 %20.parquet")]
    [InlineData("dt=2024-01-01\\x.parquet")]
    public void Create_OddFileName_IsReadLiterally(string name)
    {
        File("decoy.parquet", "SELECT 99 AS a");
        var table = Table("a BIGINT, dt DATE", File("dt=2024-01-01/" + name, "SELECT 1 AS a", "2024-01-01"), File("dt=2024-01-02/" + name, "SELECT 2 AS a", "2024-01-02")) with { PartitionColumns = ["dt"] };
        TableViews.Create(Connection, [table]);
        Lockdown.Apply(Connection, table.Paths);
        Assert.Equal([[1L, new DateOnly(2024, 1, 1)], [2L, new DateOnly(2024, 1, 2)]], Rows("FROM raw.t"));
    }

    [Theory]
    [InlineData("select")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    [InlineData("a, b {c}")]
    [InlineData("ünï \U0001F600")]
    public void Create_OddNames_AreTakenAsTheyAre(string name)
    {
        var table = new MountedTable(name, name, [new(name, LogicalType.Integer)], [File("1.parquet", $"SELECT 1 AS {Sql.Identifier(name)}")]) { Bucket = name + "2" };
        TableViews.Create(Connection, [table]);
        var quoted = Sql.Identifier(name);
        Assert.Equal(1, One($"SELECT {quoted} FROM {Sql.Identifier(name + "2")}.{quoted}.{quoted}"));
    }

    [Fact]
    public void Create_MissingFile_IsAUserErrorThatNamesIt()
    {
        var table = Table("a BIGINT", new MountedFile(Temp.File("gone.parquet")));
        var error = Assert.Throws<UserError>(() => TableViews.Create(Connection, [table]));
        Assert.Contains(("file", Temp.File("gone.parquet")), error.Where);
    }

    [Fact]
    public void Declare_Tables_AreKnownToTheCatalog()
    {
        TableViews.Declare(Connection, [Table("a BIGINT, b VARCHAR", new MountedFile(Temp.File("gone.parquet")))]);
        Assert.Equal([["a", "BIGINT"], ["b", "VARCHAR"]], Rows("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'raw' AND table_name = 't' ORDER BY ordinal_position"));
    }

    [Fact]
    public void PlainFolder_FilesOfSeveralShapes_MakeOneTable()
    {
        var table = PlainFolder.Table(Connection, "raw", "t",
        [
            File("dt=2024-01-01/1.parquet", "SELECT 1::INT AS a, 'x' AS b", "2024-01-01"),
            File("0000.parquet", "SELECT 2::BIGINT AS a, TIME '12:00' AS c", null),
        ]);
        Assert.Equal(["a BIGINT", "b VARCHAR", "c VARCHAR", "dt DATE"], table.Columns.Select(c => $"{c.Name} {c.Type}"));
        TableViews.Create(Connection, [table]);
        Assert.Equal([[1L, "x", null, new DateOnly(2024, 1, 1)], [2L, null, "12:00:00", null]], Rows("FROM raw.t"));
    }

    [Fact]
    public void PlainFolder_ADamagedFile_IsNamed()
    {
        System.IO.File.WriteAllText(Temp.File("bad.parquet"), "not Parquet at all");
        var error = Assert.Throws<UserError>(() => PlainFolder.Table(Connection, "raw", "t", [File("1.parquet", "SELECT 1 AS a"), new(Temp.File("bad.parquet"))]));
        Assert.Contains(("file", Temp.File("bad.parquet")), error.Where);
    }

    private static MountedTable Table(string columns, params MountedFile[] files) =>
        new("raw", "t", [.. LogicalType.Parse($"STRUCT({columns})").Fields.Select(f => new MountedColumn(f.Name, f.Type))], files);

    private MountedFile File(string name, string select)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Temp.File(name))!);
        return new(ParquetWriter.Write(Connection, select, Temp.File(name), new(), Cancel).Path);
    }

    private MountedFile File(string name, string select, string? dt) => File(name, select) with { PartitionValues = new Dictionary<string, string?> { ["dt"] = dt } };
}
