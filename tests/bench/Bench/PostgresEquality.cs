using System.Diagnostics;
using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>
/// A PostgreSQL table is read by three connections while another session changes it without a pause and keeps, in the same transactions, what its count and its columns' checksums are. Both
/// tables are ingested by one run: they agree only if all rows of both are of the same instant.
/// </summary>
internal static class PostgresEquality
{
    private const string Hash = "('x' || substr(md5(coalesce(VALUE::text, '~')), 1, 10))::bit(40)::bigint";
    private static readonly string[] Columns = ["id", "customer", "amount", "paid", "at", "note"];

    public static async Task RunAsync(Table table, WorkFolder folder, string uri, int rows)
    {
        await PsqlAsync(uri, Schema(rows));
        var project = Directory.CreateDirectory(folder.File("equality")).FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "pipe.yaml"), $"bucket: file://{project}/lake\n");
        Directory.CreateDirectory(Path.Combine(project, "pipelines"));
        await File.WriteAllTextAsync(Path.Combine(project, "pipelines/shop.yaml"), $"source: {{postgres: '{uri}', readers: 3, streams: [accounts, totals]}}\n");

        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(uri, rows, stop.Token);
        while (await ChangesAsync(uri) < 5 && !writing.IsCompleted)
            await Task.Delay(50, CancellationToken.None);
        var run = await Measured.RunAsync("pipe", ["ingest", "shop", "--project", project]);
        var during = await ChangesAsync(uri);
        await stop.CancelAsync();
        await writing;

        var kept = Row($"SELECT n, {string.Join(", ", Columns.Select(column => $"h_{column}"))} FROM {Files(project, "totals")}");
        var found = Row($"SELECT count(*), {string.Join(", ", Columns.Select(column => $"sum(CAST('0x' || substr(md5(coalesce({Text(column)}, '~')), 1, 10) AS BIGINT))::BIGINT"))} FROM {Files(project, "accounts")}");
        table.Equal(FormattableString.Invariant($"PostgreSQL, {rows:n0} rows read in {run.Seconds:0.0} s while another session writes: count and {Columns.Length} checksums"), found, kept);
        var seen = int.Parse(Row($"SELECT changes FROM {Files(project, "totals")}"), CultureInfo.InvariantCulture);
        table.Equal("… which changed it before the instant and after it", seen > 0 && during > seen ? "some" : $"{seen}, {during - seen}", "some");
        Directory.Delete(project, recursive: true);
        await PsqlAsync(uri, "DROP TABLE accounts, totals");
    }

    private static string Schema(int rows)
    {
        var sums = string.Join(", ", Columns.Select(column => $"sum({Hash.Replace("VALUE", column, StringComparison.Ordinal)})::bigint AS h_{column}"));
        var adds = string.Join(", ", Columns.Select(column => $"h_{column} = t.h_{column} + SIGN * d.h_{column}"));
        return $"""
            SET timezone = 'UTC';
            DROP TABLE IF EXISTS accounts, totals;
            CREATE TABLE accounts AS SELECT i AS id, 'customer-' || i % 1000 AS customer, (i % 100000 / 100.0)::numeric(10,2) AS amount, i % 2 = 0 AS paid, '2026-01-01'::timestamptz + i * interval '1 second' AS at,
              CASE WHEN i % 7 = 0 THEN NULL ELSE 'left at the door ' || i END AS note FROM generate_series(1, {rows}) i;
            ALTER TABLE accounts ADD PRIMARY KEY (id);
            CREATE TABLE totals AS SELECT count(*) AS n, 0 AS changes, {sums} FROM accounts;
            CREATE OR REPLACE FUNCTION churn(k int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
              UPDATE totals t SET n = t.n - d.n, {adds.Replace("SIGN", "-1", StringComparison.Ordinal)} FROM (SELECT count(*) AS n, {sums} FROM accounts WHERE id BETWEEN k AND k + 49) d WHERE d.n > 0;
              UPDATE accounts SET amount = amount + 1, paid = NOT paid, customer = customer || '+', note = coalesce(note, 'n') WHERE id BETWEEN k AND k + 39;
              DELETE FROM accounts WHERE id BETWEEN k + 40 AND k + 49 AND k % 3 = 0;
              INSERT INTO accounts SELECT i, 'new', 0.5, true, '2026-06-01'::timestamptz, NULL FROM generate_series(k + 40, k + 49) i ON CONFLICT DO NOTHING;
              UPDATE totals t SET changes = changes + 1, n = t.n + d.n, {adds.Replace("SIGN", "1", StringComparison.Ordinal)} FROM (SELECT count(*) AS n, {sums} FROM accounts WHERE id BETWEEN k AND k + 49) d WHERE d.n > 0;
            END $$
            """;
    }

    private static async Task WriteAsync(string uri, int rows, CancellationToken stop)
    {
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-A", "-t", uri]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var psql = Process.Start(start)!;
        await psql.StandardInput.WriteLineAsync("SET timezone = 'UTC';");
        for (var changes = 0L; !stop.IsCancellationRequested; changes++)
        {
            await psql.StandardInput.WriteLineAsync(FormattableString.Invariant($"SELECT 'done' FROM churn({((changes * 7919) % (rows - 60)) + 1});"));
            await psql.StandardInput.FlushAsync(CancellationToken.None);
            // one after the other: nothing is left to do when it is told to stop
            if (await psql.StandardOutput.ReadLineAsync(CancellationToken.None) != "done")
                throw new InvalidOperationException("the session that writes has ended");
        }
        psql.StandardInput.Close();
        await psql.WaitForExitAsync(CancellationToken.None);
    }

    private static async Task<int> ChangesAsync(string uri) => int.Parse((await Measured.RunAsync("psql", ["-X", "-q", "-A", "-t", uri, "-c", "SELECT changes FROM totals"])).Output.Trim(), CultureInfo.InvariantCulture);

    // one command: what stands between $$ has semicolons of its own
    private static Task PsqlAsync(string uri, string sql) => Measured.RunAsync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", uri, "-c", sql]);

    private static string Files(string project, string table) => $"read_parquet({Sql.Literal($"{project}/lake/raw/postgres/{table}/**/*.parquet")})";

    private static string Row(string sql)
    {
        using var database = Database.Open(new() { MemoryLimit = "4GB" });
        using var connection = database.Connect();
        using var result = connection.Query(sql);
        result.NextChunk();
        return string.Join('|', Enumerable.Range(0, result.Columns.Count).Select(column => result.GetText(column, 0)));
    }

    private static string Text(string column) => column == "at" ? "CAST(\"at\" AS VARCHAR)" : $"CAST({column} AS VARCHAR)";
}
