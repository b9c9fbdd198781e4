using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Commands.Projects;

namespace DataSpoc.Pipe.Commands;

/// <summary>What the commands meet of the world beyond the command line; a test puts faults here.</summary>
internal sealed record PipeHost
{
    /// <summary>Opens a bucket.</summary>
    public Func<BucketUri, ObjectStoreOptions, IObjectStore> OpenStore { get; init; } = ObjectStores.Open;

    /// <summary>This program as it was started: its path, or <c>dotnet</c> and the assembly.</summary>
    public IReadOnlyList<string> Program { get; init; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, typeof(PipeHost).Assembly.Location] : [Environment.ProcessPath!];

    /// <summary>How long others wait before they finish a commit of ours.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Asks a person.</summary>
    public Func<CommandEnvironment, IQuestions> Ask { get; init; } = environment => environment.Variable("TERM") is null or "dumb" ? new LineQuestions(environment) : new TerminalQuestions(environment);
}
