using Xunit;

namespace Lens.Tests.Sql;

/// <summary>What only a process of its own can show: signals and pipes.</summary>
public sealed class ProcessTests
{
    private static readonly Dictionary<string, string?> s_none = [];

    [Fact]
    public async Task Sql_CtrlCDuringAQuery_EndsItWith130()
    {
        using var lens = LensExecutable.Start(s_none, "sql", "select repeat('x', 1000) as range from range(100000000000) where range < 5000 or hash(range) = 1", "-o", "csv");
        // the first rows show that the query runs
        Assert.Equal("range", await lens.Out.ReadLineAsync(TestContext.Current.CancellationToken));

        lens.PressCtrlC();
        var outcome = await lens.EndAsync();

        Assert.Equal(130, outcome.Exit);
        Assert.Contains("interrupted", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_ReaderOfStdoutGoes_EndsQuietly()
    {
        using var lens = LensExecutable.Start(s_none, "sql", "select range as n from range(100000000)", "-o", "csv");
        Assert.Equal("n", await lens.Out.ReadLineAsync(TestContext.Current.CancellationToken));

        lens.Out.Close();
        var (exit, error) = await lens.EndWithoutOutputAsync();

        Assert.Equal((0, ""), (exit, error));
    }
}
