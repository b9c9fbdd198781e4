using System.Diagnostics;
using Pipe.Tests.Sources.Http;

namespace Pipe.Tests.Commands;

/// <summary>A run that is killed leaves temporary folders, which the next run takes away.</summary>
public sealed class KilledRunFoldersTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Ingest_AfterARunThatWasKilled_LeavesNothingOfBoth()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_lake.Folder, "tmp")).FullName;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        IReadOnlyList<string> held = [];
        await using var api = new ApiServer(_ =>
        {
            if (held.Count > 0)
                return new("""[{"id": 1}]""");
            held = Left();
            started.Task.Result.Kill();
            return new("", 500);
        });
        _lake.Write("pipe.yaml", "");
        _lake.Write("pipelines/api.yaml", $"source: {{http: {{url: {api.Url}, streams: orders}}}}\nincremental: true\nschedule: '0 6 * * *'\ndestination: '{_lake.Bucket}'\n");
        using var first = Start();
        started.SetResult(first);
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, first.ExitCode);
        Assert.NotEmpty(held);
        Assert.Equal(held, Left());

        using var second = Start();
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, second.ExitCode);
        Assert.Empty(Left());
        Assert.Equal(["1"], _lake.Rows("select id from $files", "raw/api/orders"));

        IReadOnlyList<string> Left() => [.. Directory.GetDirectories(temporary, "dataspoc-*").Order(StringComparer.Ordinal)];
        Process Start()
        {
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pipe"), ["ingest", "api"]) { WorkingDirectory = _lake.Folder, RedirectStandardError = true };
            (start.Environment["HOME"], start.Environment["TMPDIR"]) = (_lake.Folder, temporary);
            return Process.Start(start)!;
        }
    }
}
