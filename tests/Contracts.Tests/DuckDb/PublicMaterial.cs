using Xunit;

namespace Contracts.Tests.DuckDb;

/// <summary>Test material beside the repository; tests that need it are skipped where it is not there.</summary>
internal static class PublicMaterial
{
    internal static string Folder(string name)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "global.json")))
            {
                var folder = Path.Combine(at.Parent!.FullName, "shared", "data", name);
                Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there");
                return folder;
            }
        Assert.Skip("not run from a repository");
        return "";
    }
}
