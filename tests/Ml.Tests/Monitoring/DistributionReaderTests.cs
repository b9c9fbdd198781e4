using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Monitoring;
using Xunit;

namespace Ml.Tests.Monitoring;

public sealed class DistributionReaderTests
{
    [Fact]
    public void Count_ValuesOnEdgesMissingAndInfinite_FallIntoTheirBins()
    {
        using var tables = new Tables();
        var table = tables.Of("SELECT unnest([0, 1, 1, 2, 3, NULL, 9, 'inf'::DOUBLE, '-inf'::DOUBLE, NULL])::DOUBLE AS n, 5 AS one, unnest(['a', 'a', 'b', 'z', NULL, 'a', 'b', 'y', NULL, 'a']) AS t");
        PreparedColumn[] columns = [new("n", "DOUBLE", ColumnKind.Number, ["n"]), new("one", "INTEGER", ColumnKind.Number, ["one"]), new("t", "VARCHAR", ColumnKind.Category, ["t"]) { Categories = ["a", "b"] }];
        ColumnDistribution[] former = [new("n", 0, 0, []) { Edges = [1, 3] }, new("one", 0, 0, []) { Edges = [] }, new("t", 0, 0, []) { Values = ["a", "b"] }];
        var counted = new DistributionReader(tables.Connection, table, TestContext.Current.CancellationToken).Count(columns, former);
        // a bin begins at its edge
        Assert.Equal([2, 3, 3], counted[0].Counts);
        Assert.Equal((10, 2), (counted[0].Rows, counted[0].Missing));
        Assert.Equal([10], counted[1].Counts);
        Assert.Equal([4, 2, 2], counted[2].Counts);
        Assert.Equal(2, counted[2].Missing);
    }
}
