using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Monitoring;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Tracking;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.Search;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Commands;

/// <summary>Trains on a table of the bucket and registers the version, telling the user what is done.</summary>
internal sealed class ModelTraining(CommandContext context, MlHost host)
{
    /// <summary>A class of less than this share of the rows is said to be rare.</summary>
    private const double RareShare = 0.05;

    /// <summary>Reads the table and decides what would be learned; writes nothing.</summary>
    public async Task<TrainingTable> PrepareAsync(string model, string from, TrainingRequest request)
    {
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var table = RowSample.Of(await host.OpenTableAsync(database, connection, from, request.Views, context.Cancel), request.Settings.Sample, request.Settings.Seed);
        using var lines = new TrainingLines(context.Progress, model);
        return await Task.Run(() => Reading(table, () => new TableTraining(connection, Observer(lines, request)).Prepare(table, request, context.Cancel)), context.Cancel);
    }

    /// <summary>Trains and registers.</summary>
    public async Task<NewVersion> RunAsync(string model, string from, TrainingRequest request)
    {
        var engine = $"xgboost {XGBoostLibrary.CheckedVersion()}";
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var started = context.Time.GetUtcNow();
        var table = RowSample.Of(await host.OpenTableAsync(database, connection, from, request.Views, context.Cancel), request.Settings.Sample, request.Settings.Seed);
        var run = new LoggedRun(model, RunId.New(context.Time), started, [KeyValuePair.Create<string, JsonNode?>("action", "train"), KeyValuePair.Create<string, JsonNode?>("table", table.Name)]);
        return await new RunLogs(host.Store).RecordAsync(
            run, () => TrainAsync(run, connection, table, request, engine), context.Time, error => context.Messages.Detail($"no log was written: {error.What}"), context.Cancel);
    }

    private async Task<(NewVersion Model, LoggedWork Work)> TrainAsync(LoggedRun run, Connection connection, SourceTable source, TrainingRequest request, string engine)
    {
        using var lines = new TrainingLines(context.Progress, run.Model);
        var observer = Observer(lines, request);
        var clock = new Stopwatches(context.Time);
        var (table, trained) = await Task.Run(
            () =>
            {
                var prepared = clock.Measure("reading", () => Reading(source, () => new TableTraining(connection, observer).Prepare(source, request, context.Cancel)));
                return (prepared, clock.Measure("learning", () => Learning(() => new ModelLearning(prepared, request.Settings, observer).Run(context.Cancel))));
            },
            context.Cancel);
        lines.RoundsDone(MetricName.ForSearch(trained.Holdout.Metric), trained.Search?.Figure);
        var interrupted = trained.Search?.Ended == SearchEnd.Interrupted;
        // what an interruption keeps is registered
        var cancel = interrupted ? CancellationToken.None : context.Cancel;
        Memory.GiveBack();
        var profile = await Task.Run(() => clock.Measure("profiling", () => new DistributionReader(connection, source, cancel).Describe(table.Preparation.Columns)), cancel);

        var version = await new ModelRegistration(host.Store, context.Time).RegisterAsync(TrainedDocuments.Of(run, source, table, trained, profile, clock.Seconds, Command(run.Model, source, request), engine, request), host.User, cancel);
        Tell(table, trained, interrupted);
        await TrackAsync(version, cancel);
        return (
            version,
            new(null, new Dictionary<string, StreamLog> { [source.Name] = new(table.Rows.Table) }, [KeyValuePair.Create<string, JsonNode?>("model_version", version.Run.ModelVersion)]));
    }

    // the version is registered: a server that is not there does not undo it
    private async Task TrackAsync(NewVersion version, CancellationToken cancel)
    {
        using var http = MlflowExport.Client(context.Environment.Variable);
        if (http is null)
            return;
        try
        {
            var run = await new MlflowExport(http).TellAsync(version, $"{host.Store.Bucket}/{DocumentKeys.ModelVersion(version.Run.Model, version.Run.ModelVersion).TrimEnd('/')}", cancel);
            context.Messages.Info($"MLflow has it as run {run}");
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Failed)
        {
            context.Messages.Warn($"{error.What}: {string.Join(", ", error.Where.Select(w => $"{w.Item1} {w.Item2}"))}", error.Hint);
        }
    }

    private static TrainingTable Reading(SourceTable table, Func<TrainingTable> read)
    {
        try
        {
            return read();
        }
        catch (DuckDbException error)
        {
            throw TableReadErrors.Explain(error, table);
        }
    }

    private static LearnedModel Learning(Func<LearnedModel> learn)
    {
        try
        {
            return learn();
        }
        catch (XGBoostException error)
        {
            throw new UserError($"XGBoost failed: {error.Message}", error) { Hint = "where it ran out of memory: leave columns out with `--exclude`, or train on fewer rows" };
        }
    }

    private TrainingObserver Observer(TrainingLines shown, TrainingRequest request)
    {
        return new()
        {
            Decided = target => context.Messages.Info(target.Task switch
            {
                LearningTask.Binary => $"`{target.Column}` is learned as a class: how likely is `{target.Classes[1]}` rather than `{target.Classes[0]}`",
                LearningTask.Multiclass => $"`{target.Column}` is learned as one of {target.Classes.Count} classes",
                _ when target.Quantile is { } quantile => string.Create(CultureInfo.InvariantCulture, $"`{target.Column}` is learned as a number that {100 * quantile:0.##} % of the rows lie below"),
                _ => $"`{target.Column}` is learned as a number",
            }),
            RowsRead = shown.RowsRead,
            Prepared = (preparation, withoutTarget, infinite) =>
            {
                shown.ReadingDone();
                if (withoutTarget > 0)
                    context.Messages.Info($"{Quantity.Count(withoutTarget, "row")} without `{request.Target}` are not learned from");
                if (infinite > 0)
                    context.Messages.Info($"{Quantity.Count(infinite, "number")} beyond a float's range count as missing");
                foreach (var column in preparation.LeftOut)
                    if (column.Reason == LeftOutReason.Leak)
                        context.Messages.Warn($"`{column.Column}` is left out: {column.Detail}", $"`--keep {column.Column}` uses it all the same");
                    else if (column.Reason != LeftOutReason.Excluded)
                        context.Messages.Info($"`{column.Column}` is left out: {column.Detail}");
            },
            ClassesCounted = (target, rows) =>
            {
                if (rows.MinBy(r => r.Value) is var rare && rare.Value < RareShare * rows.Values.Sum())
                    context.Messages.Info(string.Create(CultureInfo.InvariantCulture, $"`{rare.Key}` is rare: {Quantity.Count(rare.Value, "row")} of {rows.Values.Sum()}; `accuracy` would hide it"));
            },
            BaselinesKnown = (metric, baseline, linear) =>
            {
                if (baseline.TryGetValue(metric, out var without))
                    context.Messages.Info(string.Create(CultureInfo.InvariantCulture, $"to beat: {metric} {without:0.#####} without looking at the row{(linear.TryGetValue(metric, out var reached) ? $", {reached:0.#####} by a linear model" : "")}"));
            },
            SearchBegun = (trials, folds) => context.Messages.Detail(string.Create(CultureInfo.InvariantCulture, $"{trials} sets of parameters, {folds} folds")),
            RoundDone = (_, round, _) => shown.RoundDone(round),
            TrialDone = (trial, _) => shown.TrialDone(trial),
        };
    }

    private void Tell(TrainingTable table, LearnedModel trained, bool interrupted)
    {
        var (rows, target) = (table.Rows, table.Target);
        if (interrupted)
            context.Messages.Warn($"interrupted: the best of {Quantity.Count(trained.Search!.Tried.Count, "trial")} is kept");
        else if (trained.Search?.Ended == SearchEnd.Budget)
            context.Messages.Info($"the budget ended the search after {Quantity.Count(trained.Search.Tried.Count, "trial")}; on a faster machine it finds more, and perhaps another model");
        if (rows.Holdout == 0)
            context.Messages.Warn("there are too few rows to hold some out: how good the model is, is not known");
        else if (rows.Holdout < 100)
            context.Messages.Warn(string.Create(CultureInfo.InvariantCulture, $"the figures come from {rows.Holdout} rows only and are rough"));
        if (trained.Parameters.ClassWeights is { } weights)
            context.Messages.Info(string.Create(CultureInfo.InvariantCulture, $"the classes counted {string.Join(", ", target.Classes.Zip(weights).Take(5).Select(c => string.Create(CultureInfo.InvariantCulture, $"`{c.First}` {c.Second}")))} in training; the probabilities are those of the rows as they are"));
        if (target.Task == LearningTask.Binary && trained.Answer is { Threshold: not 0.5 } answer)
            context.Messages.Info(string.Create(CultureInfo.InvariantCulture, $"the answer is `{target.Classes[1]}` from probability {answer.Threshold:0.####} on, {(MetricName.NeedsThreshold(trained.Holdout.Metric) ? $"which is best for {trained.Holdout.Metric} on validation rows" : "where the class weights make both even")}"));
        else if (trained.Answer?.Counts is not null)
            context.Messages.Info($"rarer classes are answered sooner than they are the most likely, which is best for {trained.Holdout.Metric} on validation rows");
        var important = trained.Importance.Where(f => f.Gain > 0).Take(5).Select(f => string.Create(CultureInfo.InvariantCulture, $"`{f.Feature}` {100 * f.Gain:0} %"));
        context.Messages.Info($"most important: {string.Join(", ", important)}");
    }

    private static string[] Command(string model, SourceTable table, TrainingRequest request) =>
    [
        "train", "--from", table.Name, "--target", request.Target, "--model", model,
        .. request.Task is { } task ? ["--task", task.ToString().ToLowerInvariant()] : Array.Empty<string>(),
        .. request.Excluded.SelectMany(column => new[] { "--exclude", column }),
        .. request.Kept.SelectMany(column => new[] { "--keep", column }),
        "--seed", request.Settings.Seed.ToString(CultureInfo.InvariantCulture),
        "--rounds", request.Settings.MostRounds.ToString(CultureInfo.InvariantCulture),
        .. request.Settings.Trials is { } trials ? ["--trials", trials.ToString(CultureInfo.InvariantCulture)] : new[] { "--budget", string.Create(CultureInfo.InvariantCulture, $"{request.Settings.Budget.TotalSeconds}s") },
        .. Option("--metric", request.Settings.Metric), .. Option("--class-weight", request.Settings.ClassWeight.Rule == ClassWeightRule.Auto ? null : request.Settings.ClassWeight.Text), .. Option("--sample", request.Settings.Sample?.ToString(CultureInfo.InvariantCulture)), .. Option("--quantile", request.Settings.Quantile?.ToString(CultureInfo.InvariantCulture)), .. Option("--time-column", request.Roles.Time), .. (request.Views?.Views ?? []).SelectMany(view => new[] { "--features", view.Name }), .. Option("--group", request.Roles.Group), .. Option("--weight", request.Roles.Weight),
    ];

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];
}
