using System.Diagnostics;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Lens.Tests.Notebooks;

/// <summary>
/// The notebooks' own Python is run by Python, with a module that hands out their SQL in the place of DuckDB's package, which no registry here has; the SQL is then run by the same DuckDB's library.
/// </summary>
public sealed class NotebookTests : IAsyncLifetime
{
    private const string CollectingDuckDb = """
        import json
        class Connection:
            def execute(self, sql): print(json.dumps(sql))
            sql = execute
        def connect(): return Connection()
        """;

    private const string RunningMarimo = """
        class App:
            def __init__(self): self.cells = []
            def cell(self, function): self.cells.append(function)
            def run(self):
                known = {}
                for cell in self.cells:
                    returned = cell(*[known[name] for name in cell.__code__.co_varnames[:cell.__code__.co_argcount]])
                    if returned: known["lake"] = returned[0]
        """;

    private readonly Lake _lake = Lake.New();
    private readonly LensProcess _lens = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.WriteAsync("raw/shop/orders", "SELECT range AS id, '😀 \"quoted\" ''text''' AS \"odd \"\"name\", (DATE '2026-01-01' + (range % 2)::INT) AS dt FROM range(4)");
        await _lake.WriteAsync("raw/shop/orders", "SELECT 9::BIGINT AS id, 2.5 AS more, DATE '2026-01-03' AS dt");
        await _lake.WriteAsync("curated/sales/customers", "SELECT 'Ann' AS name");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        _lens.Write("duckdb.py", CollectingDuckDb);
        _lens.Write("marimo.py", RunningMarimo);
    }

    public async ValueTask DisposeAsync()
    {
        _lens.Dispose();
        await _lake.DisposeAsync();
    }

    [Fact]
    public async Task Jupyter_Notebook_MountsEverySnapshot()
    {
        var outcome = await _lens.RunAsync("notebook", "--bucket", $"lake={_lake.Uri}");

        Assert.Equal(new(0, "", "done: 2 tables in `lake.ipynb`\n"), outcome);
        var notebook = JsonNode.Parse(await File.ReadAllTextAsync(_lens.PathOf("lake.ipynb"), TestContext.Current.CancellationToken))!;
        Assert.Equal((4, "python"), ((int)notebook["nbformat"]!, (string?)notebook["metadata"]!["kernelspec"]!["language"]));
        Assert.All(notebook["cells"]!.AsArray(), cell => Assert.True((string?)cell!["cell_type"] == "markdown" || (cell["outputs"] is JsonArray && cell.AsObject().ContainsKey("execution_count"))));
        _lens.Write("run.py", string.Join("\n", notebook["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code").Select(cell => string.Concat(cell!["source"]!.AsArray().Select(line => (string?)line)))));
        Check(await StatementsAsync("run.py"));
        // what was written into it is not lost
        Assert.Equal(2, (await _lens.RunAsync("notebook", "--bucket", _lake.Uri)).Exit);
        Assert.Equal(0, (await _lens.RunAsync("notebook", "--bucket", _lake.Uri, "--replace")).Exit);
    }

    [Fact]
    public async Task Marimo_Notebook_MountsEverySnapshot()
    {
        var outcome = await _lens.RunAsync("notebook", "--marimo", "--bucket", $"lake={_lake.Uri}");

        Assert.Equal(new(0, "", "done: 2 tables in `lake.py`\n"), outcome);
        Check(await StatementsAsync("lake.py"));
    }

    [Theory]
    [InlineData("jupyter-lab", "lake.ipynb")]
    [InlineData("jupyter-notebook", "lake.ipynb")]
    [InlineData("marimo", "lake.py", "--marimo")]
    public async Task Notebook_OnATerminal_IsOpenedWhereTheProgramIs(string program, string notebook, params string[] options)
    {
        _lens.Terminal = true;
        var without = await _lens.RunAsync(["notebook", "--bucket", _lake.Uri, .. options]);
        Assert.Contains($"{(options.Length > 0 ? "marimo is not installed: `pip install marimo duckdb`" : "jupyter is not installed: `pip install jupyterlab duckdb`")}", without.Error, StringComparison.Ordinal);

        _lens.Write(program, $"#!/bin/sh\necho \"$@\" > {_lens.PathOf("started")}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_lens.PathOf(program), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _lens.Variables["PATH"] = _lens.WorkingFolder;
        Assert.Equal(0, (await _lens.RunAsync(["notebook", "--replace", "--bucket", _lake.Uri, .. options])).Exit);
        Assert.Equal($"{(options.Length > 0 ? "edit " : "")}{_lens.PathOf(notebook)}\n", await File.ReadAllTextAsync(_lens.PathOf("started"), TestContext.Current.CancellationToken));
    }

    private static void Check(IReadOnlyList<string> statements)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        foreach (var statement in statements)
            connection.Execute(statement, TestContext.Current.CancellationToken);
        Assert.Contains("FROM raw.shop_orders LIMIT 10", statements);
        using var answer = connection.Query("SELECT count(*), sum(more)::INT, count(DISTINCT dt), max(\"odd \"\"name\") FROM raw.shop_orders, curated.sales_customers", TestContext.Current.CancellationToken);
        Assert.True(answer.NextChunk());
        Assert.Equal((5L, 3, 3L, "😀 \"quoted\" 'text'"), (answer.GetValue(0, 0), answer.GetValue(1, 0), answer.GetValue(2, 0), answer.GetValue(3, 0)));
    }

    private async Task<IReadOnlyList<string>> StatementsAsync(string script)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [script]) { WorkingDirectory = _lens.WorkingFolder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var python = Process.Start(start)!;
        var error = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(python.ExitCode == 0, await error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!)];
    }
}
