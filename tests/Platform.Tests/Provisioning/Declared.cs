using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.Declaration;

namespace Platform.Tests.Provisioning;

/// <summary>What the <c>platform.yaml</c> of a folder declares, without a command.</summary>
internal static class Declared
{
    public static DeclaredLake In(string folder)
    {
        DeclaredLake? lake = null;
        var app = new CommandLineApp
        {
            Name = "platform",
            Description = "a test",
            Commands = [new ToolCommand("read", "Read the declaration") { Example = "platform read", Handler = context => { lake = LakeDeclaration.Load(context); return Task.FromResult(ExitCode.Done); } }],
        };
        using var error = new StringWriter();
        var exit = app.RunAsync(["read"], new CommandEnvironment { OpenStandardInput = static _ => Stream.Null, StandardOutput = Stream.Null, StandardError = error, Variable = static _ => null, WorkingFolder = folder, HomeFolder = folder }).GetAwaiter().GetResult();
        return exit == 0 ? lake! : throw new InvalidOperationException(error.ToString());
    }
}
