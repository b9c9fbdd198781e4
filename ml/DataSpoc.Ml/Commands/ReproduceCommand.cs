using System.CommandLine;
using System.Security.Cryptography;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Names;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml reproduce</c>: the same trees once more, byte for byte.</summary>
internal sealed class ReproduceCommand(StoreOpening stores)
{
    private readonly Argument<string> _model = new("model") { Description = "The model", HelpName = "MODEL" };
    private readonly Argument<int> _version = new("version") { Description = "Its version", HelpName = "VERSION" };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new ReproduceCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("reproduce", "Make a version again from what it recorded, and compare it byte for byte")
    {
        Example = "ml reproduce late 3 --bucket s3://company-bronze",
        Details = """
            Reads the same snapshot, prepares and splits it by the same seed, and grows the trees with the parameters that the
            search found. Writes nothing. A model that comes out different ends with exit code 3.
            """,
        Handler = RunAsync,
        Arguments = { _model, _version },
        Options = { _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var name = Name.Require(context.Value(_model)!, "model");
        await using var host = MlHost.Open(context, _bucket, stores);
        var catalog = new ModelCatalog(host.Store);
        var (_, version) = await catalog.ResolveAsync(new(name, context.Value(_version), null), context.Cancel);
        var model = await catalog.DescribeAsync(name, version, context.Cancel);
        var request = model.Run.Request ?? throw new UserError($"`{name}@{version}` did not record what is needed to make it again") { Hint = "it was trained by an older `ml`; train a new version" };
        var engine = $"xgboost {XGBoostLibrary.CheckedVersion()}";
        if (engine != model.Run.Engine || MlHost.Tool != model.Run.Tool)
            context.Messages.Warn($"it was made with {model.Run.Tool} and {model.Run.Engine}; this is {MlHost.Tool} and {engine}");

        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var table = RowSample.Of(await host.OpenTableAsync(database, connection, model.Run.Table, model.Features.Views, context.Cancel), request.Sample, model.Run.Seed);
        string?[] then = [model.Run.Input, .. (model.Features.Views?.Views ?? []).Select(view => view.Input)];
        if (!then.SequenceEqual(table.Inputs))
            throw new UserError($"`{model.Run.Table}` is not what `{name}@{version}` learned from any more")
            {
                Where = [("then", string.Join(", ", then.Select(input => input ?? "unknown"))), ("now", string.Join(", ", table.Inputs))],
                Hint = "it can be made again only while the table's snapshot is the same",
            };
        var settings = new TrainingSettings { Seed = model.Run.Seed, Metric = request.Metric, Quantile = model.Features.Target.Quantile, Threads = host.Threads };
        var made = await Task.Run(
            () => new ModelLearning(
                    new TableTraining(connection, new()).Prepare(table, new(request.Target, request.Task, request.Excluded, request.Kept, request.Roles, settings) { Views = table.Views }, context.Cancel), settings, new())
                .Repeat(request.Boosting, request.Rounds, context.Cancel),
            context.Cancel);
        var registered = (await catalog.TreesAsync(model, context.Cancel)).ToArray();
        var same = made.AsSpan().SequenceEqual(registered);
        using var rows = context.Rows([new("model"), new("same"), new("registered"), new("made")]);
        rows.WriteRow($"{name}@{version}", same, Convert.ToHexStringLower(SHA256.HashData(registered)), Convert.ToHexStringLower(SHA256.HashData(made)));
        rows.Complete();
        if (!same)
            throw new UserError($"`{name}@{version}` comes out different") { Hint = "compare the versions of `ml` and XGBoost with those in its run.json", ExitCode = ExitCode.Refused };
        context.Messages.Success("the same trees, byte for byte");
        return ExitCode.Done;
    }
}
