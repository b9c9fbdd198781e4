using System.Reflection;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Platform.Declaration;

/// <summary><c>platform init</c>: a commented <c>platform.yaml</c>.</summary>
internal static class InitCommand
{
    public static ToolCommand Create() => new("init", "Write a commented `platform.yaml` to start from")
    {
        Example = "platform init\nplatform init --project ./hub",
        Details = "Writes into the working folder, or that of `--project`. A file that is there is never touched.",
        Handler = RunAsync,
    };

    /// <summary>The file that is written.</summary>
    public static string Text()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("platform.example.yaml") ?? throw new InvalidOperationException("platform.example.yaml is not in the assembly");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }

    private static async Task<ExitCode> RunAsync(CommandContext context)
    {
        // without `--project` and without a file yet, the project would be the one in the home folder
        var given = context.ProjectWords[1];
        var folder = given.StartsWith(Path.Combine(context.Environment.HomeFolder, ".dataspoc"), StringComparison.Ordinal) ? context.Environment.WorkingFolder : given;
        var path = Path.Combine(folder, "platform.yaml");
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            await using var writer = new StreamWriter(file);
            await writer.WriteAsync(Text().AsMemory(), context.Cancel);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new UserError("there is a `platform.yaml` already") { Where = [("file", path)], Hint = "`platform validate` checks it", ExitCode = ExitCode.Usage };
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"`platform.yaml` cannot be written: {unwritable.Message}", unwritable) { Where = [("file", path)] };
        }
        context.Messages.Success($"`{path}` is written; put your teams and buckets in, then run `platform validate`");
        return ExitCode.Done;
    }
}
