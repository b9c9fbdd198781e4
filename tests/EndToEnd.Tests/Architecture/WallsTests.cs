using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace EndToEnd.Tests.Architecture;

/// <summary>The walls of the house: who may know whom.</summary>
public sealed partial class WallsTests
{
    // dependencies within contracts point one way
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["DataSpoc.Contracts"] = [],
        ["DataSpoc.Contracts.Storage"] = ["DataSpoc.Contracts"],
        ["DataSpoc.Contracts.DuckDb"] = ["DataSpoc.Contracts", "DataSpoc.Contracts.Storage"],
        ["DataSpoc.Contracts.Transforms"] = ["DataSpoc.Contracts", "DataSpoc.Contracts.Storage", "DataSpoc.Contracts.DuckDb"],
        ["DataSpoc.Contracts.CommandLine"] = ["DataSpoc.Contracts"],
    };

    [Theory]
    [InlineData("pipe")]
    [InlineData("lens")]
    [InlineData("ml")]
    [InlineData("platform")]
    public void Tool_References_OnlyContracts(string tool)
    {
        foreach (var name in Ours(Assembly.LoadFrom(ToolProcess.PathOf(tool + ".dll"))))
            Assert.True(MayReference.ContainsKey(name), $"{tool} references {name}");
    }

    [Fact]
    public void Contracts_References_PointOneWay()
    {
        foreach (var (assembly, allowed) in MayReference)
            foreach (var name in Ours(Assembly.LoadFrom(ToolProcess.PathOf(assembly + ".dll"))))
                Assert.True(allowed.Contains(name), $"{assembly} references {name}");
    }

    [Fact]
    public void DataSpocContracts_References_NothingButTheFramework() =>
        Assert.All(Assembly.LoadFrom(ToolProcess.PathOf("DataSpoc.Contracts.dll")).GetReferencedAssemblies(),
            reference => Assert.True(reference.Name!.StartsWith("System.", StringComparison.Ordinal) || reference.Name is "netstandard" or "mscorlib", reference.Name));

    [Theory]
    [InlineData("pipe", "DataSpoc.Pipe")]
    [InlineData("lens", "DataSpoc.Lens")]
    [InlineData("ml", "DataSpoc.Ml")]
    [InlineData("platform", "DataSpoc.Platform")]
    [InlineData("contracts", "DataSpoc.Contracts")]
    public void Component_Namespaces_AreItsOwnOrContracts(string folder, string own)
    {
        foreach (var file in Sources.CSharpFiles(folder))
            foreach (var match in Mentioned().Matches(File.ReadAllText(file)).Cast<Match>())
                Assert.True(match.Value.StartsWith(own, StringComparison.Ordinal) || match.Value.StartsWith("DataSpoc.Contracts", StringComparison.Ordinal), $"{file} names {match.Value}");
    }

    [Fact]
    public void Namespace_OfEveryFile_IsItsFolder()
    {
        foreach (var folder in Sources.Tools.Append("contracts"))
            foreach (var file in Sources.CSharpFiles(folder))
            {
                if (Declared().Match(File.ReadAllText(file)) is not { Success: true } declared)
                    continue;
                var expected = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Sources.Root, folder), file))!.Replace('/', '.');
                Assert.True(declared.Groups[1].Value == expected, $"{file} is in namespace {declared.Groups[1].Value}, not {expected}");
            }
    }

    private static IEnumerable<string> Ours(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => name.StartsWith("DataSpoc.", StringComparison.Ordinal) || Sources.Tools.Contains(name));

    // a package may be named to a person who lacks it: dotnet tool install --global DataSpoc.Ml
    [GeneratedRegex(@"(?<!--global )\bDataSpoc\.(Pipe|Lens|Ml|Platform|Contracts)\b")]
    private static partial Regex Mentioned();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
