using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Lens.Configuration;

/// <summary>The words that give a command run by another one the same project.</summary>
internal static class ProjectOptions
{
    /// <summary>Without <c>--project</c> where nobody made the folder.</summary>
    public static IReadOnlyList<string> Of(CommandContext context) =>
        Directory.Exists(context.Project.Folder) ? context.ProjectWords : [.. context.ProjectWords.Skip(2)];
}
