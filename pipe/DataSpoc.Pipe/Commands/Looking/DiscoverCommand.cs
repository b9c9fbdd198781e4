using System.CommandLine;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Pipe.Commands.Looking;

/// <summary><c>pipe discover</c>: the streams of a source, their columns, keys and sizes. Reads no rows.</summary>
internal sealed class DiscoverCommand(PipeHost host)
{
    private readonly Argument<string> _source = new("source") { Description = "a pipeline, a database (postgres://host/name, sqlite:file.db), or files" };
    private readonly Option<string[]> _streams = new("--streams") { Description = "only these streams", HelpName = "name", AllowMultipleArgumentsPerToken = true };

    public ToolCommand Create() => new("discover", "The streams of a source")
    {
        Example = "pipe discover orders\npipe discover postgres://reader@db.example/shop -o json",
        Handler = RunAsync,
        Arguments = { _source },
        Options = { _streams },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var plan = new PlanOfSource(context).Of(context.Value(_source)!, (context.Value(_streams) ?? []).SelectMany(names => names.Split(',')).ToHashSet(StringComparer.Ordinal));
        var streams = await new SourceLook(host, context).DiscoverAsync(plan);
        using var rows = context.Rows([new("stream"), new("kind"), new("columns", RowColumnKind.Nested), new("key"), new("rows", RowColumnKind.Number), new("bytes", RowColumnKind.Number), new("cursor"), new("error")]);
        foreach (var stream in streams)
            rows.WriteRow(stream.Schema.Stream, stream.Kind, new JsonObject(stream.Schema.Columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)column.Type.ToString()))),
                stream.Schema.KeyProperties.Count == 0 ? null : string.Join(", ", stream.Schema.KeyProperties), stream.EstimatedRows, stream.EstimatedBytes, stream.Cursor ?? Candidates(stream.CursorCandidates), stream.Unreadable?.What);
        rows.Complete();
        if (streams.Count == 0)
            context.Messages.Info("the source has no streams");
        return ExitCode.Done;
    }

    private static string? Candidates(IReadOnlyList<string> columns) => columns.Count == 0 ? null : $"perhaps {string.Join(", ", columns)}";
}
