using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Prediction;
using Xunit;

namespace Ml.Tests.Prediction;

public sealed class TableFitTests
{
    private static readonly PreparedColumn[] Columns =
    [
        new("weight", "DOUBLE", ColumnKind.Number, ["weight"]),
        new("city", "VARCHAR", ColumnKind.Category, ["city"]),
        new("ordered_at", "TIMESTAMP", ColumnKind.Moment, ["d", "h"]) { Parts = [MomentPart.Days, MomentPart.Hour] },
    ];

    private static IReadOnlyList<(string Column, string Difference)> Differences(params (string Name, string Type)[] columns) =>
        TableFit.Differences(Columns, new("raw.t", "t", [.. columns.Select(c => new ResultColumn(c.Name, LogicalType.Parse(c.Type)))]));

    [Fact]
    public void Differences_SameOrWiderTypesAndMoreColumns_Fit() =>
        Assert.Empty(Differences(("extra", "BLOB"), ("city", "ENUM('a')"), ("weight", "DECIMAL(9,2)"), ("ordered_at", "TIMESTAMP WITH TIME ZONE")));

    [Fact]
    public void Differences_EachColumnThatDoesNotFit_IsNamed() => Assert.Equal(
        [
            ("weight", "is VARCHAR, the model was trained on DOUBLE"),
            ("city", "is missing (the model uses it as VARCHAR); there is `citty`"),
            ("ordered_at", "is DATE, the model uses the time of day of TIMESTAMP"),
        ],
        Differences(("weight", "VARCHAR"), ("citty", "VARCHAR"), ("ordered_at", "DATE")));
}
