using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Configuration;

namespace DataSpoc.Pipe.Commands.Projects;

/// <summary><c>pipe init</c>: a project, which is a folder with <c>pipe.yaml</c>, <c>pipelines/</c> and <c>transforms/</c>.</summary>
internal sealed class InitCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "where (default: here)", DefaultValueFactory = _ => "." };
    private readonly Option<string?> _to = new("--to") { Description = "the bucket of its pipelines: file:///folder or s3://bucket", HelpName = "bucket" };

    public ToolCommand Create() => new("init", "Make a project in this folder") { Example = "pipe init --to s3://company-bronze", Handler = Run, Arguments = { _folder }, Options = { _to } };

    private Task<ExitCode> Run(CommandContext context)
    {
        var folder = context.Environment.FullPath(context.Value(_folder)!);
        var bucket = context.Value(_to);
        if (bucket is not null)
            BucketUri.Parse(bucket);
        var file = Path.Combine(folder, "pipe.yaml");
        try
        {
            foreach (var name in new[] { "pipelines", "transforms" })
                Directory.CreateDirectory(Path.Combine(folder, name));
            if (File.Exists(file))
                context.Messages.Info($"`{file}` is there already and stays as it is");
            else
                File.WriteAllText(file, $"# the bucket of pipelines that name none: s3://bucket or file:///folder\n{(bucket is null ? "# bucket: s3://company-bronze" : $"bucket: {Yaml.Text(bucket)}")}\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"a project cannot be made in `{folder}`: {error.Message}", error) { Where = [("folder", folder)] };
        }
        using var rows = context.OutputGiven ? context.Rows([new("project"), new("file"), new("bucket")]) : null;
        rows?.WriteRow(folder, file, bucket);
        rows?.Complete();
        context.Messages.Success($"a project in {folder}; next: `pipe add <name>`");
        return Task.FromResult(ExitCode.Done);
    }
}
