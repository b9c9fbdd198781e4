using System.Diagnostics;
using DataSpoc.Tests;
using Xunit;

namespace EndToEnd.Tests.Interop;

/// <summary>ClickHouse as npm's chdb brings it (tests/services/install.sh), in a process of its own.</summary>
internal static class ClickHouse
{
    private static readonly string Home = Path.Combine(SourceTree.Root, "tests", "services", "chdb");

    /// <summary>The rows of a table, one JSON object each, by ClickHouse's own default reader of Delta: the Delta project's kernel. (The older one, which it keeps
    /// beside it, reads neither added columns nor overwritten tables, whoever wrote them.)</summary>
    /// <param name="tableFolder">The table's folder on this machine.</param>
    public static async Task<IReadOnlyList<string>> ReadAsync(string tableFolder)
    {
        if (!Directory.Exists(Path.Combine(Home, "node_modules", "chdb")))
            TestServers.Missing("ClickHouse is not installed; run `tests/run`, or `npm install --no-save --ignore-scripts` in tests/services/chdb first");
        var cancel = TestContext.Current.CancellationToken;
        // ClickHouse reads nothing outside the folder in which it runs
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Home, "query.js")]) { WorkingDirectory = Path.GetDirectoryName(tableFolder), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync($"SELECT * FROM deltaLakeLocal('{tableFolder}') SETTINGS output_format_json_quote_64bit_integers=0, output_format_json_quote_decimals=0, "
            + "date_time_output_format='iso', output_format_json_named_tuples_as_objects=1");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, $"ClickHouse refuses {tableFolder}: {await error}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
