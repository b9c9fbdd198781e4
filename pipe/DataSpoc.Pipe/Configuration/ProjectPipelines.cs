using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Names;

namespace DataSpoc.Pipe.Configuration;

/// <summary>The pipelines of a project: <c>pipelines/&lt;name&gt;.yaml</c>.</summary>
internal static class ProjectPipelines
{
    public const string Folder = "pipelines";

    /// <summary>All names, in order.</summary>
    public static IReadOnlyList<string> Names(CommandContext context) => context.Project.Names(Folder);

    /// <summary>All names; there is at least one.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static IReadOnlyList<string> AtLeastOne(CommandContext context) => Names(context) is { Count: > 0 } names ? names : throw new UserError("there are no pipelines here")
    {
        Where = [("project", context.Project.Folder)],
        Hint = "make one with `pipe add <name>`, or name another project with `--project`",
        ExitCode = ExitCode.Usage,
    };

    /// <summary>Reads one; paths of a tap's configuration may begin with <c>~/</c>, as in 1.0.</summary>
    /// <exception cref="UserError">It is not there, or not what it should be.</exception>
    public static PipelineFile Load(CommandContext context, string name)
    {
        var file = context.Project.Load<PipelineFile>(Folder, name);
        return file.Source.Config is JsonValue path && path.GetValueKind() == JsonValueKind.String && path.GetValue<string>().StartsWith("~/", StringComparison.Ordinal)
            ? file with { Source = file.Source with { Config = context.Environment.FullPath(path.GetValue<string>()) } }
            : file;
    }

    /// <summary>The bucket that a pipeline writes; null where neither it nor the project names one.</summary>
    public static string? BucketOf(CommandContext context, PipelineFile pipeline) => pipeline.Destination?.Bucket ?? context.Project.Load<PipeFile>().Bucket;

    /// <summary>The name under which the bucket knows a pipeline: 1.0 took any, and two must not become one.</summary>
    public static string KeyOf(string name) => Name.IsValid(name) ? name : NameFolding.WithSuffix(NameFolding.Fold(name), name);
}
