using Contracts.Tests.DuckDb;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Transforms.Checks;
using Xunit;

namespace Contracts.Tests.Transforms.Checks;

/// <summary>Checks over rows, as people write them.</summary>
public sealed class CheckRunTests : DuckDbFixture
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public CheckRunTests() => Connection.Execute("""
        CREATE TABLE orders AS SELECT * FROM (VALUES
            (1, 'paid', 10.5, 'a@x.pt', TIMESTAMP '2026-11-20 11:00:00', 7),
            (2, 'open', -1.0, 'b@x.pt', TIMESTAMP '2026-11-19 11:00:00', 7),
            (2, 'lost', 20.0, 'nobody', TIMESTAMP '2026-11-18 11:00:00', 8),
            (NULL, NULL, NULL, NULL, NULL, NULL)) AS t(id, status, amount, email, seen, customer);
        CREATE TABLE old AS SELECT 1 AS id, TIMESTAMP '2026-11-20 11:59:00' AS seen;
        CREATE SCHEMA raw; CREATE TABLE raw.shop_customers AS SELECT 7 AS id;
        """);

    [Theory]
    [InlineData("not_null(id)", 1)]
    [InlineData("not_null(id, status)", 1)]
    [InlineData("unique(id)", 1)]
    [InlineData("unique(id, status)", 0)]
    [InlineData("accepted_values(status, paid, open)", 1)]
    [InlineData("accepted_values(status, 'paid', \"open\", lost)", 0)]
    [InlineData("range(amount, 0, 20)", 1)]
    [InlineData("range(amount, , 15)", 1)]
    [InlineData("range(seen, 2026-11-19,)", 1)]
    [InlineData("pattern(email, ^[^@,]{1,9}@[^@]+$)", 1)]
    [InlineData("row_count(1)", 0)]
    [InlineData("row_count(5, 9)", 1)]
    [InlineData("freshness(seen, 2h)", 0)]
    [InlineData("freshness(seen, 30m)", 1)]
    [InlineData("relationship(customer, raw.shop_customers.id)", 1)]
    [InlineData("sql(amount > 0 and (id < 3))", 1)]
    [InlineData("sql(amount > 0 -- positive\n)", 1)]
    public void Run_OneCheck_CountsWhatBreaksIt(string text, long violations)
    {
        var report = CheckRun.Run(Connection, [Check.Parse(text)], "orders", null, Now, Cancel);
        Assert.Equal(violations, Assert.Single(report.Results).Violations);
        Assert.Equal(violations > 0, report.Blocks);
    }

    [Theory]
    [InlineData("unique(id)", 2)]
    [InlineData("freshness(seen, 30m)", 0)]
    public void Run_RowsStay_TheTableAsItWillBe(string text, long violations) =>
        Assert.Equal(violations, CheckRun.Run(Connection, [Check.Parse(text)], "orders", "old", Now, Cancel).Results[0].Violations);

    [Fact]
    public void Run_Several_ErrorsBlockAndNameRows_WarningsDoNot()
    {
        var report = CheckRun.Run(Connection, [Check.Parse("warn not_null(id)"), Check.Parse("range(amount, 0,)"), Check.Parse("row_count(10)")], "orders", null, Now, Cancel);
        Assert.Equal(["warned", "failed", "failed"], report.Results.Select(result => result.Status));
        var error = report.ToError("raw.shop_orders", null);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains(error.Where, where => where.Label == "row" && where.Value.Contains("\"amount\":-1.0", StringComparison.Ordinal));
        Assert.Contains(error.Where, where => where.Value == "row_count(10): 4 rows");
        Assert.Equal("""{"status":"failed","results":[{"check":"not_null(id)","severity":"warn","status":"warned","violations":1},{"check":"range(amount, 0,)","severity":"error","status":"failed","violations":1},{"check":"row_count(10)","severity":"error","status":"failed","violations":1}]}""", report.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("not_null(idd)")]
    [InlineData("sql(amount >)")]
    [InlineData("range(amount, x, y)")]
    [InlineData("relationship(customer, raw.nobody.id)")]
    public void Run_WhatTheRowsDoNotHave_NamesTheCheck(string text)
    {
        var error = Assert.Throws<UserError>(() => CheckRun.Run(Connection, [Check.Parse("not_null(id)"), Check.Parse(text)], "orders", null, Now, Cancel));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains($"`{text}`", error.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not_null")]
    [InlineData("not_null()")]
    [InlineData("no_null(id)")]
    [InlineData("range(amount)")]
    [InlineData("range(amount, ,)")]
    [InlineData("row_count(many)")]
    [InlineData("freshness(seen, soon)")]
    [InlineData("relationship(customer, customers)")]
    [InlineData("pattern(email)")]
    [InlineData("sql()")]
    public void Parse_WhatIsNoCheck_SaysHowToWriteIt(string text)
    {
        var error = Assert.Throws<UserError>(() => Check.Parse(text));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.NotNull(error.Hint);
    }
}
