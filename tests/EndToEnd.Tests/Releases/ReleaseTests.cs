using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using EndToEnd.Tests.Architecture;
using Xunit;

namespace EndToEnd.Tests.Releases;

/// <summary>
/// One tool as it is released: packed, installed from its package alone into an empty folder, run with an empty environment where there is a .NET runtime and no SDK. What the
/// script checks itself (no other tool inside, checksums) is looked at once more. <c>tests/releases/check</c> does it with all tools, along the whole path, and mixes releases.
/// </summary>
public sealed class ReleaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pipe_FromItsPackageAlone_FillsABucketThatLensReads()
    {
        using var folder = new TemporaryFolder();
        var (packages, home) = (Path.Combine(folder.Path, "packages"), Path.Combine(folder.Path, "home"));
        await ScriptAsync(folder.Path, Path.Combine(Sources.Root, "pipe", "release"), "--only", "linux-x64", packages);
        var tool = Assert.Single(Directory.EnumerateFiles(packages, "DataSpoc.Pipe.*.nupkg"), static file => char.IsAsciiDigit(Path.GetFileName(file)["DataSpoc.Pipe.".Length]));
        var version = Path.GetFileNameWithoutExtension(tool)["DataSpoc.Pipe.".Length..];
        using (var package = await ZipFile.OpenReadAsync(Path.Combine(packages, $"DataSpoc.Pipe.linux-x64.{version}.nupkg"), Cancel))
        {
            Assert.Contains(package.Entries, static entry => entry.FullName == "tools/net10.0/linux-x64/runtimes/linux-x64/native/libduckdb.so");
            Assert.DoesNotContain(package.Entries, static entry => entry.Name is "lens.dll" or "ml.dll" or "platform.dll");
        }
        await ScriptAsync(packages, "sha256sum", "--check", "--quiet", "SHA256SUMS");
        using (var bill = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(packages, "sbom.cdx.json"), Cancel)))
            Assert.Contains(bill.RootElement.GetProperty("components").EnumerateArray(), static part => part.GetProperty("name").GetString() == "@duckdb/node-bindings-linux-x64");
        Assert.Contains("Copyright 2018-", await File.ReadAllTextAsync(Path.Combine(packages, "NOTICES.md"), Cancel), StringComparison.Ordinal);

        var packaging = Path.Combine(Sources.Root, "contracts", "packaging");
        await ScriptAsync(folder.Path, Path.Combine(packaging, "install"), "pipe", "DataSpoc.Pipe", version, packages, home);
        folder.Write("orders.csv", "id,status\n1,open\n2,paid\n");
        await ScriptAsync(folder.Path, Path.Combine(packaging, "alone"), home, "pipe", "ingest", "./orders.csv", "--to", "./lake", "--table", "shop/orders");
        Assert.Equal("2", await Lake.In(folder).RowsAsync("select count(*) from raw.shop_orders"));
    }

    private static async Task<string> ScriptAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // what is built already is packed: a copy of the tree would be built from the beginning
            Environment = { ["DATASPOC_RELEASE_TREE"] = Sources.Root },
        })!;
        var error = process.StandardError.ReadToEndAsync(Cancel);
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}{await error}");
        return output;
    }
}
