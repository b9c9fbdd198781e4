using Xunit;

namespace Lens.Tests.Sql;

/// <summary>Runs the scripts of <c>Scripts/</c>: a bucket, queries, and what they must answer. See the README there.</summary>
public sealed class ScriptTests
{
    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Scripts"), "*.test").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_Runs_AsWritten(string name)
    {
        await using var runner = new ScriptRunner();
        await runner.RunAsync(Path.Combine(AppContext.BaseDirectory, "Scripts", name + ".test"));
        Assert.True(runner.Checked > 0, "the script asks nothing");
    }
}
