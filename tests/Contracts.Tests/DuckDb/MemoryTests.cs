using System.Text;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

/// <summary>Tests that look at the whole process run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Nothing leaks: what the process holds after ten thousand rounds is what it held after the first few hundred.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests : DuckDbFixture
{
    private const long Tolerance = 24L << 20;

    [Fact]
    public void Queries_TenThousand_HoldNothing() => AssertFlat(10_000, i =>
    {
        using var reader = Connection.Query("SELECT ?, ?, [{'a': ?}], MAP {'k': 'a text longer than twelve bytes'}", i, "a parameter longer than twelve bytes", 1.5m);
        Assert.True(reader.NextChunk());
        Assert.NotNull(reader.GetValue(2, 0));
    });

    [Fact]
    public void Failures_TenThousand_HoldNothing() => AssertFlat(10_000, i => Assert.Throws<DuckDbException>(() => Connection.Query(i % 2 == 0 ? "SELECT nothing" : "selct")));

    [Fact]
    public void Chunks_TenThousand_HoldNothing()
    {
        var type = LogicalType.Parse("STRUCT(a VARCHAR, b VARCHAR[])");
        var text = Encoding.UTF8.GetBytes("a text longer than twelve bytes");
        using var reused = new DataChunk([type]);
        AssertFlat(10_000, i =>
        {
            using var made = new DataChunk([type]);
            foreach (var chunk in new[] { made, reused })
            {
                var column = chunk.Writer(0);
                for (var row = 0; row < 10; row++)
                {
                    column.Child(0).SetString(row, text);
                    column.Child(1).BeginList(row);
                    column.Child(1).Element.SetString(column.Child(1).AppendElement(row), text);
                }
                chunk.Count = 10;
            }
            reused.Reset();
        });
    }

    [Fact]
    public void Connections_Thousand_HoldNothing() => AssertFlat(1_000, _ =>
    {
        using var connection = Database.Connect();
        using var reader = connection.Query("SELECT * FROM range(100000)");
        Assert.True(reader.NextChunk());
    });

    [Fact]
    public void Files_FiveHundred_HoldNothing() => AssertFlat(500, i =>
    {
        using var channel = new ChunkChannel([LogicalType.BigInt, LogicalType.Varchar]);
        var chunk = channel.Rent(Cancel);
        chunk.Writer(0).Set(0, (long)i);
        chunk.Writer(1).SetString(0, "a text longer than twelve bytes"u8);
        chunk.Count = 1;
        channel.Write(chunk);
        channel.Complete();
        Assert.Equal(1, ParquetWriter.Write(Connection, channel, [("id", LogicalType.BigInt), ("t", LogicalType.Varchar)], Temp.File("x.parquet"), new(), Cancel).Rows);
    });

    private static void AssertFlat(int rounds, Action<int> round)
    {
        for (var i = 0; i < rounds / 5; i++)
            round(i);
        var before = Held();
        for (var i = rounds / 5; i < rounds; i++)
            round(i);
        var grown = Held() - before;
        Assert.True(grown < Tolerance, $"the process grew by {grown >> 20} MB over {rounds} rounds");
    }

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
