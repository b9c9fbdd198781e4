using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Profiling;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Training;
using Xunit;

namespace Ml.Tests.Data.Reading;

public sealed class LearningTableReaderTests
{
    private static (LearningTable Table, TablePreparation Preparation, long Infinite) Read(string select, string target = "y", LearningTask task = LearningTask.Regression)
    {
        using var tables = new Tables();
        var table = tables.Of(select);
        var cancel = TestContext.Current.CancellationToken;
        var column = table.Require(target, "target");
        var profiler = new TableProfiler(tables.Connection, table, cancel);
        var preparation = PreparationPlanner.Plan(profiler.Columns(column, 0), new() { Kept = table.Columns.Select(c => c.Name).ToHashSet(), Classes = 20 });
        string[] classes = task == LearningTask.Regression ? [] : [.. profiler.TargetValues(column, 10).Select(v => v.Text)];
        var (learning, infinite, _, _) = LearningTableReader.Read(tables.Connection, table, preparation, new(target, column.Type.ToString(), task, classes), new(), null, cancel);
        return (learning, preparation, infinite);
    }

    [Fact]
    public void Read_EveryNumericType_BecomesItsNumber()
    {
        var (table, preparation, _) = Read("""
            SELECT 1 AS y, 2::TINYINT AS a, 3::UBIGINT AS b, 4::HUGEINT AS c, 5.25::DECIMAL(18,2) AS d, 1.5::FLOAT AS e, true AS f, TIME '01:00:30' AS g, INTERVAL 2 HOUR AS h
            UNION ALL SELECT 2, 0, 0, 0, 0, 0, false, NULL, INTERVAL 0 HOUR
            """);
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h"], preparation.Features.Select(f => f.Name));
        Assert.Equal([2, 3, 4, 5.25f, 1.5f, 1, 3630, 7200], table.Values.Row(0).ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0, float.NaN, 0], table.Values.Row(1).ToArray());
        Assert.Equal([1, 2], table.Labels);
    }

    [Fact]
    public void Read_InfiniteAndTooLargeNumbers_AreMissingAndCounted()
    {
        var (table, _, infinite) = Read("SELECT 1 AS y, x::DOUBLE AS x FROM (VALUES ('1'), ('inf'), ('-inf'), ('nan'), ('1e300'), (NULL)) v(x)");
        Assert.Equal([1, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN], Enumerable.Range(0, 6).Select(i => table.Values.Row(i)[0]));
        Assert.Equal(3, infinite);
    }

    [Fact]
    public void Read_Moments_OfEveryTypeGiveTheSameParts()
    {
        var (table, _, _) = Read("""
            SELECT 1 AS y, TIMESTAMP '2024-02-29 13:05:00' AS a, TIMESTAMPTZ '2024-02-29 13:05:00+00' AS b, TIMESTAMP_NS '2024-02-29 13:05:00' AS c, TIMESTAMP_S '2024-02-29 13:05:00' AS d,
                   TIMESTAMP_MS '2024-02-29 13:05:00' AS e, DATE '2024-02-29' AS f
            UNION ALL SELECT 2, TIMESTAMP 'infinity', TIMESTAMPTZ '-infinity', NULL, NULL, NULL, DATE 'infinity'
            """);
        var days = (float)(19782 + 13 / 24.0 + 5 / 1440.0);
        float[] moment = [days, 2, 29, 4, 13];
        Assert.Equal([.. moment, .. moment, .. moment, .. moment, .. moment, 19782, 2, 29, 4], table.Values.Row(0).ToArray());
        Assert.All(table.Values.Row(1).ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Read_Categories_HaveCodesByFrequency()
    {
        var (table, preparation, _) = Read("SELECT 1 AS y, c, e::ENUM('x', 'y') AS e FROM (VALUES ('b', 'x'), ('a', 'y'), (NULL, NULL), ('b', 'x'), ('Ä', 'x')) v(c, e)");
        Assert.Equal(["b", "a", "Ä"], preparation.Columns[0].Categories);
        Assert.Equal([0, 1, float.NaN, 0, 2], Enumerable.Range(0, 5).Select(i => table.Values.Row(i)[0]));
        Assert.Equal([0, 1, float.NaN, 0, 0], Enumerable.Range(0, 5).Select(i => table.Values.Row(i)[1]));
    }

    [Fact]
    public void Read_MoreValuesThanCodes_PutsTheRareOnesTogether()
    {
        var (table, preparation, _) = Read("SELECT 1 AS y, 'v' || least(i, 600 - i) AS c FROM range(600) t(i) ORDER BY i");
        Assert.True(preparation.Columns[0].Others);
        Assert.Equal(ColumnProfile.MostCategories, preparation.Columns[0].Categories.Count);
        // v0 and v300 are there once each, all others twice
        Assert.Equal(254, table.Values.Row(0)[0]);
        Assert.Equal(254, table.Values.Row(300)[0]);
        Assert.Equal(table.Values.Row(10)[0], table.Values.Row(590)[0]);
    }

    [Fact]
    public void Read_ManyValues_HaveTheSameOrderHoweverTheyAreCounted()
    {
        // 1,500 values are counted in one pass, 3,000 by a query of their own; ties are in the order of UTF-8
        static string Select(int values) => $"SELECT 1 AS y, chr(65536 - 1000 + (hash(i % {values}) % 2000)::INTEGER) || (i % {values}) AS c FROM range(9000) t(i)";
        foreach (var values in new[] { 1500, 3000 })
        {
            var categories = Read(Select(values)).Preparation.Columns[0].Categories;
            Assert.Equal(254, categories.Count);
            Assert.Equal(categories.OrderBy(c => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(c)), StringComparer.Ordinal), categories);
        }
    }

    [Fact]
    public void Read_RowsWithoutTarget_AreNotThere()
    {
        var (table, _, _) = Read("SELECT y, y AS x FROM (VALUES (1::DOUBLE), (NULL), ('nan'), ('inf'), (2), ('-1e300')) v(y)");
        Assert.Equal([1, 2], table.Labels);
        Assert.Equal(2, table.Values.Rows);
    }

    [Fact]
    public void Read_MoreRowsThanABlock_KeepsTheirOrder()
    {
        var (table, _, _) = Read("SELECT i AS y, i AS x, i % 3 AS z FROM range(200000) t(i)");
        Assert.Equal(200_000, table.Values.Rows);
        for (var row = 0; row < 200_000; row += 77)
            Assert.Equal([row, row % 3], table.Values.Row(row).ToArray());
    }

    [Fact]
    public void Read_Classes_AreLabelsInTheirNaturalOrder()
    {
        var (table, _, _) = Read("SELECT y, i AS x FROM (VALUES (10, 1), (9, 2), (10, 3), (100, 4)) v(y, i)", task: LearningTask.Multiclass);
        Assert.Equal(["9", "10", "100"], table.Target.Classes);
        Assert.Equal([1, 0, 1, 2], table.Labels);
    }
}
