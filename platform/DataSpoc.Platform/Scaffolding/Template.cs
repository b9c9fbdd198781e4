using System.Reflection;
using System.Text;
using DataSpoc.Contracts;

namespace DataSpoc.Platform.Scaffolding;

/// <summary>A file of a template.</summary>
/// <param name="Path">Relative, with `/`.</param>
/// <param name="Content">Its bytes, before anything is filled in.</param>
/// <param name="Executable">Whether it is a program.</param>
internal sealed record TemplateFile(string Path, byte[] Content, bool Executable);

/// <summary>Where a project is made from.</summary>
internal static class Template
{
    private const string Start = "template/";
    private const long MostBytes = 10_000_000;

    /// <summary>The one that comes with this program.</summary>
    public static IReadOnlyList<TemplateFile> BuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Start, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var resource = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            resource.CopyTo(content);
            return new TemplateFile(name[Start.Length..], content.ToArray(), name == Start + "run");
        })];
    }

    /// <summary>All files of a folder but those of `.git`.</summary>
    /// <exception cref="UserError">It is no folder, cannot be read, or holds links or more than a template does (<see cref="ExitCode.Usage"/>).</exception>
    public static IReadOnlyList<TemplateFile> Of(string folder)
    {
        if (!Directory.Exists(folder))
            throw Wrong($"`{folder}` is not a folder", folder, null);
        try
        {
            var files = new List<TemplateFile>();
            var bytes = 0L;
            foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
            {
                var path = Path.GetRelativePath(folder, file.FullName).Replace('\\', '/');
                if (path == ".git" || path.StartsWith(".git/", StringComparison.Ordinal))
                    continue;
                if (file.LinkTarget is not null)
                    throw Wrong($"`{path}` is a link", folder, "a template holds files only; put the file itself there");
                if (file is not FileInfo plain)
                    continue;
                bytes += plain.Length;
                if (bytes > MostBytes)
                    throw Wrong("the template holds more than 10 MB", folder, "keep data out of it");
                files.Add(new(path, File.ReadAllBytes(plain.FullName), !OperatingSystem.IsWindows() && (plain.UnixFileMode & UnixFileMode.UserExecute) != 0));
            }
            return files.Count > 0 ? files : throw Wrong("the template is empty", folder, null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"the template cannot be read: {unreadable.Message}", folder, null);
        }
    }

    /// <summary>The file with <c>{{project}}</c> filled in, in its path and its text; bytes that are no UTF-8 stay as they are.</summary>
    public static TemplateFile Filled(TemplateFile file, string project)
    {
        const string Place = "{{project}}";
        var path = file.Path.Replace(Place, project, StringComparison.Ordinal);
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file.Content);
            return file with { Path = path, Content = Encoding.UTF8.GetBytes(text.Replace(Place, project, StringComparison.Ordinal)) };
        }
        catch (DecoderFallbackException)
        {
            return file with { Path = path };
        }
    }

    private static UserError Wrong(string what, string folder, string? hint) => new(what) { Where = [("template", folder)], Hint = hint, ExitCode = ExitCode.Usage };
}
