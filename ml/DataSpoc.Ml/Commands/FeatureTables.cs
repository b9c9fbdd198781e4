using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Features;
using DataSpoc.Ml.Registry;

namespace DataSpoc.Ml.Commands;

/// <summary>What a join gave.</summary>
/// <param name="Labels">All labels.</param>
/// <param name="WithoutMoment">Labels without a moment.</param>
/// <param name="Views">Per view the labels with a row of their entity, and those among them whose row is too old.</param>
internal sealed record JoinOutcome(long Labels, long WithoutMoment, IReadOnlyList<(string View, long Known, long TooOld)> Views);

/// <summary>Writes the tables of <c>ml/features/</c>, with a log of each run.</summary>
internal sealed class FeatureTables(CommandContext context, MlHost host)
{
    /// <summary>Makes a view's table.</summary>
    /// <param name="plan">The view.</param>
    /// <param name="whole">Whether all is computed anew.</param>
    public async Task<CommittedChange> MaterializeAsync(ViewPlan plan, bool whole)
    {
        using var database = host.OpenDatabase();
        using var line = context.Progress.Begin(plan.View.Name);
        var committed = await LoggedAsync(plan.View.Location, "materialize", run => new ViewMaterialization(host.Store, host.Tables, database).RunAsync(plan, run, whole, context.Cancel));
        line.Report(committed.Change.Rows);
        line.Done();
        return committed;
    }

    /// <summary>Joins views to labels and writes the result, unless it is a dry run.</summary>
    public async Task<JoinOutcome> JoinAsync(string from, JoinedViews joined, TableLocation table)
    {
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var labels = await host.Tables.OpenAsync(database, connection, from, context.Cancel);
        var joining = new ViewJoining(host.Tables);
        var views = await joining.ViewsAsync(database, connection, joined.Views, context.Cancel);
        PointInTimeJoin.Require(labels, joined.Time, views);
        var outcome = Counted(views, await Task.Run(() => Read(labels, () => connection.Rows(PointInTimeJoin.Counts(labels, joined.Time, views), context.Cancel)[0]), context.Cancel));
        if (context.DryRun)
            return outcome;
        await LoggedAsync(table, "join", async run =>
        {
            var session = await RunSession.StartAsync(run, context.Cancel);
            var made = await joining.OpenAsync(database, connection, from, joined, context.Cancel);
            (string Name, LogicalType Type)[] columns = [.. made.Columns.Where(c => c.Name != DataFileName.PartitionColumn).Select(c => (c.Name, c.Type))];
            return await new FeatureTable(run, session, table).WriteAsync(
                connection, $"SELECT {StorageTypes.SelectList(columns)} FROM {made.From}", columns, byDay: false, made.KeyColumns, [.. made.Inputs, .. joined.Views.Select(v => v.Definition)], context.Cancel);
        });
        return outcome;
    }

    private async Task<CommittedChange> LoggedAsync(TableLocation table, string action, Func<RunContext, Task<CommittedChange>> work)
    {
        var run = new RunContext(host.Store, WritingTool.Ml, $"features-{table.Table}", MlHost.Tool, context.Time)
        {
            Waiting = (id, until) => context.Messages.Info($"waiting for run {id}, which commits until {until:HH:mm:ss} UTC"),
        };
        var logged = new LoggedRun(run.Name, RunId.New(context.Time), context.Time.GetUtcNow(), [KeyValuePair.Create<string, JsonNode?>("action", action), KeyValuePair.Create<string, JsonNode?>("table", table.SqlName)]);
        return await new RunLogs(host.Store).RecordAsync(
            logged,
            async () =>
            {
                var committed = await work(run);
                var stream = new StreamLog(committed.Change.Rows) { Files = committed.Change.Files.Count, Bytes = committed.Change.Files.Sum(f => f.Staged.Size) };
                return (committed, new LoggedWork(committed.Change.Sequence, new Dictionary<string, StreamLog> { [table.SqlName] = stream }, []));
            },
            context.Time, error => context.Messages.Detail($"no log was written: {error.What}"), context.Cancel);
    }

    private static JoinOutcome Counted(IReadOnlyList<ViewTable> views, object?[] counts) =>
        new((long)counts[0]!, (long)counts[1]!, [.. views.Select((view, i) => (view.View.Name, (long)counts[2 + (2 * i)]!, (long)counts[3 + (2 * i)]!))]);

    private static T Read<T>(SourceTable table, Func<T> read)
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
}
