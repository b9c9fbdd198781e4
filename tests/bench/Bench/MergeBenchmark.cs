using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>Changed rows all over a large table, merged by key, against reading and writing the files they touch: all of them.</summary>
internal static class MergeBenchmark
{
    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var (rows, changed) = (10_000_000 / less, 100_000 / less);
        Directory.CreateDirectory(folder.File("merge/in"));
        Directory.CreateDirectory(folder.File("merge/pipelines"));
        await File.WriteAllTextAsync(folder.File("merge/pipe.yaml"), $"bucket: file://{folder.File("merge/lake")}\n");
        await File.WriteAllTextAsync(folder.File("merge/pipelines/orders.yaml"), "source: {files: [./in/*.parquet], name: bench, table: orders}\ntables: {orders: {mode: merge, key: [id]}}\n");
        const string Columns = "i AS id, 'customer-' || (hash(i) % 100000) AS customer, ((hash(i, 1) % 100000000) / 100)::DECIMAL(12,2) AS amount, (hash(i, 2) % 20)::INTEGER AS quantity, TIMESTAMPTZ '2026-01-01' + to_seconds(i) AS created_at, 'left at the door ' || (hash(i, 3) % 1000) AS note";
        Execute($"COPY (SELECT {Columns} FROM range({rows}) t(i)) TO '{folder.File("merge/in/1.parquet")}' (FORMAT parquet, COMPRESSION zstd)");
        await IngestAsync(folder);
        var floor = Measured.DuckDb($"COPY (FROM read_parquet('{folder.File("merge/lake/raw/bench/orders")}/**/*.parquet', hive_partitioning=false)) TO '{folder.File("merge/floor.parquet")}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)", 2);
        // the last hundredth is new, the others are all over the table
        Execute($"COPY (SELECT {Columns} FROM (SELECT DISTINCT (hash(j) % {rows + (rows / 100)})::BIGINT AS i FROM range({changed}) t(j))) TO '{folder.File("merge/in/2.parquet")}' (FORMAT parquet, COMPRESSION zstd)");
        var merge = await IngestAsync(folder);
        table.AtMost(string.Create(CultureInfo.InvariantCulture, $"merge of {changed:n0} changed rows into {rows:n0}, every file touched"), merge.Seconds, floor, 3, 500);
        table.Memory("merge: peak RSS", merge.PeakBytes, 2_300_000_000);
    }

    private static Task<Measured> IngestAsync(WorkFolder folder) => Measured.RunAsync("pipe", ["ingest", "orders", "--project", folder.File("merge")]);

    private static void Execute(string sql)
    {
        using var database = Database.Open(new() { MemoryLimit = "2GB" });
        using var connection = database.Connect();
        connection.Execute(sql);
    }
}
