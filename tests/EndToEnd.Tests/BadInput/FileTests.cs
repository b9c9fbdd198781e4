using System.Diagnostics;
using System.Text;
using DataSpoc.Tests;
using Xunit;

namespace EndToEnd.Tests.BadInput;

/// <summary>Files that are not what their names say: a clear error, the right exit code, nothing in the bucket, and a good file afterwards goes in.</summary>
public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public FileTests() => _lake = Lake.In(_folder);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, int, string[]> Bad { get; } = new()
    {
        { "ragged.csv", "id,name\n1,a\n2\n3,b,c,d\n", 1, ["`ragged.csv` cannot be read as CSV", "ragged.csv, line 3", "Expected Number of Columns: 2 Found: 1", "hint: every line needs the same number of fields"] },
        { "latin1.csv", "id,name\n1,caf\u00e9\n2,x\n", 1, ["`latin1.csv` cannot be read as CSV", "latin1.csv, line 2", "hint: the file is not UTF-8"] },
        { "empty.csv", "", 1, ["`empty.csv` is empty", "hint: "] },
        { "empty.ndjson", "", 1, ["`empty.ndjson` is empty"] },
        { "empty.parquet", "", 1, ["`empty.parquet` is empty"] },
        { "text.parquet", "id,name\n1,a\n", 1, ["`text.parquet` cannot be read as Parquet", "No magic bytes", "hint: the file is damaged"] },
        { "garbage.ndjson", "{\"id\":1}\nnot json {{{\n{\"id\":3}\n", 1, ["`garbage.ndjson` cannot be read as JSON", "garbage.ndjson, line 2", "invalid literal", "hint: every record is one JSON object"] },
        { "plain.csv.gz", "id\n1\n", 1, ["`plain.csv.gz` cannot be read as CSV", "not a GZIP stream"] },
        { "orders.xlsx", "PK", 2, ["`orders.xlsx` has an ending that is not known", "hint: known are .csv"] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Ingest_OfABadFile_SaysWhatAndWhere_AndLeavesNothing(string name, string content, int code, string[] says)
    {
        // latin-1 writes what is ASCII as UTF-8 does
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, name), content, Encoding.Latin1, TestContext.Current.CancellationToken);
        await RefusedAsync($"./{name}", code, says);
    }

    [Fact]
    public async Task Ingest_OfAFolderOrOfNothing_SaysSo()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "orders"));
        await RefusedAsync("./orders", 2, ["`./orders` is a folder", "hint: name the files in it"]);
        await RefusedAsync("./missing.csv", 1, ["there is no file `./missing.csv`"]);
        await RefusedAsync("./missing-*.csv", 1, ["missing-*.csv"]);
    }

    [Fact]
    public async Task Ingest_OfADamagedParquetFile_SaysSo()
    {
        var folder = Path.Combine(SourceTree.SharedData ?? "", "parquet", "bad_data");
        if (!Directory.Exists(folder))
            TestServers.Missing("../shared/data/parquet/bad_data is not here");
        var (refused, tried) = (0, 0);
        foreach (var file in Directory.GetFiles(folder, "*.parquet").Order(StringComparer.Ordinal))
        {
            var table = $"bad/t{tried++}";
            var run = await _lake.RunAsync("pipe", "ingest", file, "--to", _lake.Bucket, "--table", table);
            // some of these files are damaged in a way that the Parquet format allows
            if (run.ExitCode == 0)
                continue;
            refused++;
            Assert.True(run.ExitCode == 1 && run.Error.Contains($"`{Path.GetFileName(file)}` cannot be read as Parquet", StringComparison.Ordinal), run.ToString());
            Assert.Contains("hint: the file is damaged", run.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(_lake.Path, "raw", table)));
        }
        Assert.True(refused >= 5, $"only {refused} were refused");
        AssertNothingStaged();
    }

    [Fact]
    public async Task Ingest_OfATruncatedParquetFile_SaysSo()
    {
        await _lake.IngestAsync(_folder.Write("good.csv", "id\n1\n2\n"), "shop/good");
        var whole = await File.ReadAllBytesAsync(Directory.GetFiles(_lake.Path, "*.parquet", SearchOption.AllDirectories).Single(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "cut.parquet"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        await RefusedAsync("./cut.parquet", 1, ["`cut.parquet` cannot be read as Parquet", "hint: the file is damaged"]);
    }

    [Fact]
    public async Task Ingest_OntoAFullDisk_SaysSo_AndGoesOnWhenThereIsRoom()
    {
        var random = new Random(7);
        _folder.Write("large.csv", "id,text\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{random.NextInt64():x}{random.NextInt64():x}\n")));
        // a limit on the size of files stands in for the end of the disk: the same error from the same call. Without W^X the runtime needs no large file of its own.
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", """ulimit -f 300; trap "" XFSZ; exec "$@" """, "bash", ToolProcess.PathOf("pipe"), "ingest", "./large.csv", "--to", _lake.Bucket, "--table", "shop/good"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardError = true,
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 1, error);
        Assert.Contains("the rows cannot be written", error, StringComparison.Ordinal);
        Assert.Contains("File too large", error, StringComparison.Ordinal);
        Assert.Contains("hint: make room", error, StringComparison.Ordinal);
        AssertNothingStaged();
        await _lake.IngestAsync("./large.csv", "shop/good");
        Assert.Equal("20000", await _lake.RowsAsync("select count(*) from raw.shop_good"));
    }

    private async Task RefusedAsync(string file, int code, string[] says)
    {
        var before = Tables();
        await _lake.FailsAsync(code, says, "pipe", "ingest", file, "--to", _lake.Bucket, "--table", "shop/bad");
        Assert.Equal(before, Tables());
        AssertNothingStaged();
        await _lake.IngestAsync(_folder.Write("fine.csv", "id\n1\n2\n3\n"), "shop/bad", "--mode", "overwrite");
        Assert.Equal("3", await _lake.RowsAsync("select count(*) from raw.shop_bad"));
        Directory.Delete(Path.Combine(_lake.Path, "raw", "shop", "bad"), recursive: true);
        Directory.Delete(Path.Combine(_lake.Path, ".dataspoc"), recursive: true);
    }

    private List<string> Tables() => Directory.Exists(Path.Combine(_lake.Path, "raw")) ? [.. Directory.GetFileSystemEntries(Path.Combine(_lake.Path, "raw"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    private void AssertNothingStaged()
    {
        var staging = Path.Combine(_lake.Path, ".dataspoc", "staging");
        Assert.Empty(Directory.Exists(staging) ? Directory.GetFiles(staging, "*", SearchOption.AllDirectories) : []);
        Assert.False(File.Exists(Path.Combine(_lake.Path, ".dataspoc", "state", "shop_bad", "run.json")));
    }
}
