using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Ingestion;
using Xunit;

namespace Pipe.Tests.Ingestion;

public sealed class ChannelSizeTests
{
    [Theory]
    [InlineData(8, 0, 96)]
    [InlineData(60, 0, 25)]
    [InlineData(8, 15, 12)]
    [InlineData(2000, 15, 8)]
    public void Chunks_ColumnsAndOthers_StayWithinTheBudget(int columns, int others, int expected) =>
        Assert.Equal(expected, ChannelSize.Chunks([.. Enumerable.Repeat(LogicalType.BigInt, columns)], others));
}
