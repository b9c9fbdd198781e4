using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Names;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Sources.BatchTransforms;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Commands.Looking;

/// <summary>What an argument means that names something to look at: a pipeline of the project, a database, or files.</summary>
internal sealed class PlanOfSource(CommandContext context)
{
    /// <summary>The plan of an ingestion of it; its bucket is empty where none is named.</summary>
    /// <exception cref="UserError">It is none of these.</exception>
    public IngestionPlan Of(string source, IReadOnlySet<string> streams)
    {
        var plan = source == "-" ? throw new UserError("stdin can only be ingested") { ExitCode = ExitCode.Usage, Hint = "name a pipeline, files or a database" }
            : DatabaseAddress.Of(source) is { } address ? new IngestionPlan("", address.Kind, address.Kind, WriteMode.Overwrite) { Database = new(address.In(context.Environment.WorkingFolder), new()) }
            : FileSelection.IsFile(source) ? new IngestionPlan("", "files", "files", null) { Files = [source], Table = source.AsSpan().ContainsAny('*', '?') ? "files" : NameFolding.Fold(FileKind.StemOf(source)) }
            : OfPipeline(source);
        return streams.Count > 0 ? plan with { Streams = streams } : plan;
    }

    /// <summary>The plan of a pipeline.</summary>
    /// <exception cref="UserError">There is none of this name, or it is not what it should be.</exception>
    /// <param name="name">The pipeline.</param>
    /// <param name="bucket">Where it writes, given what its file says; by default that, or the project's.</param>
    public IngestionPlan OfPipeline(string name, Func<string?, string>? bucket = null)
    {
        var pipeline = ProjectPipelines.Load(context, name);
        var plan = pipeline.ToPlan(name, bucket?.Invoke(pipeline.Destination?.Bucket) ?? ProjectPipelines.BucketOf(context, pipeline) ?? "", context.Project.Folder);
        return plan with { Transform = BatchTransform.Find(context.Project.PathOf("transforms"), name) };
    }
}
