using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class ParquetWriterTests : DuckDbFixture
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BloomFilters_AreThereUnlessTheyAreNotWanted(bool wanted)
    {
        var file = ParquetWriter.Write(Connection, "SELECT (i % 10)::VARCHAR AS few FROM range(5000) t(i)", Temp.File($"{wanted}.parquet"), new() { BloomFilters = wanted }, Cancel);
        Assert.Equal(wanted, One($"SELECT bool_or(bloom_filter_length > 0) FROM parquet_metadata('{file.Path}')") is true);
    }

    [Fact]
    public async Task Write_Channel_RowsComeBack()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt, LogicalType.Varchar]);
        var producer = Produce(channel, 100_000);
        var file = ParquetWriter.Write(Connection, channel, [("id", LogicalType.BigInt), ("na\"me", LogicalType.Varchar)], Temp.File("a'b.parquet"), new(), Cancel);
        await producer;
        Assert.Equal(100_000, file.Rows);
        using var rows = Connection.Query($"SELECT count(*), sum(id)::BIGINT, min(\"na\"\"me\"), count(\"na\"\"me\") FROM '{file.Path.Replace("'", "''", StringComparison.Ordinal)}'");
        Assert.True(rows.NextChunk());
        Assert.Equal([100_000L, 4_999_950_000L, "name 0 and more", 90_000L], [rows.GetValue(0, 0), rows.GetValue(1, 0), rows.GetValue(2, 0), rows.GetValue(3, 0)]);
    }

    [Fact]
    public async Task Write_MaxRows_GoesOnInTheNextFile()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt, LogicalType.Varchar]);
        var producer = Produce(channel, 100_000, splitEvery: 50_000);
        var files = new List<long>();
        var splits = 0;
        for (var more = true; more;)
            switch (channel.Next(Cancel))
            {
                case ChunkSignal.Rows:
                    files.Add(ParquetWriter.Write(Connection, channel, [("id", LogicalType.BigInt), ("name", LogicalType.Varchar)], Temp.File($"{files.Count}.parquet"), new() { MaxRows = 30_000 }, Cancel).Rows);
                    break;
                case ChunkSignal.Split:
                    splits++;
                    break;
                default:
                    more = false;
                    break;
            }
        await producer;
        Assert.Equal(100_000, files.Sum());
        Assert.Equal(2, splits);
        Assert.Equal(4, files.Count);
        using var rows = Connection.Query($"SELECT count(DISTINCT id) FROM '{Temp.Path}/*.parquet'");
        Assert.True(rows.NextChunk());
        Assert.Equal(100_000L, rows.GetValue(0, 0));
    }

    [Fact]
    public void Write_ProducerFails_ThrowsItsVeryException()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt]);
        var chunk = channel.Rent(Cancel);
        chunk.Writer(0).Values<long>()[0] = 1;
        chunk.Count = 1;
        channel.Write(chunk);
        var failure = new UserError("line 17 is not JSON");
        channel.Complete(failure);
        var thrown = Assert.Throws<UserError>(() => ParquetWriter.Write(Connection, channel, [("id", LogicalType.BigInt)], Temp.File("x.parquet"), new(), Cancel));
        Assert.Same(failure, thrown);
        Assert.Empty(Directory.GetFiles(Temp.Path));
    }

    private static Task Produce(ChunkChannel channel, int rows, int splitEvery = int.MaxValue) => Task.Run(() =>
    {
        for (var first = 0; first < rows;)
        {
            var chunk = channel.Rent(Cancel);
            var (ids, names) = (chunk.Writer(0), chunk.Writer(1));
            var count = Math.Min(DataChunk.Capacity, Math.Min(rows - first, splitEvery - (first % splitEvery)));
            for (var row = 0; row < count; row++)
            {
                ids.Set<long>(row, first + row);
                if ((first + row) % 10 == 9)
                    names.SetNull(row);
                else
                    names.SetString(row, Encoding.UTF8.GetBytes($"name {first + row} and more"));
            }
            chunk.Count = count;
            channel.Write(chunk);
            first += count;
            if (first % splitEvery == 0)
                channel.Split(Cancel);
        }
        channel.Complete();
    });
}
