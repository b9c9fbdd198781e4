using System.CommandLine;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Pipe.Commands.Looking;

/// <summary><c>pipe preview</c>: the first rows of a source and the columns that would be written. Writes nothing.</summary>
internal sealed class PreviewCommand(PipeHost host)
{
    private readonly Argument<string> _source = new("source") { Description = "a pipeline, a database (postgres://host/name, sqlite:file.db), or files" };
    private readonly Option<string[]> _streams = new("--streams") { Description = "only these streams", HelpName = "name", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _rows = new("--rows") { Description = "so many of each stream", HelpName = "N", DefaultValueFactory = _ => 10 };

    public ToolCommand Create() => new("preview", "The first rows of a source, as they would be written")
    {
        Example = "pipe preview ./orders.csv",
        Handler = RunAsync,
        Arguments = { _source },
        Options = { _streams, _rows },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var plan = new PlanOfSource(context).Of(context.Value(_source)!, (context.Value(_streams) ?? []).SelectMany(names => names.Split(',')).ToHashSet(StringComparer.Ordinal));
        var streams = await new SourceLook(host, context).PreviewAsync(plan, Math.Clamp(context.Value(_rows), 1, 1000));
        if (context.Output is OutputFormat.Json or OutputFormat.Ndjson)
            WriteDocuments(context, streams);
        else
            foreach (var stream in streams.Where(stream => stream.Columns.Count > 0))
                WriteRows(context, stream);
        foreach (var failure in streams.Select(stream => stream.Failure).OfType<UserError>())
            context.Messages.Error(failure);
        context.Messages.Info("nothing was written");
        return streams.Select(stream => stream.Failure?.ExitCode).FirstOrDefault(code => code is not null) ?? ExitCode.Done;
    }

    private static void WriteRows(CommandContext context, PreviewedStream stream)
    {
        context.Messages.Info($"`{stream.Location.SqlName}`: {string.Join(", ", stream.Columns.Select(column => $"{column.Name} {column.Type}"))}");
        using var rows = context.Rows([.. stream.Columns.Select(column => new RowColumn(column.Name, KindOf(column.Type.ToString())))]);
        foreach (var row in stream.Rows)
        {
            foreach (var value in row)
                rows.WriteValue(value);
            rows.EndRow();
        }
        rows.Complete();
    }

    private static void WriteDocuments(CommandContext context, IReadOnlyList<PreviewedStream> streams)
    {
        using var documents = context.Rows([new("stream"), new("table"), new("columns", RowColumnKind.Nested), new("rows", RowColumnKind.Nested), new("error")]);
        foreach (var stream in streams)
            documents.WriteRow(stream.Stream, stream.Location.SqlName, new JsonObject(stream.Columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)column.Type.ToString()))), JsonNode.Parse(Rows(stream)), stream.Failure?.What);
        documents.Complete();
    }

    private static byte[] Rows(PreviewedStream stream)
    {
        if (stream.Columns.Count == 0)
            return "[]"u8.ToArray();
        using var text = new MemoryStream();
        using (var rows = RowWriterFactory.Create(text, OutputFormat.Json, [.. stream.Columns.Select(column => new RowColumn(column.Name))], new()))
        {
            foreach (var row in stream.Rows)
            {
                foreach (var value in row)
                    rows.WriteValue(value);
                rows.EndRow();
            }
            rows.Complete();
        }
        return text.ToArray();
    }

    private static RowColumnKind KindOf(string type) => type is "BIGINT" or "INTEGER" or "SMALLINT" or "TINYINT" or "DOUBLE" or "FLOAT" || type.StartsWith("DECIMAL", StringComparison.Ordinal) ? RowColumnKind.Number : RowColumnKind.Text;
}
