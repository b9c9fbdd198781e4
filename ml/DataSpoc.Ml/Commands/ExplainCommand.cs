using System.CommandLine;
using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml explain</c>: what moves a model's answers, over all rows or for one.</summary>
internal sealed class ExplainCommand(StoreOpening stores)
{
    private const int SampleRows = 1000;

    private readonly Option<string> _model = new("--model") { Description = "The model: `late`, `late@3` or `late@prod`", HelpName = "MODEL", Required = true };
    private readonly Option<string> _from = new("--from") { Description = "The table with the rows (default: the one it was trained on)", HelpName = "TABLE" };
    private readonly Option<string> _row = new("--row") { Description = "Explain the row of this key; `column=value` where the table has no key of one column", HelpName = "KEY" };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new ExplainCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("explain", "What moves a model's answers: over all rows, or for one")
    {
        Example = """
            ml explain --model late --bucket s3://company-bronze
            ml explain --model late --row 4711 --bucket s3://company-bronze
            """,
        Details = """
            Exact Shapley values: what a column adds to the answer before the link function (log odds for classes, the target's
            unit for a number). Over all rows: the mean size in 1 000 rows drawn by a fixed seed. For one row the lines add up
            to its answer, from what the model says without any column.
            """,
        Handler = RunAsync,
        Options = { _model, _from, _row, _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _bucket, stores);
        using var model = await OpenedModel.OpenAsync(host, ModelReference.Parse(context.Value(_model)!), context.Cancel);
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var table = await host.OpenTableAsync(database, connection, context.Value(_from) ?? model.Model.Features.Table, model.Model.Features.Views, context.Cancel);
        TableFit.Require(model.Model.Features, table);
        return context.Value(_row) is { } row ? Local(context, connection, table, model, row) : Global(context, connection, table, model);
    }

    private static ExitCode Global(CommandContext context, Connection connection, SourceTable table, OpenedModel model)
    {
        var explained = Contributions.OfSample(connection, table, model.Model.Features, model.Booster, SampleRows, context.Cancel);
        using var rows = context.Rows([new("column"), new("mean_size", RowColumnKind.Number), new("mean", RowColumnKind.Number), new("share", RowColumnKind.Number)]);
        foreach (var column in explained.Columns)
            rows.WriteRow(column.Column, column.MeanSize, column.Mean, column.Share);
        rows.Complete();
        context.Messages.Info(string.Create(CultureInfo.InvariantCulture, $"from {explained.Rows} rows of `{table.Name}`"));
        return ExitCode.Done;
    }

    private static ExitCode Local(CommandContext context, Connection connection, SourceTable table, OpenedModel model, string row)
    {
        var features = model.Model.Features;
        var (column, value) = Key(table, features.Keys, row);
        var from = $"(SELECT * FROM {table.From} WHERE CAST({Sql.Identifier(column)} AS VARCHAR) = {Sql.Literal(value)} LIMIT 2)";
        IReadOnlyList<IReadOnlyList<Contribution>> explained = [];
        var answer = new float[features.Target.Outputs];
        new TableScoring(features, model.Booster).Run(
            connection, from, [],
            (chunk, matrix, answers) =>
            {
                explained = [.. explained, .. new RowExplanation(features).Rows(model.Booster, matrix, chunk.Count)];
                answers[..answer.Length].CopyTo(answer);
            },
            context.Cancel);
        if (explained.Count != 1)
            throw new UserError($"{(explained.Count == 0 ? "no row" : "more than one row")} of `{table.Name}` has `{column}` = `{value}`") { ExitCode = ExitCode.Usage };
        var values = connection.Rows($"SELECT {string.Join(", ", features.Columns.Select(c => $"CAST({Sql.Identifier(c.Name)} AS VARCHAR)"))} FROM {from}", context.Cancel)[0];
        var shown = features.Columns.Select((c, i) => (c.Name, Value: values[i])).ToDictionary(c => c.Name, c => (string?)c.Value);
        using var rows = context.Rows([new("column"), new("value"), new("added", RowColumnKind.Number)]);
        foreach (var (name, added) in explained[0].OrderByDescending(c => c.Column == RowExplanation.Start).ThenByDescending(c => Math.Abs(c.Added)).ThenBy(c => c.Column, StringComparer.Ordinal))
            rows.WriteRow(name, shown.GetValueOrDefault(name), added);
        rows.Complete();
        context.Messages.Info($"`{model.Name}` answers {ModelAnswer.Text(features, answer)}");
        return ExitCode.Done;
    }

    private static (string Column, string Value) Key(SourceTable table, IReadOnlyList<string> keys, string row)
    {
        var equals = row.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && table.Columns.Any(c => c.Name == row[..equals]))
            return (row[..equals], row[(equals + 1)..]);
        var known = table.KeyColumns.Count > 0 ? table.KeyColumns : keys;
        return known.Count > 0 && table.Columns.Any(c => c.Name == known[0]) && (table.KeyColumns.Count <= 1)
            ? (known[0], row)
            : throw new UserError($"`{table.Name}` has no key of one column") { Hint = "say which row by `--row column=value`", ExitCode = ExitCode.Usage };
    }
}
