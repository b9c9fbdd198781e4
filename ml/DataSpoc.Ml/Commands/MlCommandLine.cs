using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Features;

namespace DataSpoc.Ml.Commands;

/// <summary>The command line of <c>ml</c>.</summary>
internal static class MlCommandLine
{
    /// <summary>All commands.</summary>
    /// <param name="stores">Opens buckets; by default as they are.</param>
    public static CommandLineApp Create(StoreOpening? stores = null)
    {
        stores ??= ObjectStores.Open;
        return new()
        {
            Name = "ml",
            Description = "Models that live in the bucket: learn from a table, predict into a table",
            ConfigurationFolders = ["models", FeatureView.Folder],
            Commands =
            [
                TrainCommand.Create(stores), PredictCommand.Create(stores), ServeCommand.Create(stores), EvaluateCommand.Create(stores), ExplainCommand.Create(stores), DriftCommand.Create(stores),
                ModelsCommand.Create(stores), PromoteCommand.Create(stores), RollbackCommand.Create(stores), ReproduceCommand.Create(stores), StatusCommand.Create(stores), ReportCommand.Create(stores),
                FeaturesCommand.Create(stores),
            ],
        };
    }
}
