using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Transforms;

namespace DataSpoc.Pipe.Commands.Transforming;

/// <summary><c>pipe transform --test</c>: unit tests beside the SQL, in <c>transforms/&lt;domain&gt;/&lt;table&gt;.test.yaml</c>.</summary>
internal sealed class TransformTesting(CommandContext context)
{
    private const string Ending = ".test";

    public ExitCode Run(IReadOnlyList<PlannedTransform> planned)
    {
        using var folder = new TemporaryFolder("tests");
        var run = new TransformTestRun(PipeDatabase.Options(context.Environment), folder.Path);
        using var rows = context.OutputGiven ? context.Rows([new("table"), new("test"), new("status"), new("missing"), new("unexpected"), new("error")]) : null;
        var (passed, failed) = (0, 0);
        foreach (var one in planned)
            foreach (var test in TestsOf(one.Transform))
            {
                var result = run.Run(one, test, context.Cancel);
                rows?.WriteRow(one.Transform.Location.SqlName, test.Name, result.Passed ? "passed" : "failed", string.Join('\n', result.Missing), string.Join('\n', result.Unexpected), result.Error?.What);
                if (result.Passed)
                    passed++;
                else
                    failed++;
                Say(result);
            }
        rows?.Complete();
        if (passed + failed == 0)
            throw new UserError("there are no tests of transforms here") { ExitCode = ExitCode.Usage, Hint = "write `tests:` into transforms/<domain>/<table>.test.yaml" };
        if (failed > 0)
            throw new UserError($"{failed} of {Quantity.Count(passed + failed, "test")} failed");
        context.Messages.Success($"{Quantity.Count(passed, "test")} passed");
        return ExitCode.Done;
    }

    private IReadOnlyList<TransformTest> TestsOf(Transform transform)
    {
        var (folder, name) = (Path.GetDirectoryName(transform.File)!, Path.GetFileNameWithoutExtension(transform.File) + Ending);
        return File.Exists(Path.Combine(folder, name + ".yaml")) ? context.Project.Load<TransformTests>(Path.GetRelativePath(context.Project.Folder, folder), name).Tests : [];
    }

    private void Say(TransformTestResult result)
    {
        var what = $"`{result.Transform.Location.SqlName}`: {result.Test}";
        if (result.Passed)
            context.Messages.Info($"passed  {what}");
        else if (result.Error is { } error)
            context.Messages.Error(new($"{what}: {error.What}", error) { Where = error.Where, Hint = error.Hint });
        else
            context.Messages.Error(new($"{what}: other rows came than were expected") { Where = [.. result.Missing.Select(row => ("missing", row)), .. result.Unexpected.Select(row => ("unexpected", row))] });
    }
}
