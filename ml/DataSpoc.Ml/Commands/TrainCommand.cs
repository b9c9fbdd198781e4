using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Names;
using DataSpoc.Ml.Configuration;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Features;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml train</c>: a table becomes a version of a model.</summary>
internal sealed class TrainCommand(StoreOpening stores)
{
    private readonly Argument<string?> _file = new("model") { Description = "A model of the project: models/MODEL.yaml says what the options would", HelpName = "MODEL", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _from = new("--from") { Description = "The table to learn from, as SQL names it", HelpName = "TABLE" };
    private readonly Option<string> _target = new("--target") { Description = "The column to predict", HelpName = "COLUMN" };
    private readonly Option<string> _bucket = BucketOption.Create();
    private readonly Option<string> _model = new("--model") { Description = "The model's name (default: that of the target)", HelpName = "NAME" };
    private readonly Option<TaskChoice> _task = new("--task") { Description = "auto, binary, multiclass or regression (default: auto)", HelpName = "TASK" };
    private readonly Option<string> _time = new("--time-column") { Description = "Rows follow each other by it: learn from the earlier, judge by the later", HelpName = "COLUMN" };
    private readonly Option<string[]> _features = new("--features") { Description = "Feature views to join as they were known at the time column, as a,b or repeated", HelpName = "VIEWS" };
    private readonly Option<string> _group = new("--group") { Description = "Rows of one value are never on both sides of a split", HelpName = "COLUMN" };
    private readonly Option<string> _weight = new("--weight") { Description = "How much a row counts in training", HelpName = "COLUMN" };
    private readonly Option<string> _classWeight = new("--class-weight") { Description = "How much classes count: auto, none, balanced, or no=1,yes=50 (default: auto, weights are tried where a class is rare)", HelpName = "WEIGHTS" };
    private readonly Option<string[]> _exclude = new("--exclude") { Description = "Columns not to be used, as a,b or repeated", HelpName = "COLUMNS" };
    private readonly Option<string[]> _keep = new("--keep") { Description = "Columns to be used whatever the rules say", HelpName = "COLUMNS" };
    private readonly Option<string> _metric = new("--metric") { Description = "The figure to be good by: auc, f1, logloss, accuracy, rmse, mae, … (default: the task's own)", HelpName = "METRIC" };
    private readonly Option<double?> _sample = new("--sample") { Description = "Learn from this share of the rows only, such as 0.1 (default: all)", HelpName = "SHARE" };
    private readonly Option<double?> _quantile = new("--quantile") { Description = "Regression: learn what this share of rows lies below, such as 0.9 (default: the mean)", HelpName = "SHARE" };
    private readonly Option<string> _budget = new("--budget") { Description = "How long it may take, such as 90s or 10m (default: 60s)", HelpName = "TIME" };
    private readonly Option<int?> _trials = new("--trials") { Description = "Sets of parameters to try, however long it takes", HelpName = "N" };
    private readonly Option<long?> _seed = new("--seed") { Description = "Same data, same seed: the same model (default: 42)", HelpName = "N" };
    private readonly Option<int?> _rounds = new("--rounds") { Description = "The most rounds of trees (default: 3000)", HelpName = "N" };

    public static ToolCommand Create(StoreOpening stores) => new TrainCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("train", "Learn to predict a column of a table")
    {
        Example = """
            ml train --from curated.parcels_deliveries --target late --bucket s3://company-bronze
            ml train late
            """,
        Details = """
            Numbers, flags, categories, dates, times and short texts are used; identifiers, constants, free text and columns
            that tell the target by themselves are named and left out (`--keep` overrides). Parameters are searched for within
            the budget; a fifth of the rows is never learned from and gives the figures. The model becomes the next version
            below ml/models/ in the bucket. Ctrl-C keeps the best so far.
            """,
        OffersDryRun = true,
        Handler = RunAsync,
        Arguments = { _file },
        Options = { _from, _target, _bucket, _model, _task, _time, _features, _group, _weight, _classWeight, _exclude, _keep, _metric, _quantile, _sample, _budget, _trials, _seed, _rounds },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var file = context.Value(_file) is { } named ? context.Project.Load<ModelFile>("models", named) : null;
        var from = context.Value(_from) ?? file?.From ?? throw Missing("--from", "the table to learn from");
        var target = context.Value(_target) ?? file?.Target ?? throw Missing("--target", "the column to predict");
        var model = (context.Value(_model) ?? context.Value(_file)) is { } name ? Name.Require(name, "model") : NameFolding.Fold(target);
        await using var host = MlHost.Open(context, _bucket, stores, file?.Bucket);
        context.WhenInterrupted(static () => "no version was registered");
        var request = new TrainingRequest(
            target, context.Given(_task) ? Task(context.Value(_task)) : file?.Task, Chosen(context, _exclude, file?.Exclude), Chosen(context, _keep, file?.Keep),
            new(context.Value(_time) ?? file?.TimeColumn, context.Value(_group) ?? file?.Group, context.Value(_weight) ?? file?.Weight), Settings(context, file, host.Threads)) { Views = Views(context, file) };
        var training = new ModelTraining(context, host);
        if (context.DryRun)
            return Show(context, await training.PrepareAsync(model, from, request));
        var trained = (await training.RunAsync(model, from, request)).Metrics;

        using var rows = context.Rows([new("model"), new("version", RowColumnKind.Number), new("task"), new("metric"), new("holdout", RowColumnKind.Number), new("low", RowColumnKind.Number),
            new("high", RowColumnKind.Number), new("baseline", RowColumnKind.Number), new("linear", RowColumnKind.Number), new("rows", RowColumnKind.Number), new("rounds", RowColumnKind.Number)]);
        var interval = trained.Intervals.GetValueOrDefault(trained.Metric);
        rows.WriteRow(model, trained.ModelVersion, trained.Task.ToString().ToLowerInvariant(), trained.Metric, trained.Headline(trained.Holdout), interval?.Low, interval?.High,
            trained.Headline(trained.Baseline), trained.Headline(trained.Linear), trained.Rows.Training, trained.Rounds);
        rows.Complete();
        context.Messages.Success($"`{new ModelReference(model, trained.ModelVersion, null)}` is in {host.Store.Bucket}");
        return ExitCode.Done;
    }

    private TrainingSettings Settings(CommandContext context, ModelFile? file, int threads)
    {
        var defaults = new TrainingSettings();
        var settings = defaults with
        {
            Seed = context.Value(_seed) ?? file?.Seed ?? defaults.Seed,
            MostRounds = context.Value(_rounds) ?? file?.Rounds ?? defaults.MostRounds,
            Trials = context.Value(_trials) ?? file?.Trials,
            Budget = context.Value(_budget) is { } budget ? Duration.Parse("--budget", budget) : file?.Budget ?? defaults.Budget,
            Metric = context.Value(_metric) ?? file?.Metric,
            Quantile = context.Value(_quantile) ?? file?.Quantile,
            Sample = context.Value(_sample) ?? file?.Sample,
            ClassWeight = (context.Value(_classWeight) ?? file?.ClassWeight) is { } weights ? ClassWeighting.Parse(weights) : defaults.ClassWeight,
            Threads = threads,
            Time = context.Time,
        };
        if (settings.MostRounds is < 1 or > 100_000)
            throw new UserError($"`--rounds {settings.MostRounds}` is not from 1 to 100 000") { ExitCode = ExitCode.Usage };
        if (settings.Trials is < 1 or > 1000)
            throw new UserError($"`--trials {settings.Trials}` is not from 1 to 1 000") { ExitCode = ExitCode.Usage };
        if (settings.Sample is { } sample && !(sample > 0 && sample < 1))
            throw new UserError($"`--sample {sample}` is not between 0 and 1") { Hint = "leave it out to learn from all rows", ExitCode = ExitCode.Usage };
        if (settings.Quantile is { } quantile && !(quantile > 0 && quantile < 1))
            throw new UserError($"`--quantile {quantile}` is not between 0 and 1") { ExitCode = ExitCode.Usage };
        return settings;
    }

    private static IReadOnlyList<string> Chosen(CommandContext context, Option<string[]> option, IReadOnlyList<string>? otherwise) =>
        context.Given(option) ? Columns.Split(context.Value(option)) : otherwise ?? [];

    private JoinedViews? Views(CommandContext context, ModelFile? file)
    {
        var names = Chosen(context, _features, file?.Features);
        if (names.Count == 0)
            return null;
        var time = context.Value(_time) ?? file?.TimeColumn ?? throw new UserError("`--features` needs `--time-column`: the moment at which a row may know something") { ExitCode = ExitCode.Usage };
        return new(time, [.. FeatureView.Load(context.Project, names).Select(JoinedView.Of)]);
    }

    private static UserError Missing(string option, string what) => new($"`{option}` is missing: {what}")
    {
        Hint = "or name a model of the project: ml train MODEL reads models/MODEL.yaml",
        ExitCode = ExitCode.Usage,
    };

    private static ExitCode Show(CommandContext context, TrainingTable table)
    {
        using var rows = context.Rows([new("column"), new("type"), new("use"), new("features", RowColumnKind.Number), new("detail")]);
        foreach (var column in table.Preparation.Columns)
            rows.WriteRow(column.Name, column.Type, column.Kind == ColumnKind.Category && column.Use != TextUse.Categories ? column.Use.ToString().ToLowerInvariant() : column.Kind.ToString().ToLowerInvariant(), column.Features.Count,
                column.Use == TextUse.Statistics ? "too many values to be categories: the target's mean per value, never counting the row itself" : column.Others ? $"the {column.Categories.Count} most frequent values, and the rest together" : null);
        foreach (var column in table.Preparation.LeftOut)
            rows.WriteRow(column.Column, table.Source.Columns.First(c => c.Name == column.Column).Type.ToString(), "left out", 0, column.Detail);
        rows.Complete();
        context.Messages.Info($"{Quantity.Count(table.Rows.Training, "row")} would be learned from, {Quantity.Count(table.Rows.Holdout, "row")} held out; nothing was written");
        return ExitCode.Done;
    }

    private static LearningTask? Task(TaskChoice choice) => choice switch
    {
        TaskChoice.Binary => LearningTask.Binary,
        TaskChoice.Multiclass => LearningTask.Multiclass,
        TaskChoice.Regression => LearningTask.Regression,
        _ => null,
    };

    private enum TaskChoice
    {
        Auto,
        Binary,
        Multiclass,
        Regression,
    }
}
