using System.Text;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens;

namespace Lens.Tests;

/// <summary>What a run of <c>lens</c> left behind.</summary>
internal sealed record Outcome(int Exit, string Out, string Error);

/// <summary><c>lens</c>, run inside the test with streams, variables and folders of its own.</summary>
internal sealed class LensProcess : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lens-run-");

    public LensProcess()
    {
        Directory.CreateDirectory(WorkingFolder);
        Variables["DATASPOC_CACHE"] = Path.Combine(_folder.FullName, "cache");
    }

    public string WorkingFolder => Path.Combine(_folder.FullName, "work");

    public Dictionary<string, string> Variables { get; } = [];

    public string Input { get; set; } = "";

    public bool Terminal { get; set; }

    public void Write(string path, string text) => File.WriteAllText(Path.Combine(WorkingFolder, path), text);

    public string PathOf(string name) => Path.Combine(WorkingFolder, name);

    public async Task<Outcome> RunAsync(params string[] args)
    {
        using var stdout = new MemoryStream();
        using var stderr = new StringWriter();
        var environment = new CommandEnvironment
        {
            OpenStandardInput = _ => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            StandardOutput = stdout,
            StandardError = stderr,
            OutputIsTerminal = Terminal,
            TerminalWidth = () => 120,
            Variable = name => Variables.GetValueOrDefault(name),
            WorkingFolder = WorkingFolder,
            HomeFolder = _folder.FullName,
        };
        var exit = await LensTool.RunAsync(args, environment);
        return new(exit, Encoding.UTF8.GetString(stdout.ToArray()), stderr.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
