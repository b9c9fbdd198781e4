using DataSpoc.Contracts.DuckDb;
using Xunit;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace Lens.Tests.TpcH;

/// <summary>Queries over a lake of eight tables have the rows that bare DuckDB has.</summary>
public sealed class TpcHTests
{
    private const double Scale = 0.004;

    [Fact]
    public async Task Queries_OverALakeOfEightTables_AnswerAsBareDuckDb()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        using var database = Database.Open(new());
        using var connection = database.Connect();
        TpcH.Prepare(connection);
        foreach (var (name, sql) in TpcH.Tables(Scale))
        {
            var file = lens.PathOf($"{name}.parquet");
            connection.Execute($"COPY ({sql}) TO {SqlText.Literal(file)}; CREATE VIEW {name} AS FROM {SqlText.Literal(file)}", TestContext.Current.CancellationToken);
            await lake.WriteAsync($"raw/tpch/{name}", $"FROM {SqlText.Literal(file)}");
        }
        lens.Write("lens.yaml", $"buckets: {{lake: \"{lake.Uri}\"}}\n");
        var (rows, queries) = (0L, TpcH.Queries());
        foreach (var (number, sql) in queries)
        {
            lens.Input = sql;
            var outcome = await lens.RunAsync("sql", "-", "--export", $"q{number}.parquet");
            Assert.True(outcome.Exit == 0, $"{number}: {outcome.Error}");
            var theirs = $"FROM {SqlText.Literal(lens.PathOf($"q{number}.parquet"))}";
            using var compared = connection.Query($"SELECT (SELECT count(*) FROM (({theirs}) EXCEPT ALL (FROM ({sql})))), (SELECT count(*) FROM ((FROM ({sql})) EXCEPT ALL ({theirs}))), (SELECT count(*) FROM ({sql}))", TestContext.Current.CancellationToken);
            Assert.True(compared.NextChunk());
            Assert.True(compared.GetValue(0, 0) is 0L && compared.GetValue(1, 0) is 0L, $"query {number}: {compared.GetValue(0, 0)} rows more, {compared.GetValue(1, 0)} missing");
            rows += (long)compared.GetValue(2, 0)!;
        }
        Assert.Equal(22, queries.Count);
        Assert.True(rows > 300, $"{rows} rows");
    }
}
