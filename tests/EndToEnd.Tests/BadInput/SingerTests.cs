using Xunit;

namespace EndToEnd.Tests.BadInput;

/// <summary>A tap that does not speak Singer: the line is named, and nothing of its streams is in the bucket.</summary>
public sealed class SingerTests : IDisposable
{
    private const string Schema = """{"type":"SCHEMA","stream":"x","schema":{"properties":{"a":{"type":"integer"}}},"key_properties":[]}""" + "\n";
    private const string Record = """{"type":"RECORD","stream":"x","record":{"a":1}}""" + "\n";
    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public SingerTests() => _lake = Lake.In(_folder);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Bad { get; } = new()
    {
        { "INFO starting\n", ["line 1 of stdin is not JSON: INFO starting", "hint: a tap writes nothing but Singer messages"] },
        { Record, ["RECORD of `x` before its SCHEMA in line 1 of stdin", "hint: "] },
        { Schema + Record + "{\"type\":\"REC", ["line 3 of stdin is not JSON"] },
        { Schema + Record + "garbage\n" + Record, ["line 3 of stdin is not JSON: garbage"] },
        { Schema + Record + """{"type":"RECORD","stream":"x","record":{"a":"twelve"}}""" + "\n", ["`x.a` is not a whole number in line 3 of stdin: \"twelve\"", "hint: "] },
        { """{"type":"SCHEMA","stream":"x"}""" + "\n", ["SCHEMA of `x` without a schema in line 1 of stdin"] },
        { "[1,2]\n", ["line 1 of stdin"] },
        { """{"type":"NEWS","stream":"x"}""" + "\n", ["NEWS", "line 1 of stdin"] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Ingest_OfGarbage_NamesTheLine_AndCommitsNothing(string messages, string[] says)
    {
        var run = await IngestAsync(messages);
        Assert.True(run.ExitCode == 1, run.ToString());
        foreach (var part in says)
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        Assert.False(Directory.Exists(Path.Combine(_lake.Path, "raw")));
        var staging = Path.Combine(_lake.Path, ".dataspoc", "staging");
        Assert.Empty(Directory.Exists(staging) ? Directory.GetFiles(staging, "*", SearchOption.AllDirectories) : []);

        var good = await IngestAsync(Schema + Record + Record);
        Assert.True(good.ExitCode == 0, good.ToString());
        Assert.Equal("2", await _lake.RowsAsync("select count(*) from raw.tap_x"));
    }

    private Task<ToolRun> IngestAsync(string messages) => ToolProcess.RunAsync("pipe", ["ingest", "-", "--source", "tap", "--to", _lake.Bucket], folder: _folder.Path, input: messages);
}
