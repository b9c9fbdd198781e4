using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

/// <summary>Files that crash or hang readers: each gives its rows or an error that names it, in this very process.</summary>
public sealed class DamagedParquetTests : DuckDbFixture
{
    [Theory]
    [InlineData("ARROW-GH-41317", null)]
    [InlineData("ARROW-GH-41321", null)]
    [InlineData("ARROW-GH-43605", 21186L)]
    [InlineData("ARROW-GH-45185", 5L)]
    [InlineData("ARROW-GH-47662", null)]
    [InlineData("ARROW-RS-GH-6229-DICTHEADER", null)]
    [InlineData("ARROW-RS-GH-6229-LEVELS", 1L)]
    [InlineData("PARQUET-1481", null)]
    public void Read_KnownBadFile_IsAnErrorThatNamesItOrItsRows(string name, long? rows)
    {
        var path = Path.Combine(PublicMaterial.Folder("parquet/bad_data"), name + ".parquet");
        if (rows is null)
        {
            var error = Assert.Throws<UserError>(() => ReadAll(path));
            Assert.Contains(error.Where, w => w.Value == path);
            Assert.Throws<UserError>(() => ParquetWriter.Write(Connection, $"FROM read_parquet({Sql.Literal(path)})", Temp.File("x.parquet"), new(), Cancel));
            Assert.Empty(Directory.GetFiles(Temp.Path));
        }
        else
        {
            Assert.Equal(rows, ReadAll(path).Rows);
        }
        Assert.Equal(1, One("SELECT 1"));
    }

    [Fact]
    public void Read_GoodButOddFiles_GiveTheirRows()
    {
        foreach (var path in Directory.GetFiles(PublicMaterial.Folder("parquet/data"), "*.parquet"))
        {
            var file = ReadAll(path);
            var copy = ParquetWriter.Write(Connection, $"FROM read_parquet({Sql.Literal(path)})", Temp.File("x.parquet"), new(), Cancel);
            Assert.Equal((file.Rows, file.Rows, file.Schema.ToString()), (copy.Rows, copy.Statistics.NumRecords, copy.Schema.ToString()));
        }
    }

    [Fact]
    public void Read_FileCutAnywhere_IsAnErrorOrItsRows()
    {
        var whole = ParquetWriter.Write(Connection, "SELECT i AS a, repeat('text ' || i, 5) AS b, [i, i] AS c FROM range(5000) t(i)", Temp.File("whole.parquet"), new() { RowGroupRows = 2048 }, Cancel);
        var bytes = File.ReadAllBytes(whole.Path);
        foreach (var length in Enumerable.Range(0, 40).Select(i => bytes.Length * i / 40))
        {
            File.WriteAllBytes(Temp.File("cut.parquet"), bytes[..length]);
            Assert.Throws<UserError>(() => ReadAll(Temp.File("cut.parquet")));
        }
    }

    [Fact]
    public void Read_FileWithBytesZeroed_NeverEndsTheProcess()
    {
        var whole = ParquetWriter.Write(Connection, "SELECT i AS a, repeat('text ' || i, 5) AS b, [i, i] AS c FROM range(5000) t(i)", Temp.File("whole.parquet"), new() { RowGroupRows = 2048 }, Cancel);
        var bytes = File.ReadAllBytes(whole.Path);
        var errors = 0;
        for (var at = 4; at < bytes.Length - 64; at += bytes.Length / 100)
        {
            var damaged = (byte[])bytes.Clone();
            damaged.AsSpan(at, 32).Clear();
            File.WriteAllBytes(Temp.File("damaged.parquet"), damaged);
            try
            {
                ReadAll(Temp.File("damaged.parquet"));
            }
            catch (UserError)
            {
                errors++;
            }
        }
        Assert.True(errors > 10, $"only {errors} of the damaged files were noticed");
        Assert.Equal(1, One("SELECT 1"));
    }

    private ParquetFile ReadAll(string path)
    {
        var file = ParquetFooter.Read(Connection, path);
        ParquetFooter.CheckRows(Connection, path, Cancel);
        return file;
    }
}
