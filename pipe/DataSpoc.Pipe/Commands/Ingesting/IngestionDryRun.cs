using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Commands.Looking;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Commands.Ingesting;

/// <summary><c>pipe ingest --dry-run</c>: what would be read, from where on, and into which tables.</summary>
internal sealed class IngestionDryRun(PipeHost host, CommandContext context, IngestionPlan plan)
{
    public async Task<ExitCode> RunAsync()
    {
        if (plan.ReadsStdin)
            throw new UserError("what comes on stdin is not known before it is read") { ExitCode = ExitCode.Usage, Hint = "leave `--dry-run` out" };
        await using var store = host.OpenStore(BucketUri.Parse(plan.Bucket), new() { MayBeNew = true, Time = context.Time });
        var state = plan.FullRun || plan.Mode == WriteMode.Overwrite && plan.Table is null ? null : await store.GetAsync(DocumentKeys.State(plan.Pipeline), context.Cancel);
        using var rows = context.Rows([new("pipeline"), new("stream"), new("table"), new("mode"), new("from"), new("bytes", RowColumnKind.Number)]);
        if (plan.Table is { } table)
            await FilesAsync(rows, new(Layer.Raw, plan.Source, table), state?.Bytes);
        else
        {
            var streams = await new SourceLook(host, context).DiscoverAsync(plan);
            var tables = new StreamTables(store, plan.Source);
            tables.Announce(streams.Select(stream => stream.Schema.Stream));
            foreach (var stream in streams)
                rows.WriteRow(plan.Pipeline, stream.Schema.Stream, (await tables.OfAsync(stream.Schema.Stream, context.Cancel)).Location.SqlName, Mode, From(stream.Schema.Stream, state?.Bytes), stream.EstimatedBytes);
        }
        rows.Complete();
        context.Messages.Info("nothing was written");
        return ExitCode.Done;
    }

    private string Mode => plan.Mode == WriteMode.Overwrite ? "overwrite" : "append";

    private async Task FilesAsync(IRowWriter rows, TableLocation table, ReadOnlyMemory<byte>? bookmark)
    {
        var ingested = plan.Mode is null ? FileBookmark.Parse(bookmark) : FileBookmark.Empty;
        foreach (var file in await FileSelection.FindAsync(plan.Files, context.Environment.WorkingFolder, bucket => host.OpenStore(bucket, new() { Time = context.Time }), context.Cancel))
            rows.WriteRow(plan.Pipeline, file.Uri, table.SqlName, Mode, plan.FilesSince is { } since ? file.Modified >= since ? "its first row" : "nothing: it is older" : ingested.Holds(file) ? "nothing: it is in the table" : "its first row", file.Size);
    }

    private string From(string stream, ReadOnlyMemory<byte>? bookmark) =>
        plan.Since ?? (bookmark is { } bytes && JsonNode.Parse(bytes.Span, documentOptions: new JsonDocumentOptions()) is JsonObject state
            ? state["bookmarks"] is JsonObject bookmarks ? bookmarks[stream]?.ToJsonString() ?? "everything" : state.ToJsonString()
            : "everything");
}
