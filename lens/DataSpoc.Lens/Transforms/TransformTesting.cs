using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Transforms;

namespace DataSpoc.Lens.Transforms;

/// <summary><c>lens transform test</c>: unit tests beside the SQL, in <c>transforms/&lt;domain&gt;/&lt;table&gt;.test.yaml</c>.</summary>
internal sealed class TransformTesting(GoldProject project)
{
    private const string Ending = ".test";

    public ExitCode Run()
    {
        using var folder = new TemporaryFolder("tests");
        var run = new TransformTestRun(project.Database.Options, folder.Path);
        using var rows = project.Context.OutputGiven ? project.Context.Rows([new("table"), new("test"), new("status"), new("missing"), new("unexpected"), new("error")]) : null;
        var (passed, failed) = (0, 0);
        foreach (var one in project.Planned)
            foreach (var test in TestsOf(one.Transform))
            {
                var result = run.Run(one, test, project.Context.Cancel);
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
        project.Context.Messages.Success($"{Quantity.Count(passed, "test")} passed");
        return ExitCode.Done;
    }

    private IReadOnlyList<TransformTest> TestsOf(Transform transform)
    {
        var (folder, name) = (Path.GetDirectoryName(transform.File)!, Path.GetFileNameWithoutExtension(transform.File) + Ending);
        return File.Exists(Path.Combine(folder, name + ".yaml")) ? project.Context.Project.Load<TransformTests>(Path.GetRelativePath(project.Context.Project.Folder, folder), name).Tests : [];
    }

    private void Say(TransformTestResult result)
    {
        var what = $"`{result.Transform.Location.SqlName}`: {result.Test}";
        if (result.Passed)
            project.Context.Messages.Info($"passed  {what}");
        else if (result.Error is { } error)
            project.Context.Messages.Error(new($"{what}: {error.What}", error) { Where = error.Where, Hint = error.Hint });
        else
            project.Context.Messages.Error(new($"{what}: other rows came than were expected") { Where = [.. result.Missing.Select(row => ("missing", row)), .. result.Unexpected.Select(row => ("unexpected", row))] });
    }
}
