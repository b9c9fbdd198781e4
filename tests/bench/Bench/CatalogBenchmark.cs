namespace DataSpoc.Tests.Bench;

/// <summary>A bucket of 10,000 tables, listed.</summary>
internal static class CatalogBenchmark
{
    private const int Tables = 10_000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var bucket = $"file://{folder.Path}/lake-catalog";
        await MountBenchmark.MakeAsync(bucket, Tables / less);
        var listed = await Measured.FastestAsync(3, _ => Measured.RunAsync("lens", ["catalog", "--bucket", bucket, "-o", "csv"]));
        if (listed.Output.Split('\n').Length != (Tables / less) + 2)
            throw new InvalidOperationException($"{listed.Output.Split('\n').Length} lines");
        table.Below($"lens catalog of {Tables / less:n0} tables", listed.Seconds, 2);
    }
}
