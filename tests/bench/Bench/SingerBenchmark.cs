using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>Singer messages → Parquet in a bucket, against DuckDB's own typed <c>read_json</c> → Parquet.</summary>
internal static class SingerBenchmark
{
    private const long MostMemory = 200_000_000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var eight = await AgainstDuckDbAsync(SingerShape.Eight, 2_000_000 / less, table, folder);
        await AgainstDuckDbAsync(SingerShape.Sixty, 300_000 / less, table, folder);
        await AgainstDuckDbAsync(SingerShape.Nested, 1_000_000 / less, table, folder);

        var large = 10_000_000 / less;
        SingerShape.Eight.Write(folder.File("large.singer"), null, large);
        var ten = await IngestAsync(folder.File("large.singer"), $"file://{folder.Path}/lake-l");
        table.Memory($"Singer, 8 fields, {large:n0} records: peak RSS", ten.PeakBytes, MostMemory);
        table.Memory($"Singer, 8 fields, growth from {2_000_000 / less:n0} to {large:n0} records", Math.Max(0, ten.PeakBytes - eight.PeakBytes), 20_000_000);
        File.Delete(folder.File("large.singer"));
    }

    private static async Task<Measured> AgainstDuckDbAsync(SingerShape shape, int records, Table table, WorkFolder folder)
    {
        var (messages, plain) = (folder.File("records.singer"), folder.File("records.ndjson"));
        shape.Write(messages, plain, records);
        var floor = Measured.DuckDb($"COPY (SELECT * FROM read_json({Sql.Literal(plain)}, format = 'newline_delimited', columns = {{{shape.Columns}}})) TO {Sql.Literal(folder.File("floor.parquet"))} (FORMAT parquet, COMPRESSION zstd)", 3);
        var best = await Measured.FastestAsync(3, run => IngestAsync(messages, $"file://{folder.Path}/lake-{shape.Name.Replace(' ', '-')}-{run}"));
        table.Share($"Singer, {shape.Name}, {records:n0} records → Parquet", best.Seconds, floor, 0.55, string.Create(CultureInfo.InvariantCulture, $"{records / best.Seconds / 1e6:0.00} M/s, {new FileInfo(messages).Length / best.Seconds / 1e6:0} MB/s"));
        table.Memory($"Singer, {shape.Name}: peak RSS", best.PeakBytes, MostMemory);
        File.Delete(plain);
        File.Delete(messages);
        return best;
    }

    private static Task<Measured> IngestAsync(string input, string bucket) => Measured.RunAsync("pipe", ["ingest", "-", "--source", "bench", "--to", bucket], input);
}
