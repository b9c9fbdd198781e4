using System.CommandLine;
using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Contracts.CommandLine.Output;

namespace Contracts.Tests.CommandLine;

/// <summary>A tool of few commands, run inside the test with streams, variables and folders of its own.</summary>
internal sealed class SampleTool : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sample-");

    public SampleTool()
    {
        Directory.CreateDirectory(WorkingFolder);
        Directory.CreateDirectory(HomeFolder);
    }

    public string WorkingFolder => Path.Combine(_folder.FullName, "work");

    public string HomeFolder => Path.Combine(_folder.FullName, "home");

    public Dictionary<string, string> Variables { get; } = [];

    public bool Terminal { get; set; }

    public int? Width { get; set; }

    public string Input { get; set; } = "";

    public Func<CommandContext, Task<ExitCode>> Handler { get; set; } = _ => Task.FromResult(ExitCode.Done);

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public void Write(string path, string text)
    {
        var full = Path.Combine(WorkingFolder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Runs a command line whose arguments are parted by spaces.</summary>
    public Task<Outcome> RunAsync(string line) => RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public async Task<Outcome> RunAsync(params string[] args)
    {
        using var stdout = new MemoryStream();
        using var stderr = new StringWriter();
        var environment = new CommandEnvironment
        {
            OpenStandardInput = _ => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            StandardOutput = stdout,
            StandardError = stderr,
            ReadLine = () => Input,
            InputIsTerminal = Terminal,
            OutputIsTerminal = Terminal,
            ErrorIsTerminal = Terminal,
            TerminalWidth = () => Width,
            Variable = name => Variables.GetValueOrDefault(name),
            WorkingFolder = WorkingFolder,
            HomeFolder = HomeFolder,
            Time = Time,
        };
        var exit = await App().RunAsync(args, environment);
        return new(exit, Encoding.UTF8.GetString(stdout.ToArray()), stderr.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CommandLineApp App()
    {
        var rows = new Option<int>("--rows") { Description = "How many rows", DefaultValueFactory = _ => 2 };
        var show = new ToolCommand("show", "Show rows") { Example = "sample show --rows 2", Handler = c => ShowAsync(c, c.Value(rows)) };
        show.Add(rows);
        var query = new Argument<string>("query") { Description = "What to ask" };
        var ask = new ToolCommand("ask", "Ask something") { Example = "sample ask \"what\"", Handler = async c => { await c.Out.WriteAsync(c.Value(query)); return ExitCode.Done; } };
        ask.Add(query);
        ask.Aliases.Add("query");
        var act = new ToolCommand("act", "Do what the test says") { Example = "sample act", Handler = c => Handler(c), OffersDryRun = true, Asks = true };
        var group = new ToolCommand("group", "Hold others");
        group.Add(new ToolCommand("inner", "Be inside") { Example = "sample group inner", Handler = _ => Task.FromResult(ExitCode.Done) });
        return new() { Name = "sample", Description = "A tool for tests", Version = "1.2.3", Commands = [show, ask, act, group], ConfigurationFolders = ["pipelines"] };
    }

    private static Task<ExitCode> ShowAsync(CommandContext context, int count)
    {
        using var rows = context.Rows([new("id", RowColumnKind.Number), new("name"), new("note")]);
        for (var i = 1; i <= count; i++)
            rows.WriteRow(i, $"n{i}", i % 2 == 0 ? "" : null);
        rows.Complete();
        context.Messages.Info($"{Quantity.Count(count, "row")} shown");
        return Task.FromResult(ExitCode.Done);
    }
}

/// <summary>What a run left behind.</summary>
internal sealed record Outcome(int Exit, string Out, string Error)
{
    /// <summary>As a transcript, for comparing all at once.</summary>
    public override string ToString() => $"{Out}---\n{Error}--- {Exit}";
}
