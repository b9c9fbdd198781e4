using System.CommandLine;
using System.Diagnostics;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Buckets;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Notebooks;

/// <summary><c>lens notebook</c>: a notebook with every table mounted, opened where Jupyter or Marimo is installed.</summary>
internal static class NotebookCommand
{
    public static ToolCommand Create()
    {
        var tables = new Argument<string[]>("table") { Description = "Tables, as in SQL; without one, all", Arity = ArgumentArity.ZeroOrMore, HelpName = "TABLE" };
        var buckets = BucketOption.Create();
        var marimo = new Option<bool>("--marimo") { Description = "Write a notebook of Marimo, a Python file, instead of one of Jupyter" };
        var to = new Option<string?>("--to") { Description = "The file; by default lake.ipynb, or lake.py with --marimo", HelpName = "FILE" };
        var replace = new Option<bool>("--replace") { Description = "Replace the file where it is there already" };
        var only = new Option<bool>("--no-start") { Description = "Write the file, and start nothing" };
        return new("notebook", "Write a Python notebook with every table mounted, and open it")
        {
            Example = "lens notebook --bucket file:///data/lake",
            Details = "Tables are read by DuckDB's Python package, each as it is now (its snapshot), under the names of `lens sql`. On a terminal, Jupyter or Marimo is started where it is installed.",
            Handler = context => RunAsync(context, context.Value(tables) ?? [], context.Value(buckets) ?? [], context.Value(marimo), context.Value(to), context.Value(replace), context.Value(only)),
            Arguments = { tables },
            Options = { buckets, marimo, to, replace, only },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, IReadOnlyList<string> named, IReadOnlyList<string> given, bool marimo, string? to, bool replace, bool only)
    {
        var extension = marimo ? ".py" : ".ipynb";
        var shown = to ?? "lake" + extension;
        if (!shown.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            throw new UserError($"`{shown}` is no file of {(marimo ? "Marimo" : "Jupyter")}") { Hint = $"its name ends in {extension}{(marimo ? "" : "; --marimo writes Python")}", ExitCode = ExitCode.Usage };
        var file = new ProjectFile(context.Environment.FullPath(shown));
        if (file.Exists && !replace)
            throw new UserError($"`{shown}` is there already") { Hint = "`--replace` writes it anew, and what was written into it is gone; `--to FILE` takes another", ExitCode = ExitCode.Usage };
        await using (var buckets = BucketSelection.Open(given, context.Project.Load<LensConfiguration>(), context.Environment))
        {
            if (buckets.Buckets.Count == 0)
                throw new UserError("no bucket is known") { Hint = "name one with `--bucket URI`, or keep it: lens bucket add URI", ExitCode = ExitCode.Usage };
            var mounts = await LakeMounts.ReadAsync(await TablesAsync(named, buckets, context.Cancel), buckets, context.Environment.Variable,
                (table, why) => context.Messages.Warn($"{table.View} is left out: {why}"), context.Cancel);
            file.Change(_ => marimo ? NotebookText.Marimo(mounts, context.Time.GetUtcNow()) : NotebookText.Jupyter(mounts, context.Time.GetUtcNow()));
            context.Messages.Success($"{Quantity.Count(mounts.Tables.Count, "table")} in `{shown}`");
        }
        return only || !context.Environment.OutputIsTerminal ? ExitCode.Done : await StartAsync(context, file.Path, marimo);
    }

    private static async Task<IReadOnlyList<ResolvedTable>> TablesAsync(IReadOnlyList<string> named, BucketSet buckets, CancellationToken cancel)
    {
        var resolver = new TableResolver(buckets);
        var tables = new List<ResolvedTable>();
        foreach (var name in named)
            tables.Add(await resolver.RequireAsync(name, cancel));
        return named.Count > 0 ? tables : await resolver.ListAsync(cancel);
    }

    private static async Task<ExitCode> StartAsync(CommandContext context, string file, bool marimo)
    {
        var folders = (context.Environment.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        // JupyterLab and the classic notebook are programs of their own; Debian has the latter
        var (name, programs, args) = marimo ? ("marimo", (string[])["marimo"], (string[])["edit", file]) : ("jupyter", ["jupyter-lab", "jupyter-notebook"], [file]);
        if (programs.SelectMany(_ => folders, (program, folder) => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is not { } found)
        {
            context.Messages.Info($"{name} is not installed: `pip install {(marimo ? "marimo" : "jupyterlab")} duckdb`, then `{programs[0]} {string.Join(' ', args)}`");
            return ExitCode.Done;
        }
        using var notebook = Process.Start(new ProcessStartInfo(found, args) { WorkingDirectory = context.Environment.WorkingFolder }) ?? throw new UserError($"`{found}` did not start");
        // Ctrl-C reaches it through the terminal, and it asks what is meant
        await notebook.WaitForExitAsync(CancellationToken.None);
        return notebook.ExitCode == 0 || context.Cancel.IsCancellationRequested ? ExitCode.Done : throw new UserError($"`{Path.GetFileName(found)}` ended with exit code {notebook.ExitCode}") { Hint = $"the notebook is written: {file}" };
    }
}
