using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using Xunit;

namespace Contracts.Tests.DuckDb;

/// <summary>A query's rows as several files.</summary>
public sealed class ParquetFolderTests : DuckDbFixture
{
    [Fact]
    public void Write_ManyRows_AreCutIntoFiles()
    {
        var files = ParquetFolder.Write(Connection, "SELECT hash(i) AS h FROM range(1000000) t(i) -- all", Temp.File("out"), 2_000_000, Cancel);
        Assert.True(files.Count > 2, $"{files.Count} files");
        Assert.Equal(1_000_000, files.Sum(file => file.Rows));
    }

    [Fact]
    public void Write_NoRows_IsOneFile() => Assert.Equal(0, Assert.Single(ParquetFolder.Write(Connection, "SELECT 1 AS a WHERE false", Temp.File("out"), 1 << 20, Cancel)).Rows);

    [Fact]
    public void Write_Fails_LeavesNothing()
    {
        Assert.Throws<DuckDbException>(() => ParquetFolder.Write(Connection, "SELECT CASE WHEN i = 900000 THEN error('no') ELSE i::VARCHAR END AS h FROM range(1000000) t(i)", Temp.File("out"), 100_000, Cancel));
        Assert.False(Directory.Exists(Temp.File("out")));
    }

    [Fact]
    public void Write_ManyDaysMixed_EachDayHasItsFiles_LargeOnesAreCut()
    {
        var files = ParquetFolder.Write(Connection, "SELECT i, hash(i) AS h, DATE '2026-01-01' + (CASE WHEN i % 2 = 0 THEN 0 ELSE i % 300 END)::INTEGER AS dt FROM range(1000000) t(i)", Temp.File("out"), 2_000_000, Cancel, "dt");
        var days = files.GroupBy(file => DataFileName.PartitionOf(file.Path)).ToDictionary(day => day.Key!.Value, day => day.ToList());
        Assert.Equal(151, days.Count);
        Assert.Equal(1_000_000, files.Sum(file => file.Rows));
        Assert.True(days[new(2026, 1, 1)].Count > 1);
        Assert.All(days.Where(day => day.Key > new DateOnly(2026, 1, 1)), day => Assert.InRange(day.Value.Count, 1, 2));
        Assert.DoesNotContain(files[0].Columns, column => column.Name == "dt");
    }
}
