namespace EndToEnd.Tests;

/// <summary>The repository that these tests were built in.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    /// <summary>The shared test data, or null where this machine has none.</summary>
    public static string? SharedData => Path.GetFullPath("../shared/data", Root) is var path && Directory.Exists(path) ? path
        : Path.GetFullPath("../../shared/data", Root) is var above && Directory.Exists(above) ? above : null;

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "tests", "run")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no tests/run above {AppContext.BaseDirectory}");
    }
}
