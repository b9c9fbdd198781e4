using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Profiling;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Features;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Training;

/// <summary>What is to be learned from a table.</summary>
/// <param name="Target">The target column.</param>
/// <param name="Task">What kind of answer, or null to decide by its values.</param>
/// <param name="Excluded">Columns not to be used.</param>
/// <param name="Kept">Columns to be used even where a rule would leave them out.</param>
/// <param name="Roles">Columns that order, group or weigh the rows.</param>
/// <param name="Settings">How.</param>
internal sealed record TrainingRequest(string Target, LearningTask? Task, IReadOnlyList<string> Excluded, IReadOnlyList<string> Kept, RowRoles Roles, TrainingSettings Settings)
{
    /// <summary>Feature views that are joined to the table; null for none.</summary>
    public JoinedViews? Views { get; init; }
}

/// <summary>A table as it will be learned from.</summary>
/// <param name="Source">The table.</param>
/// <param name="Target">What is learned.</param>
/// <param name="Preparation">The columns used and left out.</param>
/// <param name="Learning">The rows in memory.</param>
/// <param name="Split">Which rows serve for what.</param>
/// <param name="Scheme">How they were split: stratified, grouped or forward in time.</param>
/// <param name="Rows">How many these are.</param>
internal sealed record TrainingTable(SourceTable Source, Target Target, TablePreparation Preparation, LearningTable Learning, RowSplit Split, string Scheme, RowCounts Rows)
{
    /// <summary>Rows of each class; empty for a number.</summary>
    public IReadOnlyDictionary<string, int> ClassRows { get; } =
        Target.Classes.Zip(ClassWeights.Rows(Target, Target.Classes.Count > 0 ? Learning.Labels : [])).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);

    /// <summary>What an analyst joins predictions by: the declared key, or the columns that were found to name their row.</summary>
    public IReadOnlyList<string> Keys => Source.KeyColumns.Count > 0
        ? Source.KeyColumns
        : [.. Preparation.LeftOut.Where(c => c.Reason == LeftOutReason.Identifier).Select(c => c.Column)];
}

/// <summary>Makes a table ready to be learned from: profile, preparation, matrix, split, leaks.</summary>
/// <param name="connection">Where the table is known.</param>
/// <param name="observer">Told how far it is.</param>
internal sealed class TableTraining(Connection connection, TrainingObserver observer)
{
    /// <summary>Reads a table and decides what is learned from it.</summary>
    /// <exception cref="UserError">Nothing can be learned from this table and target.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public TrainingTable Prepare(SourceTable table, TrainingRequest request, CancellationToken cancel)
    {
        Check(table, request);
        var column = table.Require(request.Target, "target");
        var profiler = new TableProfiler(connection, table, cancel);
        var (rows, present) = profiler.CountRows(column);
        var values = profiler.TargetValues(column, TargetPlanner.MostClasses + 1);
        var target = TargetPlanner.Plan(table.Name, column, values, rows, present, request.Settings.Quantile is null ? request.Task : LearningTask.Regression) with { Quantile = request.Settings.Quantile };
        MetricName.Require(request.Settings.Metric, target);
        request.Settings.ClassWeight.Require(target);
        observer.Decided(target);
        var candidates = PreparationPlanner.Plan(profiler.Columns(column, rows - present, request.Roles.Time), new()
        {
            Excluded = request.Excluded.ToHashSet(StringComparer.Ordinal),
            Kept = request.Kept.ToHashSet(StringComparer.Ordinal),
            PartitionColumns = table.PartitionColumns.ToHashSet(StringComparer.Ordinal),
            KeyColumns = table.KeyColumns,
            Roles = request.Roles.LeftOut,
            TimeColumn = request.Roles.Time,
            Classes = target.Classes.Count,
        });
        RequireFeatures(table, candidates);

        FloatTableLimits.OfMachine().Require(table.Name, present, candidates.Columns.Sum(c => c.Features.Count), request.Settings.Sample);
        var read = LearningTableReader.Read(connection, table, candidates, target, request.Roles, observer.RowsRead, cancel);
        var split = RowSplit.Make(read.Table.Labels, target.Classes.Count, request.Settings.Seed, read.Keys);
        RequireBothSides(table, target, read.Table, split);
        var learned = new StatisticsFitting(read.Table.Values, read.Table.Labels, target, split, read.Keys, request.Settings.Seed).Fit(candidates, read.Seen);
        var preparation = WithoutLeaks(learned, read.Table, split, request.Kept);
        RequireFeatures(table, preparation);
        observer.Prepared(preparation, rows - present, read.Infinite);
        return new(
            table, target, preparation, read.Table with { Columns = preparation.PositionsIn(candidates), Features = preparation.Features }, split, read.Keys?.Scheme ?? "stratified",
            new(rows, rows - present, split.Training.Length, split.Folds.Sum(f => f.Validation.Length), split.Holdout.Length));
    }

    private static void Check(SourceTable table, TrainingRequest request)
    {
        foreach (var name in request.Excluded.Concat(request.Kept))
            table.Require(name, "column");
        var (time, group, weight) = request.Roles;
        if (time is not null && group is not null)
            throw new UserError("rows are split by time or by group, not by both") { Hint = "leave `--group` out: forward in time no row is judged by later ones of its group", ExitCode = ExitCode.Usage };
        foreach (var role in new[] { time, group, weight })
            if (role == request.Target)
                throw new UserError($"the target `{role}` cannot order, group or weigh the rows") { ExitCode = ExitCode.Usage };
    }

    // forward in time one class may be only before or only after
    private static void RequireBothSides(SourceTable table, Target target, LearningTable learning, RowSplit split)
    {
        if (split.Training.Length < 2)
            throw new UserError($"`{table.Name}` has too few different times or groups to learn from one part and be judged on another") { Hint = "leave `--time-column` or `--group` out" };
        if (target.Task == LearningTask.Regression || split.Training.Any(row => learning.Labels[row] != learning.Labels[split.Training[0]]))
            return;
        throw new UserError($"target `{target.Column}` is `{target.Classes[(int)learning.Labels[split.Training[0]]]}` in all rows that are learned from: there is nothing to learn")
        {
            Hint = "it differs only in the rows held out; load more rows, or split in another way",
        };
    }

    private static TablePreparation WithoutLeaks(TablePreparation candidates, LearningTable learning, RowSplit split, IReadOnlyList<string> kept)
    {
        var owners = candidates.Columns.SelectMany(c => c.Features.Select(_ => c.Name)).ToArray();
        var suspects = LeakSuspects.Find(learning, split.Training).Select(feature => owners[feature]).Distinct(StringComparer.Ordinal).Except(kept, StringComparer.Ordinal);
        return candidates.Without([.. suspects.Select(name => new LeftOutColumn(name, LeftOutReason.Leak, "it alone tells the target, so it is likely known only afterwards"))]);
    }

    private static void RequireFeatures(SourceTable table, TablePreparation preparation)
    {
        if (preparation.Columns.Count > 0)
            return;
        throw new UserError($"no column of `{table.Name}` is left to learn from")
        {
            Where = [.. preparation.LeftOut.Select(c => (c.Column, c.Detail))],
            Hint = "`--keep` uses a column whatever the rule says",
        };
    }
}
