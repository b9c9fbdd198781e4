using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Features;
using Xunit;

namespace Ml.Tests.Features;

/// <summary>The join against one that is written out: for each label all rows of its entity are looked at.</summary>
public sealed class PointInTimeJoinTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private sealed record Label(string? Customer, int? At);

    private sealed record Row(string Customer, int At, int Value);

    [Fact]
    public void Select_AnyLabelsAndViews_GivesWhatTheNaiveJoinGivesAndNothingLater()
    {
        using var database = Database.Open(new() { Threads = 2 });
        using var connection = database.Connect();
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var few = 1 + random.Next(4);
            Label[] labels = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => new Label(random.Next(10) == 0 ? null : $"c{random.Next(few)}", random.Next(12) == 0 ? null : random.Next(30)))];
            Row[][] views = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, random.Next(0, 40)).Select(i => new Row($"c{random.Next(few)}", random.Next(30), i)).DistinctBy(r => (r.Customer, r.At)).ToArray())];
            double?[] ttls = [random.Next(2) == 0 ? null : random.Next(1, 12) * 3600, random.Next(2) == 0 ? null : 5400];
            // labels and views tell time in types of their own
            connection.Execute($"CREATE OR REPLACE TABLE l (id INTEGER, customer VARCHAR, \"at\" TIMESTAMP); CREATE OR REPLACE TABLE v0 (customer VARCHAR, known TIMESTAMP WITH TIME ZONE, value INTEGER); CREATE OR REPLACE TABLE v1 (known TIMESTAMP, \"a b\" INTEGER, customer VARCHAR)", Cancel);
            Insert(connection, "l", labels.Select((label, i) => $"({i}, {(label.Customer is null ? "NULL" : $"'{label.Customer}'")}, {(label.At is { } hour ? Moment(hour) : "NULL")})"));
            Insert(connection, "v0", views[0].Select(row => $"('{row.Customer}', ({Moment(row.At)})::TIMESTAMP AT TIME ZONE 'UTC', {row.Value})"));
            Insert(connection, "v1", views[1].Select(row => $"({Moment(row.At)}, {row.Value}, '{row.Customer}')"));

            ViewTable[] joined = [.. Enumerable.Range(0, 2).Select(i => new ViewTable(new($"v{i}", ["customer"], "known", "", ttls[i]), Describe(connection, $"v{i}")))];
            var table = Describe(connection, "l");
            PointInTimeJoin.Require(table, "at", joined);
            var rows = connection.Rows(PointInTimeJoin.Select(table, "at", joined), Cancel);
            Assert.Equal(Enumerable.Range(0, labels.Length), rows.Select(r => (int)r[0]!));
            var naive = labels.Select(label => views.Select((view, i) => Naive(label, view, ttls[i])).ToArray()).ToArray();
            Assert.Equal(naive, rows.Select(r => new[] { (int?)r[3], (int?)r[4] }));
            var counts = connection.Rows(PointInTimeJoin.Counts(table, "at", joined), Cancel)[0];
            Assert.Equal((long)labels.Length, counts[0]);
            Assert.Equal(naive.LongCount(n => n[0] is not null), (long)counts[2]! - (long)counts[3]!);
        }
    }

    [Fact]
    public void Require_ColumnsThatDoNotFit_NamesThem()
    {
        using var tables = new Tables();
        var labels = tables.Of("SELECT 1 AS customer, TIMESTAMP '2026-01-01' AS at, 'x' AS text, 5 AS v__value");
        tables.Connection.Execute("CREATE TABLE v AS SELECT 'c' AS customer, TIMESTAMP '2026-01-01' AS known, 5 AS value", Cancel);
        var view = new ViewTable(new("v", ["customer"], "known", ""), Describe(tables.Connection, "v"));
        Assert.Contains("`customer` is INTEGER", Fault(labels, "at", view), StringComparison.Ordinal);
        Assert.Contains("`text` of `raw.t` is VARCHAR, not a date", Fault(labels, "text", view), StringComparison.Ordinal);
        Assert.Contains("two columns `v__value`", Fault(tables.Of("SELECT 'c' AS customer, TIMESTAMP '2026-01-01' AS at, 5 AS v__value"), "at", view), StringComparison.Ordinal);
        Assert.Contains("entity of view `v` `customer` is not a column", Fault(tables.Of("SELECT TIMESTAMP '2026-01-01' AS at"), "at", view), StringComparison.Ordinal);

        static string Fault(SourceTable labels, string time, ViewTable view) => Assert.Throws<UserError>(() => PointInTimeJoin.Require(labels, time, [view])).What;
    }

    private static int? Naive(Label label, Row[] view, double? ttl) =>
        view.Where(r => r.Customer == label.Customer && r.At <= label.At).MaxBy(r => r.At) is { } newest && !((label.At - newest.At) * 3600 > ttl) ? newest.Value : null;

    private static void Insert(Connection connection, string table, IEnumerable<string> rows)
    {
        if (string.Join(", ", rows) is { Length: > 0 } values)
            connection.Execute($"INSERT INTO {table} VALUES {values}", Cancel);
    }

    private static string Moment(int hour) => $"TIMESTAMP '2026-01-01' + INTERVAL {hour} HOUR";

    private static SourceTable Describe(Connection connection, string table) => SourceTable.Describe(connection, table == "l" ? "raw.t" : $"features.{table}", table, Cancel);
}
