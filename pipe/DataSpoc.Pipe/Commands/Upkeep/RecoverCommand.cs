using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Pipe.Configuration;

namespace DataSpoc.Pipe.Commands.Upkeep;

/// <summary><c>pipe recover</c>: finishes commits whose process is gone, without waiting for the next run.</summary>
internal sealed class RecoverCommand(PipeHost host)
{
    private readonly Option<string?> _bucket = new("--bucket") { Description = "the bucket: file:///folder or s3://bucket", HelpName = "bucket" };

    public ToolCommand Create() => new("recover", "Finish commits of runs that were killed") { Example = "pipe recover --bucket file:///data/lake", Handler = RunAsync, Options = { _bucket } };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var store = host.OpenStore(BucketUri.Parse(PipeFile.BucketOf(context, context.Value(_bucket))), new() { Time = context.Time });
        const string Folder = ".dataspoc/state/";
        var finished = 0;
        using var rows = context.OutputGiven ? context.Rows([new("pipeline"), new("run_id"), new("status"), new("error")]) : null;
        await foreach (var entry in store.ListAsync(Folder, null, context.Cancel))
        {
            if (entry.Key[Folder.Length..].Split('/') is not [var pipeline, "run.json"])
                continue;
            var run = new RunContext(store, WritingTool.Pipe, pipeline, PipeCommandLine.Writer, context.Time);
            if (await RunRecovery.FinishAsync(run, context.Cancel) is not { } recovered)
                continue;
            if (recovered.Refusal is { } refusal)
                context.Messages.Warn($"`{pipeline}`: took back run {recovered.RunId}: {refusal.What}");
            else
                context.Messages.Info($"`{pipeline}`: finished run {recovered.RunId}");
            rows?.WriteRow(pipeline, recovered.RunId, recovered.Refusal is null ? "finished" : "taken back", recovered.Refusal?.What);
            finished++;
        }
        rows?.Complete();
        context.Messages.Success(finished == 0 ? "no commit was open" : Quantity.Count(finished, "commit finished", "commits finished"));
        return ExitCode.Done;
    }
}
