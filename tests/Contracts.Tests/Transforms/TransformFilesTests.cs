using Contracts.Tests.DuckDb;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Transforms;
using Xunit;

namespace Contracts.Tests.Transforms;

/// <summary>Files of transforms, those of DataSpoc 1.0 among them.</summary>
public sealed class TransformFilesTests : DuckDbFixture
{
    [Fact]
    public void Read_NumberedFilesOfDataSpoc_AreTablesOfGold_OrderedByWhatTheyRead()
    {
        Write("01_report.sql", "COPY (SELECT * FROM revenue) TO 's3://company/gold/finance/report.parquet' (FORMAT PARQUET);");
        Write("02_revenue.sql", "-- key: day\nCREATE OR REPLACE TABLE orders_clean AS SELECT * FROM raw.shop_orders WHERE note <> 'a;b';\ncreate table revenue as (select 1 as day from orders_clean)");
        Write("sales/010_top.sql", "SELECT * FROM gold.main_revenue");
        var planned = TransformOrder.Of(TransformFiles.Read(Temp.Path, Layer.Gold), Connection);
        Assert.Equal(["gold.main_orders_clean", "gold.main_revenue", "gold.finance_report", "gold.sales_top"], planned.Select(plan => plan.Transform.Location.SqlName));
        Assert.Equal(["day"], planned[1].Transform.Key);
    }

    [Theory]
    [InlineData("COPY x TO '/data/lake/gold/sales/x/part.parquet'", "gold/sales/x")]
    [InlineData("COPY (SELECT 'TO' AS a) TO 's3://b/gold/x.parquet'", "gold/main/x")]
    [InlineData("CREATE TABLE gold.sales_top AS FROM raw.a_b", "gold/sales/top")]
    [InlineData("CREATE TABLE IF NOT EXISTS sales.\"Top Ten\" AS FROM raw.a_b", "gold/sales/top_ten")]
    public void Read_AStatement_GoesWhereItSays(string sql, string folder)
    {
        Write("1_x.sql", sql);
        Assert.Equal(folder, Assert.Single(TransformFiles.Read(Temp.Path, Layer.Gold)).Location.Folder);
    }

    [Theory]
    [InlineData("COPY x TO '/etc/passwd'", "is not a table of gold/")]
    [InlineData("COPY x TO 's3://b/gold/../raw/x'", "is not a table of gold/")]
    [InlineData("COPY x FROM 'a.csv'", "is not COPY")]
    [InlineData("CREATE VIEW x AS SELECT 1", "makes no table")]
    [InlineData("CREATE TABLE x (a INT)", "is not CREATE TABLE name AS SELECT")]
    [InlineData("SELECT 1; DROP TABLE x", "cannot be part of a transform")]
    [InlineData("-- nothing", "holds no statement")]
    public void Read_WhatIsNoTransform_IsRefused(string sql, string said)
    {
        Write("1_x.sql", sql);
        var error = Assert.Throws<UserError>(() => TransformFiles.Read(Temp.Path, Layer.Gold));
        Assert.Contains(said, error.What, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void Read_TwoFilesOfOneTable_NamesBoth()
    {
        Write("sales/x.sql", "SELECT 1");
        Write("sales/02_x.sql", "SELECT 2");
        Assert.Contains("two transforms make `curated.sales_x`", Assert.Throws<UserError>(() => TransformFiles.Read(Temp.Path, Layer.Curated)).What, StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(Temp.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
