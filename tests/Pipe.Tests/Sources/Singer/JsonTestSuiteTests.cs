using System.Text;
using DataSpoc.Contracts;
using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

/// <summary>
/// Nicolas Seriot's JSONTestSuite: <c>y_</c> must be accepted, <c>n_</c> refused, <c>i_</c> is free as long as nothing breaks. Files that
/// hold a line end are several lines to a tap and are tried as records only where they hold none.
/// </summary>
public sealed class JsonTestSuiteTests
{
    private const string Folder = "json/JSONTestSuite/test_parsing";

    /// <summary>What Singer allows less of: nothing here. What a line cannot hold: a raw line end.</summary>
    private static bool IsOneLine(byte[] text) => !text.Contains((byte)'\n');

    [Fact]
    public async Task Read_SuiteAsRecordPayload_AcceptsAndRefusesAsTheSuiteSays()
    {
        var wrong = new List<string>();
        var tried = 0;
        foreach (var file in Directory.EnumerateFiles(SharedData.Require(Folder), "*.json"))
        {
            var name = Path.GetFileName(file);
            var payload = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            if (!IsOneLine(payload) || payload.AsSpan().StartsWith("\uFEFF"u8))
                continue;
            tried++;
            var sink = new RecordingSink();
            var accepted = await AcceptsAsync(sink, [.. Encoding.UTF8.GetBytes(Schema("a", "{}") + "\n"), .. Before, .. payload, .. After]);
            if (name[0] != 'i' && accepted != (name[0] == 'y'))
                wrong.Add($"{name}: {(accepted ? "accepted" : "refused")}");
            if (accepted)
                Assert.Equal("a=" + Encoding.UTF8.GetString(payload).Trim(' ', '\t', '\r'), Assert.Single(sink.Rows["s"]));
        }
        Assert.Empty(wrong);
        Assert.InRange(tried, 250, 400);
    }

    [Fact]
    public async Task Read_SuiteAsLines_AcceptsNone()
    {
        foreach (var file in Directory.EnumerateFiles(SharedData.Require(Folder), "*.json"))
        {
            var sink = new RecordingSink();
            byte[] line = [.. await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), (byte)'\n'];
            var accepted = await AcceptsAsync(sink, line);
            Assert.False(accepted, Path.GetFileName(file));
            Assert.Empty(sink.Events);
        }
    }

    private static byte[] Before => Encoding.UTF8.GetBytes("""{"type": "RECORD", "stream": "s", "record": {"a": """);

    private static byte[] After => Encoding.UTF8.GetBytes("}}\n");

    private static async Task<bool> AcceptsAsync(RecordingSink sink, byte[] bytes)
    {
        try
        {
            await ReadAsync(sink, Options, bytes);
            return sink.Failures.Count == 0;
        }
        catch (UserError error)
        {
            Assert.Contains("of tap-test", error.What, StringComparison.Ordinal);
            return false;
        }
    }
}
