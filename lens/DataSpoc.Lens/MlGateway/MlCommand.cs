using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.MlGateway;

/// <summary><c>lens ml …</c>: the program <c>ml</c> with the tables and buckets of this project; its output, its signals and its exit code are its own.</summary>
internal static partial class MlCommand
{
    private const int Terminate = 15;
    private static readonly Version s_oldest = new(0, 1, 0);

    /// <summary>Whether a command line is meant for <c>ml</c>; it is not parsed here then, because the options are those of <c>ml</c>.</summary>
    public static bool Means(IReadOnlyList<string> args) => args is ["ml", _, ..] && args[1] is not ("--help" or "-h");

    /// <summary>The command line with everything after <c>ml</c> out of the parser's reach.</summary>
    public static string[] Sealed(IReadOnlyList<string> args) => ["ml", "--", .. args.Skip(1)];

    public static ToolCommand Create()
    {
        var rest = new Argument<string[]>("args") { Description = "A command of ml with its options: train, predict, models, explain, …", Arity = ArgumentArity.ZeroOrMore };
        return new("ml", "Train and use models: runs ml with the tables and buckets of this project")
        {
            Example = "lens ml train --from orders --target late --model late",
            Details = "Tables are named as in SQL. `ml` is found by LENS_ML, beside lens, or on PATH; its own help: lens ml train --help.",
            Handler = context => RunAsync(context, context.Value(rest) ?? []),
            Arguments = { rest },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, IReadOnlyList<string> args)
    {
        var program = MlProgram.Find(context.Environment.Variable);
        await using var buckets = BucketSelection.Open([], context.Project.Load<LensConfiguration>(), context.Environment);
        var start = new ProcessStartInfo(program, await MlArguments.ResolveAsync(args, buckets, context.Cancel)) { WorkingDirectory = context.Environment.WorkingFolder };
        using var ml = Process.Start(start) ?? throw new UserError($"`{program}` did not start");
        // Ctrl-C reaches ml through the terminal, SIGTERM does not
        await using var ended = context.Cancel.Register(() => Signal(ml.Id, Terminate));
        await ml.WaitForExitAsync(CancellationToken.None);
        if (ml.ExitCode == (int)ExitCode.Usage && await MlProgram.VersionAsync(program, CancellationToken.None) is { } version && version < s_oldest)
            context.Messages.Warn($"`{program}` is ml {version}, and lens works with {s_oldest} and later", "dotnet tool update --global DataSpoc.Ml");
        return (ExitCode)ml.ExitCode;
    }

    private static void Signal(int process, int signal)
    {
        // one that has ended already needs none
        _ = Kill(process, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
