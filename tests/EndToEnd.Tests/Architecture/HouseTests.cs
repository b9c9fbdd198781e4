using Xunit;

namespace EndToEnd.Tests.Architecture;

/// <summary>What every room of the house has, and how large it may be.</summary>
public sealed class HouseTests
{
    private const int MostLines = 300;
    private static readonly string[] Vague = ["Utils", "Util", "Helpers", "Helper", "Common", "Managers", "Services", "Shared", "Misc"];

    [Theory]
    [InlineData("contracts")]
    [InlineData("pipe")]
    [InlineData("lens")]
    [InlineData("ml")]
    [InlineData("platform")]
    public void Component_StandsAlone(string component)
    {
        var folder = Path.Combine(Sources.Root, component);
        Assert.All([$"{component}.slnx", "Directory.Packages.props", "Directory.Build.props", "README.md", "CHANGELOG.md"],
            file => Assert.True(File.Exists(Path.Combine(folder, file)), $"{component} has no {file}"));
        Assert.Contains("<Version>", File.ReadAllText(Path.Combine(folder, "Directory.Build.props")), StringComparison.Ordinal);
        var projects = Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).ToArray();
        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), $"{project} has no lock file"));
    }

    [Fact]
    public void Packages_ArePinnedExactly() =>
        Assert.All(Directory.EnumerateFiles(Sources.Root, "Directory.Packages.props", SearchOption.AllDirectories), file =>
            Assert.All(File.ReadLines(file).Where(line => line.Contains("<PackageVersion", StringComparison.Ordinal)), line => Assert.Matches(@"Version=""\[[\w.-]+\]""", line)));

    [Fact]
    public void File_IsNeverLong()
    {
        foreach (var file in Sources.Tools.Append("contracts").Append("tests").SelectMany(Sources.CSharpFiles))
            Assert.True(File.ReadLines(file).Count() <= MostLines, $"{file} has more than {MostLines} lines: which two reasons to exist does it have?");
    }

    [Fact]
    public void Folder_IsNamedForWhatItDoes()
    {
        foreach (var file in Sources.Tools.Append("contracts").SelectMany(Sources.CSharpFiles))
            Assert.Empty(Path.GetRelativePath(Sources.Root, file).Split('/').Intersect(Vague, StringComparer.OrdinalIgnoreCase));
    }
}
