using System.Diagnostics;
using System.Text.Json;
using EndToEnd.Tests.Architecture;
using Xunit;

namespace EndToEnd.Tests.Images;

/// <summary>What a release says is inside it.</summary>
public sealed class BillOfMaterialsTests
{
    [Theory]
    [InlineData("contracts", "DataSpoc.Contracts", "Spectre.Console")]
    [InlineData("pipe", "DataSpoc.Pipe", "Npgsql")]
    [InlineData("platform", "DataSpoc.Platform", "AWSSDK.S3")]
    public async Task BillOfMaterials_NamesEveryPackageOfTheLockFile_WithItsHash(string component, string project, string package)
    {
        using var folder = new TemporaryFolder();
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Sources.Root, "contracts", "packaging", "sbom.js"), Sources.Root, component, project, "1.2.3", folder.Path]) { RedirectStandardError = true })!;
        var error = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (node.ExitCode, error));
        using var made = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.Path, "sbom.cdx.json")));
        var parts = made.RootElement.GetProperty("components").EnumerateArray().ToDictionary(static part => part.GetProperty("name").GetString()!);
        Assert.Equal("CycloneDX", made.RootElement.GetProperty("bomFormat").GetString());
        Assert.True(parts.ContainsKey(package), package);
        Assert.Contains("@duckdb/node-bindings-linux-x64", parts.Keys);
        Assert.All(parts.Values, static part => Assert.Matches("^[0-9a-f]{128}$", part.GetProperty("hashes")[0].GetProperty("content").GetString()!));
        var notices = File.ReadAllText(Path.Combine(folder.Path, "NOTICES.md"));
        Assert.All(parts.Keys, name => Assert.Contains($"| {name} |", notices, StringComparison.Ordinal));
    }
}
