using DataSpoc.Contracts;

namespace DataSpoc.Lens.Buckets;

/// <summary>A file of the project that a command changes: as a whole, or not at all.</summary>
/// <param name="path">Absolute.</param>
internal sealed class ProjectFile(string path)
{
    public string Path => path;

    public bool Exists => File.Exists(path);

    /// <summary>Replaces the text by what is made of it; nothing where there is no file yet.</summary>
    /// <exception cref="UserError">The folder may not be written.</exception>
    public void Change(Func<string, string> change)
    {
        var text = change(Exists ? File.ReadAllText(path) : "");
        var written = path + ".new";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(written, text);
            File.Move(written, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"`{path}` cannot be written: {error.Message}", error);
        }
    }
}
