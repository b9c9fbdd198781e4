using DataSpoc.Contracts.Storage;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>A bucket, and the tools run on it as a person runs them, in a folder.</summary>
/// <param name="Bucket">As one types it.</param>
/// <param name="Folder">Where the tools are run.</param>
/// <param name="Environment">Of every tool: the keys of a user.</param>
internal sealed record Lake(string Bucket, string Folder, IReadOnlyDictionary<string, string?>? Environment = null)
{
    /// <summary>A bucket <c>lake</c> in a folder.</summary>
    public static Lake In(TemporaryFolder folder, string name = "lake") => new($"file://{folder.Path}/{name}", folder.Path);

    /// <summary>The bucket's folder.</summary>
    public string Path => BucketUri.Parse(Bucket).Path;

    public Task<ToolRun> RunAsync(string tool, params string[] arguments) => ToolProcess.RunAsync(tool, arguments, Environment, Folder);

    /// <summary>Runs a tool that must succeed; returns its stdout.</summary>
    public async Task<string> DoAsync(string tool, params string[] arguments)
    {
        var run = await RunAsync(tool, arguments);
        Assert.True(run.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {run}");
        return run.Output;
    }

    public Task<string> IngestAsync(string file, string table, params string[] more) => DoAsync("pipe", ["ingest", file, "--to", Bucket, "--table", table, .. more]);

    /// <summary>The rows of a query: CSV without its header.</summary>
    public async Task<string> RowsAsync(string query)
    {
        var csv = (await DoAsync("lens", "sql", query, "--bucket", Bucket, "-o", "csv")).ReplaceLineEndings("\n");
        return csv[(csv.IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimEnd('\n');
    }

    /// <summary>Runs a tool that must fail with a code, and say each of some things.</summary>
    public async Task<ToolRun> FailsAsync(int code, IEnumerable<string> says, string tool, params string[] arguments)
    {
        var run = await RunAsync(tool, arguments);
        Assert.True(run.ExitCode == code, $"{tool} {string.Join(' ', arguments)}: not {code}: {run}");
        foreach (var part in says)
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at DataSpoc", run.Error, StringComparison.Ordinal);
        return run;
    }
}
