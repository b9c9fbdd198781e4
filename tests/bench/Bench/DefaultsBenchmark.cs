using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Training;

namespace DataSpoc.Tests.Bench;

/// <summary>
/// From which parameters a search starts: by the folds of the public tables' training files alone. Neither their holdout nor their test files are looked at.
/// Run by name only: <c>tests/bench/run defaults</c>.
/// </summary>
internal static class DefaultsBenchmark
{
    private static readonly (string Table, string Target)[] Tables = [("penguins", "species"), ("california_housing", "median_house_value"), ("adult", "income")];

    private static readonly BoostingParameters[] Candidates =
    [
        .. from depth in new[] { 4, 5, 6, 7 } from columns in new[] { 0.5, 0.8 } from oneHot in new[] { 4, 64 } select new BoostingParameters { Depth = depth, ColumnShare = columns, OneHotBelow = oneHot },
        new() { Depth = 6, RowShare = 1, ColumnShare = 1, OneHotBelow = 4 },
        new() { Depth = 6, ColumnShare = 0.5, OneHotBelow = 64, LeastChildWeight = 5, Lambda = 5 },
    ];

    public static Task RunAsync(Table table, WorkFolder folder, int less)
    {
        using var database = Database.Open(new() { TempDirectory = folder.Path });
        using var connection = database.Connect();
        var losses = new double[Candidates.Length][];
        for (var c = 0; c < losses.Length; c++)
            losses[c] = new double[Tables.Length];
        foreach (var (t, (name, target)) in Tables.Index())
        {
            var source = SourceTable.Describe(connection, name, $"read_csv({Sql.Literal(Shared($"{name}_train.csv"))}, nullstr = '')", default);
            // the folds of a small table say little: they are drawn again and again
            var drawings = name == "penguins" ? 12 : 1;
            for (var drawing = 0; drawing < drawings; drawing++)
            {
                var prepared = new TableTraining(connection, new()).Prepare(source, new(target, null, [], [], new(), new() { Seed = 42 + drawing }), default);
                using var trainer = new Trainer(prepared.Learning, new(prepared.Target, ""), 42, Environment.ProcessorCount);
                foreach (var (c, parameters) in Candidates.Index())
                    losses[c][t] += prepared.Split.Folds.Take(3).Average(fold => trainer.Try(fold, parameters, new(3000 / less, 20), null, default).Losses.Min()) / drawings;
            }
            var best = losses.Min(of => of[t]);
            foreach (var (c, parameters) in Candidates.Index())
                Console.Error.WriteLine($"{name}: {losses[c][t]:G6} ({losses[c][t] / best - 1:+0.00%}) depth {parameters.Depth}, rows {parameters.RowShare}, columns {parameters.ColumnShare}, one-hot below {parameters.OneHotBelow}, child {parameters.LeastChildWeight}, lambda {parameters.Lambda}");
        }
        foreach (var (c, mean) in Candidates.Select((_, c) => (c, Enumerable.Range(0, Tables.Length).Average(t => losses[c][t] / losses.Min(of => of[t]) - 1))).OrderBy(of => of.Item2))
            Console.Error.WriteLine($"mean {mean:+0.00%}: {Candidates[c]}");
        // the second to try: what lowers the mean of the better of the two most
        double Both(int a, int b) => Enumerable.Range(0, Tables.Length).Average(t => Math.Min(losses[a][t], losses[b][t]) / losses.Min(of => of[t]) - 1);
        var first = Enumerable.Range(0, Candidates.Length).MinBy(c => Both(c, c));
        var second = Enumerable.Range(0, Candidates.Length).MinBy(c => Both(first, c));
        Console.Error.WriteLine($"first {Candidates[first]}\nsecond {Candidates[second]}: {Both(first, second):+0.00%}");
        return Task.CompletedTask;
    }

    private static string Shared(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent ?? throw new InvalidOperationException("the benchmarks do not lie in the repository");
        return Path.Combine(folder.FullName, "..", "shared", "data", "ml", file);
    }
}
