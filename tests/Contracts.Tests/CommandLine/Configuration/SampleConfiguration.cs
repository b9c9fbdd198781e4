using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine.Configuration;

namespace Contracts.Tests.CommandLine.Configuration;

public sealed record SampleConfiguration
{
    public string Bucket { get; init; } = "file:///lake";
    public int Limit { get; init; }
    public double Ratio { get; init; }
    public ByteSize Memory { get; init; }
    public TimeSpan? Every { get; init; }
    public DateOnly? Since { get; init; }
    public Mode Mode { get; init; }
    public bool On { get; init; }
    public string? Nothing { get; init; } = "something";
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<SampleStream> Streams { get; init; } = [];
    public JsonObject? Options { get; init; }
}

[ConfigurationShorthand(nameof(Name))]
public sealed record SampleStream(Located<string> Name, IReadOnlyList<string>? KeyColumns = null)
{
    [ConfigurationKey("key")]
    public IReadOnlyList<string> Key { get; init; } = [];
}

public enum Mode
{
    Append,
    MergeRows,
}

internal static class SampleToolConfiguration
{
    /// <summary>Runs a command line whose command reads the project; throws what it threw.</summary>
    public static async Task<T> LoadAsync<T>(this SampleTool tool, string line, Func<Project, T> read)
    {
        (T Value, Exception? Error) result = default;
        tool.Handler = c =>
        {
            try
            {
                result.Value = read(c.Project);
            }
            catch (UserError error)
            {
                result.Error = error;
            }
            return Task.FromResult(ExitCode.Done);
        };
        var outcome = await tool.RunAsync(line);
        Xunit.Assert.Equal("---\n--- 0", outcome.ToString());
        return result.Error is null ? result.Value : throw result.Error;
    }
}
