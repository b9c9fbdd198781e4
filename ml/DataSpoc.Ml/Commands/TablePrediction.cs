using System.Text.Json.Nodes;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Commands;

/// <summary>What a prediction wrote.</summary>
/// <param name="ModelVersion">The version that answered.</param>
/// <param name="Table">As SQL names it.</param>
/// <param name="Rows">Rows predicted.</param>
/// <param name="Snapshot">Of the table, after it.</param>
internal sealed record PredictedTable(int ModelVersion, string Table, long Rows, long Snapshot);

/// <summary>What is to be predicted.</summary>
/// <param name="Model">By which model.</param>
/// <param name="From">The table, as SQL names it.</param>
/// <param name="Wanted">Further columns of it to carry along.</param>
/// <param name="Append">Whether the predictions that are there stay.</param>
/// <param name="Explain">Whether each answer is explained.</param>
internal sealed record PredictionRequest(ModelReference Model, string From, IReadOnlyList<string> Wanted, bool Append, bool Explain = false);

/// <summary>Predicts every row of a table of the bucket and commits the answers.</summary>
internal sealed class TablePrediction(CommandContext context, MlHost host)
{
    private readonly ModelCatalog _catalog = new(host.Store);

    /// <summary>What would be written, where the table fits the model. Writes nothing.</summary>
    public async Task<PredictionColumns> ColumnsAsync(PredictionRequest request)
    {
        var (name, version) = await _catalog.ResolveAsync(request.Model, context.Cancel);
        var model = await _catalog.DescribeAsync(name, version, context.Cancel);
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        return (await FitAsync(database, connection, model, request)).Columns;
    }

    /// <summary>Predicts into a file on this machine; writes nothing to the bucket.</summary>
    public async Task<(int ModelVersion, long Rows)> ExportAsync(PredictionRequest request, PredictionsFile file)
    {
        var started = context.Time.GetUtcNow();
        using var model = await OpenedModel.OpenAsync(host, request.Model, context.Cancel);
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var (table, columns) = await FitAsync(database, connection, model.Model, request);
        var rows = await WriteAsync(database, connection, table, new(model.Model.Features, model.Booster, columns, started), (writing, channel) => Task.FromResult(file.Write(writing, channel, columns.Written, context.Cancel)));
        return (model.Model.Features.ModelVersion, rows);
    }

    /// <summary>Predicts and commits.</summary>
    public async Task<PredictedTable> RunAsync(PredictionRequest request)
    {
        var started = context.Time.GetUtcNow();
        var (name, version) = await _catalog.ResolveAsync(request.Model, context.Cancel);
        XGBoostLibrary.CheckedVersion();
        var run = new RunContext(host.Store, WritingTool.Ml, name, MlHost.Tool, context.Time)
        {
            Waiting = (id, until) => context.Messages.Info($"waiting for run {id}, which commits until {until:HH:mm:ss} UTC"),
        };
        var session = await RunSession.StartAsync(run, context.Cancel);
        var logged = new LoggedRun(name, session.RunId, started, [Member("action", "predict"), Member("table", request.From), Member("model_version", version)]);
        return await new RunLogs(host.Store).RecordAsync(
            logged,
            async () => await PredictAsync(await _catalog.DescribeAsync(name, version, context.Cancel), request, started, new(host.Store, session, run), session),
            context.Time, error => context.Messages.Detail($"no log was written: {error.What}"), context.Cancel);
    }

    private async Task<(PredictedTable Predicted, LoggedWork Work)> PredictAsync(
        ModelDescription model, PredictionRequest request, DateTimeOffset started, PredictionsTable predictions, RunSession session)
    {
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var (table, columns) = await FitAsync(database, connection, model, request);
        using var booster = ModelOpening.Open(model, await _catalog.TreesAsync(model, context.Cancel), host.Threads);
        var files = await WriteAsync(
            database, connection, table, new(model.Features, booster, columns, started), (writing, channel) => predictions.StageAsync(writing, channel, columns.Written, context.Cancel));
        var sequence = session.NextSequence;
        var version = model.Features.ModelVersion;
        string[] inputs = [.. table.Inputs, $"{DocumentKeys.Model(model.Features.Model).TrimEnd('/')}@{version}"];
        var committed = await predictions.CommitAsync(files, columns.Written, request.Append, inputs, context.Cancel);
        var written = committed.Change.Location.SqlName;
        return (
            new(version, written, committed.Change.Rows, committed.Snapshot.Version),
            new(sequence, new Dictionary<string, StreamLog> { [written] = new(committed.Change.Rows) { Files = files.Count, Bytes = files.Sum(f => f.Staged.Size) } }, [Member("input", table.Input)]));
    }

    private async Task<(SourceTable Table, PredictionColumns Columns)> FitAsync(Database database, Connection connection, ModelDescription model, PredictionRequest request)
    {
        var table = await host.OpenTableAsync(database, connection, request.From, model.Features.Views, context.Cancel);
        TableFit.Require(model.Features, table);
        return (table, PredictionColumns.Choose(table, model.Features, request.Wanted, request.Explain));
    }

    private static KeyValuePair<string, JsonNode?> Member(string name, JsonNode? value) => KeyValuePair.Create(name, value);

    // one thread reads and predicts, this one writes; the channel between them holds a few chunks
    private async Task<T> WriteAsync<T>(Database database, Connection reading, SourceTable table, PredictionProducer producer, Func<Connection, ChunkChannel, Task<T>> write)
    {
        using var writing = database.Connect();
        using var channel = new ChunkChannel(producer.Types);
        using var line = context.Progress.Begin(table.Name);
        var producing = Task.Run(() => producer.Run(reading, table, channel, rows => line.Report(rows), context.Cancel), CancellationToken.None);
        try
        {
            var written = await Task.Run(() => write(writing, channel), CancellationToken.None);
            line.Done();
            return written;
        }
        catch (DuckDbException error)
        {
            throw TableReadErrors.Explain(error, table);
        }
        finally
        {
            // a writer that failed has abandoned the channel, which ends the producer
            await producing;
        }
    }
}
