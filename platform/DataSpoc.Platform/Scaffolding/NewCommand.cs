using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Platform.Scaffolding;

/// <summary><c>platform new</c>: a team's project that runs as it is.</summary>
internal static class NewCommand
{
    public static ToolCommand Create()
    {
        var project = new Argument<string>("PROJECT") { Description = "Its name, and that of the folder that is made here" };
        var from = new Option<string?>("--from") { Description = "A template of your own; {{project}} in its files and names becomes the project's name", HelpName = "DIR" };
        return new("new", "Make a team's project: pipelines, transforms, models, access, checks, a workflow for CI")
        {
            Example = "platform new shop && cd shop && ./run\nplatform new shop --from ~/our-template",
            Details = "The folder must not exist yet. The project runs as it is, on mock data and a bucket in a folder.",
            Handler = context => Task.FromResult(Run(context, context.Value(project)!, context.Value(from))),
            Arguments = { project },
            Options = { from },
        };
    }

    private static ExitCode Run(CommandContext context, string project, string? from)
    {
        if (project.Length is 0 or > 40 || !char.IsAsciiLetterLower(project[0]) || !project.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || project.EndsWith('-'))
            throw new UserError($"`{project}` is no name for a project") { Hint = "use lower-case letters, digits and `-`, at most 40, and begin with a letter: the buckets' names begin with it", ExitCode = ExitCode.Usage };
        var folder = context.Environment.FullPath(project);
        if (Path.Exists(folder))
            throw new UserError($"`{project}` is there already") { Where = [("folder", folder)], Hint = "choose another name, or remove it", ExitCode = ExitCode.Usage };
        var template = from is null ? Template.BuiltIn() : Template.Of(context.Environment.FullPath(from));
        var files = template.Select(file => Template.Filled(file, project)).ToArray();
        Write(folder, files);
        using var rows = context.Rows([new("file"), new("bytes", RowColumnKind.Number)]);
        foreach (var file in files)
            rows.WriteRow($"{project}/{file.Path}", file.Content.Length);
        rows.Complete();
        context.Messages.Success(from is null ? $"`cd {project} && ./run` runs all of it; `{project}/README.md` tells what is where" : $"{Quantity.Count(files.Length, "file")} in `{project}`");
        return ExitCode.Done;
    }

    /// <summary>Whole or not at all: written beside, then renamed.</summary>
    private static void Write(string folder, IReadOnlyList<TemplateFile> files)
    {
        var beside = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            foreach (var file in files)
            {
                var path = Path.Combine(beside, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.Content);
                if (file.Executable && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }
            Directory.Move(beside, folder);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
            throw new UserError($"the project cannot be written: {unwritable.Message}", unwritable) { Where = [("folder", folder)] };
        }
    }
}
