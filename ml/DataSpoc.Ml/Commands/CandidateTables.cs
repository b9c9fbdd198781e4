using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Promotion;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Commands;

/// <summary>What a gate wants to know of the bucket's tables.</summary>
internal sealed class CandidateTables(MlHost host)
{
    /// <summary>For the gate.</summary>
    public GateTables ForGate => new(FiguresAsync, DifferencesAsync);

    /// <summary>What of the table that a version was trained on does not fit it any more; null where that table is gone.</summary>
    public async Task<IReadOnlyList<(string Column, string Difference)>?> DifferencesAsync(ModelDescription candidate, CancellationToken cancel)
    {
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        try
        {
            return TableFit.Differences(candidate.Features.Columns, await host.OpenTableAsync(database, connection, candidate.Run.Table, candidate.Features.Views, cancel));
        }
        catch (UserError error) when (error.ExitCode is ExitCode.Usage)
        {
            return null;
        }
        catch (UserError error) when (error.ExitCode is ExitCode.Refused)
        {
            return [("views", error.What)];
        }
    }

    /// <summary>The figures of a version on the holdout of another.</summary>
    /// <param name="candidate">Whose holdout it is.</param>
    /// <param name="other">Who answers.</param>
    /// <param name="cancel">Interrupts.</param>
    /// <returns>Null where they cannot be worked out: the snapshot is not there any more, or the rows do not fit the other version.</returns>
    public async Task<IReadOnlyDictionary<string, double>?> FiguresAsync(ModelDescription candidate, ModelDescription other, CancellationToken cancel)
    {
        if (candidate.Features.Target.Task != other.Features.Target.Task || candidate.Features.Target.Quantile != other.Features.Target.Quantile
            || candidate.Features.Target.Column != other.Features.Target.Column || !candidate.Features.Target.Classes.SequenceEqual(other.Features.Target.Classes))
            return null;
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        if (await HoldoutAsync(database, connection, candidate, cancel) is not { } holdout || TableFit.Differences(other.Features.Columns, holdout.Table).Count > 0)
            return null;
        using var booster = ModelOpening.Open(other, await new ModelCatalog(host.Store).TreesAsync(other, cancel), host.Threads);
        try
        {
            var scored = await Task.Run(() => ScoredRows.Read(other.Features, booster, connection, holdout.Table, null, cancel), cancel);
            return scored.Labels.AsSpan().SequenceEqual(holdout.Labels) ? Figures(scored.Where(holdout.Rows.Contains), other) : null;
        }
        catch (DuckDbException)
        {
            return null;
        }
    }

    /// <summary>The rows that a version held out.</summary>
    /// <returns>The table, the positions of the rows among those with a target, and the labels of all these; null where the snapshot is not there any more.</returns>
    public async Task<(SourceTable Table, HashSet<int> Rows, float[] Labels)?> HoldoutAsync(Database database, Connection connection, ModelDescription model, CancellationToken cancel)
    {
        if (model.Run.Request is not { } request || model.Metrics.Rows.Holdout == 0)
            return null;
        try
        {
            var table = RowSample.Of(await host.OpenTableAsync(database, connection, model.Run.Table, model.Features.Views, cancel), request.Sample, model.Run.Seed);
            string?[] then = [model.Run.Input, .. (model.Features.Views?.Views ?? []).Select(view => view.Input)];
            if (!then.SequenceEqual(table.Inputs))
                return null;
            var settings = new TrainingSettings { Seed = model.Run.Seed, Metric = request.Metric, Quantile = model.Features.Target.Quantile, Threads = host.Threads };
            var asked = new TrainingRequest(request.Target, request.Task, request.Excluded, request.Kept, request.Roles, settings) { Views = table.Views };
            var prepared = await Task.Run(() => new TableTraining(connection, new()).Prepare(table, asked, cancel), cancel);
            return (table, prepared.Split.Holdout.ToHashSet(), prepared.Learning.Labels);
        }
        catch (UserError error) when (error.ExitCode is ExitCode.Usage or ExitCode.Refused)
        {
            // the table or a view is not there any more
            return null;
        }
        catch (DuckDbException)
        {
            return null;
        }
    }

    private static IReadOnlyDictionary<string, double> Figures(ScoredRows held, ModelDescription of) => Metrics.Of(of.Features.Target, held.Labels, held.Outputs, of.Features.Answer);
}
