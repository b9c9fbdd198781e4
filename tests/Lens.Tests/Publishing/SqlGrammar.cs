using System.Diagnostics;
using DataSpoc.Tests;
using Xunit;

namespace Lens.Tests.Publishing;

/// <summary>The grammar of an engine that is too large to be started here (npm's dt-sql-parser, tests/services/install.sh).</summary>
internal static class SqlGrammar
{
    /// <summary>What is wrong with a script, a mistake a line; empty where nothing is.</summary>
    /// <param name="engine">trino, spark or hive.</param>
    /// <param name="script">Statements, each ended by a semicolon.</param>
    public static async Task<string> MistakesAsync(string engine, string script)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "global.json")))
            folder = folder.Parent;
        var program = Path.Combine(folder.FullName, "tests", "services", "grammars", "parse.mjs");
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(program)!, "node_modules", "dt-sql-parser")))
            TestServers.Missing("the grammars are not installed; run `tests/run`, or `npm install --no-save --ignore-scripts` in tests/services/grammars first");
        using var process = Process.Start(new ProcessStartInfo("node", [program, engine]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return said;
    }
}
