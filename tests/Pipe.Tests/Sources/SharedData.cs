using Xunit;

namespace Pipe.Tests.Sources;

/// <summary>Public test data that lies beside the repository, in <c>../shared/data</c>, on machines that have it.</summary>
internal static class SharedData
{
    /// <summary>A folder of it, or null where it is not there.</summary>
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!Path.Exists(Path.Combine(folder.FullName, ".git")))
                continue;
            var path = Path.GetFullPath(Path.Combine(folder.FullName, "../shared/data", name));
            return Path.Exists(path) ? path : null;
        }
        return null;
    }

    /// <summary>A folder of it; skips the test where it is not there.</summary>
    public static string Require(string name)
    {
        var found = Find(name);
        Assert.SkipWhen(found is null, $"../shared/data/{name} is not there");
        return found;
    }
}
