using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Lens.Buckets;

/// <summary><c>lens init</c>: makes the working folder a project.</summary>
internal static class InitCommand
{
    private const string Text = """
        # buckets by the name they have in SQL; `lens bucket add URI` adds one
        buckets: {}

        # where raw.shop_orders is looked for; without it: wherever it is
        # default: bronze

        # memory_limit: 4GiB
        # threads: 4
        # timeout: 10m

        """;

    public static ToolCommand Create() => new("init", "Make this folder a project of lens: write lens.yaml")
    {
        Example = "lens init && lens bucket add file:///data/lake",
        Handler = context =>
        {
            var file = new ProjectFile(Path.Combine(context.Environment.WorkingFolder, "lens.yaml"));
            if (file.Exists)
                throw new UserError("lens.yaml is here already") { Where = [("file", file.Path)], Hint = "`lens bucket add URI` adds a bucket to it", ExitCode = ExitCode.Usage };
            file.Change(_ => Text);
            context.Messages.Success($"{file.Path} is written; `lens bucket add URI` adds a bucket to it");
            return Task.FromResult(ExitCode.Done);
        },
    };
}
