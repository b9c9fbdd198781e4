using System.Reflection;
using Xunit;

namespace Contracts.Tests.PublicApi;

/// <summary>
/// The public API of contracts stands in <c>contracts/public-api/</c>, so that a change to it shows in review. To accept a change:
/// <c>DATASPOC_ACCEPT_API=1 tests/run Contracts.Tests -class Contracts.Tests.PublicApi.PublicApiTests</c>.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("DataSpoc.Contracts")]
    [InlineData("DataSpoc.Contracts.Storage")]
    [InlineData("DataSpoc.Contracts.DuckDb")]
    [InlineData("DataSpoc.Contracts.Transforms")]
    [InlineData("DataSpoc.Contracts.CommandLine")]
    public void PublicApi_IsTheOneThatWasReviewed(string assembly)
    {
        var actual = string.Concat(ApiListing.Of(Assembly.Load(assembly)).Select(line => line + "\n"));
        var file = Path.Combine(Folder(), assembly + ".txt");
        if (Environment.GetEnvironmentVariable("DATASPOC_ACCEPT_API") == "1")
            File.WriteAllText(file, actual);
        var reviewed = File.Exists(file) ? File.ReadAllText(file) : "";
        var (added, gone) = (actual.Split('\n').Except(reviewed.Split('\n')), reviewed.Split('\n').Except(actual.Split('\n')));
        Assert.True(actual == reviewed, $"the public API differs from {file}\n{string.Concat(added.Select(line => $"+ {line}\n"))}{string.Concat(gone.Select(line => $"- {line}\n"))}");
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                return Directory.CreateDirectory(Path.Combine(folder.FullName, "contracts", "public-api")).FullName;
        throw new InvalidOperationException("The tests do not lie in the source tree");
    }
}
