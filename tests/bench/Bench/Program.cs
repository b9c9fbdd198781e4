using DataSpoc.Tests.Bench;

using var folder = new WorkFolder();
var quick = args.Contains("--quick");
var names = args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
var benchmarks = new (string Name, Func<Table, WorkFolder, int, Task> Run)[]
{
    ("singer", SingerBenchmark.RunAsync),
    ("csv", CsvBenchmark.RunAsync),
    ("postgres", PostgresBenchmark.RunAsync),
    ("sql", SqlBenchmark.RunAsync),
    ("mount", MountBenchmark.RunAsync),
    ("tpch", TpcHBenchmark.RunAsync),
    ("catalog", CatalogBenchmark.RunAsync),
    ("rows", ResultBenchmark.RunAsync),
    ("agent", AgentBenchmark.RunAsync),
    ("distant", DistantBenchmark.RunAsync),
    ("log", LogBenchmark.RunAsync),
    ("merge", MergeBenchmark.RunAsync),
    ("streams", StreamsBenchmark.RunAsync),
    ("mock", MockBenchmark.RunAsync),
    ("line", LongLineBenchmark.RunAsync),
    ("ml", LearningBenchmark.RunAsync),
    ("size", SizeBenchmark.RunAsync),
    ("serve", ServingBenchmark.RunAsync),
    ("drift", DriftBenchmark.RunAsync),
};
var table = new Table();
foreach (var (name, run) in benchmarks)
    if (names.Length == 0 || names.Contains(name))
        await run(table, folder, quick ? 10 : 1);
// an experiment, not a measurement
if (names.Contains("defaults"))
    await DefaultsBenchmark.RunAsync(table, folder, quick ? 10 : 1);
table.Print(Console.Out);
return table.AllMet ? 0 : 1;
