using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Serving.Views;
using Xunit;

namespace Ml.Tests.Serving;

public sealed class EntityColumnTests
{
    [Theory]
    [InlineData("BIGINT", "9007199254740993", "9007199254740993", true)]
    [InlineData("BIGINT", "9007199254740993", "9007199254740992", false)]
    [InlineData("BIGINT", "5", "5.0", true)]
    [InlineData("DECIMAL(10,2)", "5.5", "55e-1", true)]
    [InlineData("DOUBLE", "0.1", "0.10", true)]
    [InlineData("DOUBLE", "1e300", "1E+300", true)]
    [InlineData("DOUBLE", "1e-40", "0", false)]
    [InlineData("BIGINT", "-7", "-7", true)]
    [InlineData("HUGEINT", "170141183460469231731687303715884105727", "170141183460469231731687303715884105727", true)]
    [InlineData("BIGINT", "5", "\"5\"", false)]
    [InlineData("VARCHAR", "'5'", "\"5\"", true)]
    [InlineData("VARCHAR", "'c\u00e9'", "\"c\\u00e9\"", true)]
    [InlineData("VARCHAR", "'C1'", "\"c1\"", false)]
    [InlineData("VARCHAR", "'true'", "true", false)]
    [InlineData("BOOLEAN", "true", "true", true)]
    [InlineData("UUID", "'0191B7A0-0000-7000-8000-00000000000A'", "\"0191b7a0-0000-7000-8000-00000000000a\"", true)]
    [InlineData("UUID", "'0191b7a0-0000-7000-8000-00000000000a'", "\"x\"", false)]
    [InlineData("DATE", "'2026-01-31'", "\"2026-01-31\"", true)]
    [InlineData("TIMESTAMP", "'2026-01-31 12:00:00'", "\"2026-01-31T13:00:00+01:00\"", true)]
    public void Of_AValueInATableAndInJson_IsOneKeyWhereTheyAreEqual(string type, string sql, string json, bool equal)
    {
        using var tables = new Tables();
        var column = new EntityColumn("e", type);
        using var value = JsonDocument.Parse(json);
        var row = tables.Connection.Query($"SELECT {column.Expression} FROM (SELECT CAST({sql} AS {type}) AS e)", TestContext.Current.CancellationToken);
        using (row)
        {
            Assert.True(row.NextChunk());
            Assert.Equal(equal, column.Of(row.GetText(0, 0)!) == column.Of(value.RootElement));
        }
    }
}
