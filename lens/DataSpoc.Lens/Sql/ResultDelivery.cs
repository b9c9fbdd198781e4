using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Export;
using DataSpoc.Lens.Output;

namespace DataSpoc.Lens.Sql;

/// <summary>Where the rows of a query go: to stdout in the format of <c>-o</c>, or into the file of <c>--export</c>.</summary>
/// <param name="context">The command's.</param>
/// <param name="limit">Rows wanted at most; null for all.</param>
/// <param name="export">The file, or null for stdout.</param>
internal sealed class ResultDelivery(CommandContext context, long? limit, ExportTarget? export)
{
    // a table is for looking at; -o csv gives all
    private const int RowsOfTable = 1000;

    /// <summary>Whether rows may have been shown, so that the query cannot be run again unseen.</summary>
    public bool Begun { get; private set; }

    /// <summary>The only file that the query may write; null where it writes none.</summary>
    public string? ExportTo => export?.PartialPath;

    /// <summary>Rows that can be told apart in what is shown: one more than a table shows says that there are more. Null for all.</summary>
    public long? RowsShown => export is null && context.Output == OutputFormat.Table ? RowsOfTable + 1 : null;

    /// <summary>Runs the query and delivers its rows.</summary>
    /// <param name="run">Runs it.</param>
    /// <param name="toParquet">Runs it into a Parquet file of at most so many rows; tells how many there are.</param>
    /// <param name="cancel">Ends it.</param>
    public void Deliver(Func<CancellationToken, ResultReader> run, Func<string, long?, CancellationToken, long> toParquet, CancellationToken cancel)
    {
        if (export is null)
            Show(run, cancel);
        else
            Save(run, toParquet, export, cancel);
    }

    private void Show(Func<CancellationToken, ResultReader> run, CancellationToken cancel)
    {
        using var result = run(cancel);
        if (context.Output == OutputFormat.Table && IsPlan(result))
        {
            ShowPlan(result);
            return;
        }
        var begun = result.NextChunk();
        Begun = true;
        var forPeople = context.Output is OutputFormat.Table or OutputFormat.Markdown;
        using var writer = context.Rows(ResultOutput.ColumnsOf(result), limit is null ? RowsOfTable : null);
        ResultOutput.Write(result, writer, limit, iso: !forPeople, eager: context.Output != OutputFormat.Table, begun);
    }

    // what EXPLAIN draws is no table
    private static bool IsPlan(ResultReader result) => result.Columns is [{ Name: "explain_key" }, { Name: "explain_value" }];

    private void ShowPlan(ResultReader result)
    {
        while (result.NextChunk())
            for (var row = 0; row < result.Chunk.Count; row++)
                context.Out.WriteLine(result.GetValue(1, row));
    }

    private void Save(Func<CancellationToken, ResultReader> run, Func<string, long?, CancellationToken, long> toParquet, ExportTarget file, CancellationToken cancel)
    {
        var rows = file.Format == ExportFormat.Parquet ? toParquet(file.PartialPath, limit, cancel) : SaveText(run, file, cancel);
        var bytes = file.Publish();
        context.Messages.Success($"{Quantity.Count(rows, "row")} to `{file.Shown}`, {Quantity.Bytes(bytes)}");
    }

    private long SaveText(Func<CancellationToken, ResultReader> run, ExportTarget target, CancellationToken cancel)
    {
        using var result = run(cancel);
        using var file = target.Open();
        var format = target.Format switch { ExportFormat.Json => OutputFormat.Json, ExportFormat.Ndjson => OutputFormat.Ndjson, _ => OutputFormat.Csv };
        using var writer = RowWriterFactory.Create(file, format, ResultOutput.ColumnsOf(result));
        try
        {
            return ResultOutput.Write(result, writer, limit, iso: true, eager: false, result.NextChunk());
        }
        catch (IOException error) when (error is not BrokenPipeException)
        {
            throw target.Failed(error);
        }
    }
}
