using DataSpoc.Contracts.DuckDb;
using Lens.Tests.TpcH;

namespace DataSpoc.Tests.Bench;

/// <summary>22 queries like those of TPC-H over a lake of eight tables, each against a process of bare DuckDB over the same files, by turns.</summary>
internal static class TpcHBenchmark
{
    private const int Runs = 3;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var bucket = $"file://{folder.Path}/lake-tpch";
        var tables = await MakeAsync(folder, bucket, 1.0 / less);
        foreach (var (name, sql) in TpcH.Queries())
        {
            var used = string.Join(", ", tables.Where(part => sql.Contains(part.Name, StringComparison.Ordinal)).Select(part => $"{part.Name} AS (FROM read_parquet([{part.Files}], hive_partitioning = false))"));
            var bare = sql.StartsWith("with ", StringComparison.Ordinal) ? $"WITH {used}, {sql["with ".Length..]}" : $"WITH {used} {sql}";
            Measured? lens = null, floor = null;
            for (var i = 0; i < Runs; i++)
            {
                lens = Measured.Faster(lens, await Measured.RunAsync("lens", ["sql", sql, "--bucket", bucket, "-o", "csv"]));
                floor = Measured.Faster(floor, await Measured.RunAsync("bare", [SqlBenchmark.Library, bare]));
            }
            table.AtMost(FormattableString.Invariant($"lens sql, TPC-H query {name} at scale {1.0 / less}"), lens!.Seconds, floor!.Seconds, 1.1, 120);
        }
    }

    private static async Task<IReadOnlyList<(string Name, string Files)>> MakeAsync(WorkFolder folder, string bucket, double scale)
    {
        using var database = Database.Open(new() { MemoryLimit = "4GB", PreserveOrder = false });
        using var connection = database.Connect();
        TpcH.Prepare(connection);
        var made = new List<(string, string)>();
        foreach (var (name, sql) in TpcH.Tables(scale))
        {
            var file = folder.File($"{name}.parquet");
            connection.Execute($"COPY ({sql}) TO {Sql.Literal(file)} (FORMAT parquet, COMPRESSION zstd)");
            await Measured.RunAsync("pipe", ["ingest", file, "--to", bucket, "--table", $"tpch/{name}"]);
            File.Delete(file);
            var files = Directory.EnumerateFiles(Path.Combine(folder.Path, "lake-tpch", "raw", "tpch", name), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
            made.Add((name, string.Join(", ", files.Select(Sql.Literal))));
        }
        return made;
    }
}
