namespace EndToEnd.Tests.Architecture;

/// <summary>The source tree that this test was built from.</summary>
internal static class Sources
{
    public static readonly string[] Tools = ["pipe", "lens", "ml", "platform"];

    public static string Root { get; } = FindRoot();

    /// <summary>C# files below a folder of the root, without what a build makes.</summary>
    public static IEnumerable<string> CSharpFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split('/').Any(part => part is "bin" or "obj" or "node_modules"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                return folder.FullName;
        throw new InvalidOperationException("The tests do not lie in the source tree");
    }
}
