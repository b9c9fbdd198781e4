using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class ChunkChannelTests : DuckDbFixture
{
    private static readonly IReadOnlyList<(string, LogicalType)> Id = [("id", LogicalType.BigInt)];

    [Fact]
    public void Rent_AllChunksUnderWay_WaitsForTheReader()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt], chunks: 3);
        for (var i = 0; i < 3; i++)
            Write(channel, i, 1);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => channel.Rent(soon.Token));
    }

    [Fact]
    public async Task Write_SmallChannel_GoesRound()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt], chunks: 3);
        var producer = Task.Run(
            () =>
            {
                for (var i = 0; i < 200; i++)
                    Write(channel, i * 100, 100);
                channel.Complete();
            },
            Cancel);
        var file = ParquetWriter.Write(Connection, channel, Id, Temp.File("x.parquet"), new(), Cancel);
        await producer;
        Assert.Equal(20_000, file.Rows);
        Assert.Equal(0L, One($"SELECT count(*) FROM (SELECT id - row_number() OVER () AS d FROM '{file.Path}') WHERE d <> -1"));
    }

    [Fact]
    public async Task Write_OneThread_DoesNotStall()
    {
        using var database = Database.Open(new() { Threads = 1 });
        using var connection = database.Connect();
        using var channel = new ChunkChannel([LogicalType.BigInt], chunks: 3);
        var producer = Task.Run(
            () =>
            {
                for (var i = 0; i < 100; i++)
                    Write(channel, i * 1000, 1000);
                channel.Complete();
            },
            Cancel);
        Assert.Equal(100_000, ParquetWriter.Write(connection, channel, Id, Temp.File("x.parquet"), new(), Cancel).Rows);
        await producer;
    }

    [Fact]
    public async Task Write_Fails_EndsTheProducer()
    {
        using var channel = new ChunkChannel([LogicalType.Varchar], chunks: 3);
        var producer = Task.Run(
            () =>
            {
                for (var i = 0; ; i++)
                {
                    var chunk = channel.Rent(Cancel);
                    chunk.Writer(0).SetString(0, i == 50 ? "not a number"u8 : "1"u8);
                    chunk.Count = 1;
                    channel.Write(chunk);
                }
            },
            Cancel);
        var error = Assert.Throws<UserError>(() => ParquetWriter.Write(Connection, channel, Id, Temp.File("x.parquet"), new(), Cancel));
        Assert.Contains(error.Where, w => w.Value.Contains("not a number", StringComparison.Ordinal));
        await Assert.ThrowsAsync<OperationCanceledException>(() => producer);
        Assert.Empty(Directory.GetFiles(Temp.Path));
    }

    [Fact]
    public async Task Write_Cancelled_WhileTheProducerIsSilent()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt]);
        Write(channel, 0, 10);
        using var cancel = new CancellationTokenSource();
        var writing = Task.Run(() => ParquetWriter.Write(Connection, channel, Id, Temp.File("x.parquet"), new(), cancel.Token), Cancel);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Empty(Directory.GetFiles(Temp.Path));
        Assert.Equal(1, One("SELECT 1"));
    }

    [Fact]
    public async Task Write_Interrupted_WhileTheProducerIsSilent()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt], chunks: 3);
        Write(channel, 0, 10);
        var writing = Task.Run(() => ParquetWriter.Write(Connection, channel, Id, Temp.File("x.parquet"), new(), Cancel), Cancel);
        // the rows are taken: the query runs and waits for more
        for (var i = 0; i < 3; i++)
            Write(channel, i, 10);
        Connection.Interrupt();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Equal(1, One("SELECT 1"));
    }

    [Fact]
    public void Next_ProducerFailed_ThrowsItsExceptionAfterTheSplit()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt]);
        Write(channel, 0, 10);
        channel.Split(Cancel);
        var failure = new InvalidOperationException("broken");
        channel.Complete(failure);
        Assert.Equal(ChunkSignal.Rows, channel.Next(Cancel));
        Assert.Equal(10, ParquetWriter.Write(Connection, channel, Id, Temp.File("x.parquet"), new(), Cancel).Rows);
        Assert.Equal(ChunkSignal.Split, channel.Next(Cancel));
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => channel.Next(Cancel)));
    }

    [Fact]
    public void Write_DiskFull_IsAUserError()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        File.CreateSymbolicLink(Temp.File("x.parquet"), "/dev/full");
        using var channel = new ChunkChannel([LogicalType.BigInt]);
        Write(channel, 0, 2000);
        channel.Complete();
        var error = Assert.Throws<UserError>(() => ParquetWriter.Write(Connection, channel, Id, Temp.File("x.parquet"), new(), Cancel));
        Assert.Equal("the disk is full", error.What);
        Assert.True(File.Exists("/dev/full"));
    }

    [Fact]
    public async Task Write_MaxBytes_RollsNearTheLimitAndLosesNothing()
    {
        using var channel = new ChunkChannel([LogicalType.BigInt]);
        var producer = Task.Run(
            () =>
            {
                var random = new Random(7);
                for (var i = 0; i < 300; i++)
                {
                    var chunk = channel.Rent(Cancel);
                    var values = chunk.Writer(0).Values<long>();
                    for (var row = 0; row < DataChunk.Capacity; row++)
                        values[row] = random.NextInt64();
                    chunk.Count = DataChunk.Capacity;
                    channel.Write(chunk);
                }
                channel.Complete();
            },
            Cancel);
        var files = new List<ParquetFile>();
        while (channel.Next(Cancel) == ChunkSignal.Rows)
            files.Add(ParquetWriter.Write(Connection, channel, Id, Temp.File($"{files.Count}.parquet"), new() { MaxBytes = 1_000_000, RowGroupRows = 20_480 }, Cancel));
        await producer;
        Assert.Equal(300L * DataChunk.Capacity, files.Sum(f => f.Rows));
        Assert.All(files.SkipLast(1), f => Assert.InRange(f.Bytes, 700_000, 1_300_000));
    }

    [Fact]
    public void Write_LongTexts_RowGroupsAreBoundedByBytes()
    {
        using var database = Database.Open(new() { PreserveOrder = false, Threads = 2 });
        using var connection = database.Connect();
        using var channel = new ChunkChannel([LogicalType.BigInt, LogicalType.Varchar], chunks: 20);
        var text = new byte[100_000];
        for (var first = 0; first < 160; first += 10)
        {
            var chunk = channel.Rent(Cancel);
            for (var row = 0; row < 10; row++)
            {
                text.AsSpan().Fill((byte)('a' + row));
                chunk.Writer(0).Set(row, (long)first + row);
                chunk.Writer(1).SetString(row, text);
            }
            Assert.Equal(1_000_000, chunk.TextBytes);
            chunk.Count = 10;
            channel.Write(chunk);
        }
        channel.Complete();
        var file = ParquetWriter.Write(connection, channel, [("id", LogicalType.BigInt), ("t", LogicalType.Varchar)], Temp.File("x.parquet"), new() { RowGroupBytes = 2_000_000 }, Cancel);
        Assert.Equal(160, file.Rows);
        Assert.InRange((long)One($"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{file.Path}')")!, 4L, 16L);
        Assert.Equal(160L, One($"SELECT count(*) FROM (SELECT id, row_number() OVER () - 1 AS n FROM '{file.Path}') WHERE id = n"));
    }

    private static void Write(ChunkChannel channel, long first, int rows)
    {
        var chunk = channel.Rent(Cancel);
        var values = chunk.Writer(0).Values<long>();
        for (var row = 0; row < rows; row++)
            values[row] = first + row;
        chunk.Count = rows;
        channel.Write(chunk);
    }
}
