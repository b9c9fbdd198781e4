using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Manifests;
using DataSpoc.Pipe.Configuration;

namespace DataSpoc.Pipe.Commands.Upkeep;

/// <summary><c>pipe manifest show|verify|rebuild</c>: the catalog of raw, curated and quarantine, which is derived from the tables' logs.</summary>
internal sealed class ManifestCommand(PipeHost host)
{
    private readonly Option<string?> _bucket = new("--bucket") { Description = "the bucket: file:///folder or s3://bucket; else that of the project", HelpName = "bucket" };

    public ToolCommand Create()
    {
        var command = new ToolCommand("manifest", "Show, verify or rebuild the bucket's catalog");
        command.Subcommands.Add(new ToolCommand("show", "The tables of the catalog") { Example = "pipe manifest show --bucket file:///data/lake", Handler = ShowAsync, Options = { _bucket } });
        command.Subcommands.Add(new ToolCommand("verify", "Compare the catalog with the tables' logs") { Example = "pipe manifest verify --bucket file:///data/lake", Handler = VerifyAsync, Options = { _bucket } });
        command.Subcommands.Add(new ToolCommand("rebuild", "Make the catalog anew from the tables' logs") { Example = "pipe manifest rebuild --bucket file:///data/lake", Handler = RebuildAsync, Options = { _bucket } });
        return command;
    }

    private async Task<ExitCode> ShowAsync(CommandContext context)
    {
        await using var store = Open(context);
        var manifest = await Manifest(store, context).ReadAsync(context.Cancel);
        using var rows = context.Rows([new("table"), new("rows", RowColumnKind.Number), new("files", RowColumnKind.Number), new("bytes", RowColumnKind.Number), new("snapshot", RowColumnKind.Number), new("last_extraction", RowColumnKind.Temporal)]);
        foreach (var entry in manifest.Tables.Values)
        {
            rows.WriteString(entry.Location.SqlName);
            Number(rows, entry.Statistics.TotalRows);
            Number(rows, entry.Statistics.Files);
            Number(rows, entry.Statistics.Bytes);
            Number(rows, entry.Snapshot);
            if (entry.Statistics.LastExtraction is { } last)
                rows.WriteString(last.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
            else
                rows.WriteNull();
            rows.EndRow();
        }
        rows.Complete();
        return ExitCode.Done;
    }

    private async Task<ExitCode> VerifyAsync(CommandContext context)
    {
        await using var store = Open(context);
        var differences = await Manifest(store, context).VerifyAsync(context.Cancel);
        using var rows = context.OutputGiven ? context.Rows([new("table"), new("difference")]) : null;
        foreach (var difference in differences)
        {
            rows?.WriteRow(difference.Table, difference.What);
            context.Messages.Warn($"`{difference.Table}`: {difference.What}");
        }
        rows?.Complete();
        if (differences.Count > 0)
            throw new UserError($"the manifest of {store.Bucket} does not agree with the tables' logs in {Quantity.Count(differences.Count, "place")}") { Hint = $"pipe manifest rebuild --bucket {store.Bucket}" };
        context.Messages.Success("the manifest agrees with the tables' logs");
        return ExitCode.Done;
    }

    private async Task<ExitCode> RebuildAsync(CommandContext context)
    {
        await using var store = Open(context);
        var manifest = await Manifest(store, context).RebuildAsync(context.Cancel);
        using var rows = context.OutputGiven ? context.Rows([new("table"), new("rows", RowColumnKind.Number), new("snapshot", RowColumnKind.Number)]) : null;
        foreach (var entry in manifest.Tables.Values)
            rows?.WriteRow(entry.Location.SqlName, entry.Statistics.TotalRows, entry.Snapshot);
        rows?.Complete();
        context.Messages.Success($"the manifest names {Quantity.Count(manifest.Tables.Count, "table")}");
        return ExitCode.Done;
    }

    private IObjectStore Open(CommandContext context) => host.OpenStore(BucketUri.Parse(PipeFile.BucketOf(context, context.Value(_bucket))), new() { Time = context.Time });

    private static ManifestStore Manifest(IObjectStore store, CommandContext context) => new(store, DocumentKeys.PipeManifest, PipeCommandLine.Writer, context.Time);

    private static void Number(IRowWriter rows, long? value)
    {
        if (value is { } number)
            rows.WriteInt64(number);
        else
            rows.WriteNull();
    }
}
