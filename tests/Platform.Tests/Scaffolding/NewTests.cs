using Xunit;

namespace Platform.Tests.Scaffolding;

/// <summary>Projects from templates; that the built-in one runs as it is, the end-to-end tests show.</summary>
public sealed class NewTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task New_MakesAProjectWhoseAccessIsRight_AndNeverOverOne()
    {
        Assert.Equal(0, (await RunAsync("new", "shop")).Exit);
        Assert.Equal(0, (await RunAsync("validate", "--project", "shop/hub")).Exit);
        string[] parts = ["README.md", "run", ".github/workflows/lake.yml", "ingest/pipelines/deliveries.yaml", "ingest/transforms/parcels/deliveries.sql", "ingest/env/prod.yaml", "analysis/transforms/parcels/lateness.sql", "analysis/env/prod.yaml", "models/features/origins.yaml", "models/models/late.yaml", "models/env/prod.yaml", "hub/platform.yaml"];
        Assert.All(parts, part => Assert.True(File.Exists(Path.Combine(_folder.FullName, "shop", part)), part));
        Assert.Contains("not_null", File.ReadAllText(Path.Combine(_folder.FullName, "shop", "ingest", "pipelines", "deliveries.yaml")), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.EnumerateFiles("*", SearchOption.AllDirectories), static file => File.ReadAllText(file.FullName).Contains("{{project}}", StringComparison.Ordinal));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(_folder.FullName, "shop", "run")).HasFlag(UnixFileMode.UserExecute));
        var again = await RunAsync("new", "shop");
        Assert.Equal((2, true), (again.Exit, again.Error.StartsWith("error: `shop` is there already\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task New_FromAnOwnTemplate_FillsNamesAndTexts_AndKeepsBytes()
    {
        var template = _folder.CreateSubdirectory("template");
        template.CreateSubdirectory("{{project}}-docs");
        File.WriteAllText(Path.Combine(template.FullName, "{{project}}-docs", "a.md"), "# {{project}}\n");
        File.WriteAllBytes(Path.Combine(template.FullName, "logo"), [0xff, 0xfe, 0x00]);
        Assert.Equal(0, (await RunAsync("new", "shop", "--from", "template")).Exit);
        Assert.Equal("# shop\n", File.ReadAllText(Path.Combine(_folder.FullName, "shop", "shop-docs", "a.md")));
        Assert.Equal([0xff, 0xfe, 0x00], File.ReadAllBytes(Path.Combine(_folder.FullName, "shop", "logo")));
    }

    [Theory]
    [InlineData("Shop")]
    [InlineData("../shop")]
    [InlineData("shop-")]
    public async Task New_UnderANameThatBucketsCannotHave_SaysWhichTheyCan(string name)
    {
        var run = await RunAsync("new", name);
        Assert.Equal((2, true), (run.Exit, run.Error.StartsWith($"error: `{name}` is no name for a project\n  hint: use lower-case letters", StringComparison.Ordinal)));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task New_FromATemplateWithALink_RefusesIt_AndLeavesNothing()
    {
        var template = _folder.CreateSubdirectory("template");
        File.CreateSymbolicLink(Path.Combine(template.FullName, "passwords"), "/etc/passwd");
        var run = await RunAsync("new", "shop", "--from", "template");
        Assert.Equal((2, true), (run.Exit, run.Error.StartsWith("error: `passwords` is a link\n", StringComparison.Ordinal)));
        Assert.Equal(["template"], _folder.EnumerateFileSystemInfos().Select(static entry => entry.Name));
    }

    private Task<PlatformRun> RunAsync(params string[] args) => PlatformRun.OfAsync(_folder.FullName, args);
}
