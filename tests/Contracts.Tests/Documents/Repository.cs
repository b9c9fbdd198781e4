namespace Contracts.Tests.Documents;

/// <summary>Where this repository lies on this machine.</summary>
internal static class Repository
{
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                    return folder.FullName;
            throw new InvalidOperationException("no global.json above the tests");
        }
    }
}
