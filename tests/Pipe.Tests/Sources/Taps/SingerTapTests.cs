using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.Taps;
using Xunit;

namespace Pipe.Tests.Sources.Taps;

public sealed class SingerTapTests : IDisposable
{
    private const string Orders = """
        echo '{"type": "SCHEMA", "stream": "orders", "key_properties": ["id"], "schema": {"properties": {"id": {"type": "integer"}}}}'
        echo '{"type": "RECORD", "stream": "orders", "record": {"id": 1}}'
        echo '{"type": "STATE", "value": {"at": 1}}'
        """;

    private const string Catalog = """
        if [ "$1" = --discover ] || [ "$3" = --discover ]; then
          echo '{"streams": [{"tap_stream_id": "shop-orders", "stream": "orders", "schema": {}, "metadata": [{"breadcrumb": [], "metadata": {"inclusion": "available"}}]}, {"tap_stream_id": "users", "schema": {}}]}'
          exit 0
        fi
        """;

    private readonly RecordingSink sink = new();
    private TapScript script = new("exit 0");

    public void Dispose() => script.Dispose();

    [Fact]
    public async Task Read_Tap_GivesItsRecords()
    {
        var summary = await ReadAsync(Orders);
        Assert.Equal(["schema orders: id BIGINT key", "row orders: id=1", """state {"at": 1}"""], sink.Events);
        Assert.Equal(1, Assert.Single(summary.Streams).Records);
    }

    [Fact]
    public async Task Read_ConfigAndState_AreFilesOfThisUserOnlyAndGoneAfterwards()
    {
        await ReadAsync(
            """
            echo "$@" > arguments; cp "$2" config; cp "$4" state; stat -c %a "$2" "$4" "$(dirname "$2")" > modes
            """ + "\n" + Orders,
            settings => settings with { Config = TapScript.Config, State = Encoding.UTF8.GetBytes("""{"at":   0}""") });
        var arguments = File.ReadAllText(script.In("arguments")).TrimEnd().Split(' ');
        Assert.Equal(["--config", "--state"], arguments.Where((_, i) => i % 2 == 0));
        Assert.Equal("""{"user":"ann","password":"s3cr3t-of-ann"}""", File.ReadAllText(script.In("config")));
        Assert.Equal("""{"at":   0}""", File.ReadAllText(script.In("state")));
        Assert.Equal("600\n600\n700\n", File.ReadAllText(script.In("modes")));
        Assert.False(Directory.Exists(Path.GetDirectoryName(arguments[1])));
    }

    [Fact]
    public async Task Read_TapThatFails_LeavesNoSecretBehind()
    {
        var error = await FailureAsync(
            """
            dirname "$2" > where; echo "connecting as $(cat "$2")" >&2; echo "CRITICAL password s3cr3t-of-ann is wrong" >&2; exit 3
            """,
            settings => settings with { Config = TapScript.Config });
        Assert.Equal("`tap-script` failed with exit code 3: CRITICAL password *** is wrong", error.What);
        Assert.Equal(ExitCode.Failed, error.ExitCode);
        Assert.DoesNotContain(error.Where, w => w.Value.Contains("s3cr3t", StringComparison.Ordinal));
        Assert.False(Directory.Exists(File.ReadAllText(script.In("where")).TrimEnd()));
    }

    [Fact]
    public async Task Read_ConfigPath_IsGivenAsItIs()
    {
        await ReadAsync("cat \"$2\" > seen\n" + Orders, settings =>
        {
            File.WriteAllText(Path.Combine(settings.Folder, "my config.json"), "{}");
            return settings with { Config = JsonValue.Create("my config.json") };
        });
        Assert.Equal("{}", File.ReadAllText(script.In("seen")));
    }

    [Fact]
    public async Task Read_ConfigPathThatIsNotThere_IsAnError()
    {
        var error = await FailureAsync(Orders, settings => settings with { Config = JsonValue.Create("none.json") });
        Assert.Equal("the config of `tap-script` is not there: `none.json`", error.What);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public async Task Read_CommandWithShellCharacters_IsNotAShellCommand()
    {
        await ReadAsync("printf '%s\\n' \"$@\" > arguments\n" + Orders, settings => settings with { Command = "./tap-script --name $(touch hacked) ; touch hacked" });
        Assert.Equal("--name\n$(touch\nhacked)\n;\ntouch\nhacked\n", File.ReadAllText(script.In("arguments")));
        Assert.False(File.Exists(script.In("hacked")));
    }

    [Theory]
    [InlineData("tap-that-nobody-has")]
    [InlineData("./tap-that-nobody-has")]
    public async Task Read_ProgramThatIsNotThere_IsAnError(string command)
    {
        var error = await FailureAsync(Orders, settings => settings with { Command = command });
        Assert.Equal($"`{command}` was not found", error.What);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("pipx install tap-that-nobody-has", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_TapThatFloodsStderr_IsNotBlocked()
    {
        var lines = 0L;
        await ReadAsync(
            "i=0; while [ $i -lt 3000 ]; do echo 'a line of a log that nobody asked for, again and again, until the pipe is full' >&2; i=$((i+1)); done\n" + Orders,
            settings => settings with { Log = _ => Interlocked.Increment(ref lines) });
        Assert.Equal(3000, lines);
        Assert.Single(sink.Rows["orders"]);
    }

    [Fact]
    public async Task Read_TapThatFailsInTheMiddle_FailsButKeepsWhatItAcknowledged()
    {
        var error = await FailureAsync(Orders + "\nseq 1 40 >&2\nprintf '{\"type\": \"RECORD\", \"str'\nexit 1");
        Assert.Equal("`tap-script` failed with exit code 1", error.What);
        Assert.Equal(Enumerable.Range(26, 15).Select(i => $"{i}"), error.Where.Where(w => w.Label == "stderr").Select(w => w.Value));
        Assert.Equal("""state {"at": 1}""", sink.Events[^1]);
    }

    [Fact]
    public async Task Read_GarbageFromATapThatGoesOn_EndsTheTap()
    {
        var error = await FailureAsync("echo hello\nexec sleep 600");
        Assert.Equal("line 1 of tap-script is not JSON: hello", error.What);
    }

    [Fact]
    public async Task Read_GarbageFromATapThatDoesNotWantToEnd_KillsIt()
    {
        var error = await FailureAsync("trap '' TERM\necho $$ > pid\necho hello\nwhile :; do sleep 1; done", settings => settings with { Grace = TimeSpan.FromMilliseconds(50) });
        Assert.Equal("line 1 of tap-script is not JSON: hello", error.What);
        Assert.False(Directory.Exists("/proc/" + File.ReadAllText(script.In("pid")).TrimEnd()));
    }

    [Fact]
    public async Task Read_TapThatHangs_IsEndedAndKeepsWhatItAcknowledged()
    {
        var error = await FailureAsync(Orders + "\necho $$ > pid\nexec sleep 600", settings => settings with { IdleTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal("`tap-script` has written nothing for 0.3 s", error.What);
        Assert.Contains("timeouts.idle", error.Hint, StringComparison.Ordinal);
        Assert.Equal("""state {"at": 1}""", sink.Events[^1]);
        Assert.False(Directory.Exists("/proc/" + File.ReadAllText(script.In("pid")).TrimEnd()));
    }

    [Fact]
    public async Task Read_TapThatRunsTooLong_IsEnded()
    {
        var error = await FailureAsync(
            Orders + "\nwhile :; do echo '{\"type\": \"STATE\", \"value\": {\"at\": 2}}'; sleep 0.05; done",
            settings => settings with { TotalTimeout = TimeSpan.FromMilliseconds(500) });
        Assert.Equal("`tap-script` has run for longer than 0.5 s", error.What);
        Assert.Contains("timeouts.total", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_LineLongerThanTheLimit_IsRefusedWithoutBeingHeld()
    {
        var error = await FailureAsync(
            Orders + "\nprintf '{\"type\": \"RECORD\", \"stream\": \"orders\", \"record\": {\"id\": \"'; exec cat /dev/zero",
            settings => settings with { Reading = settings.Reading with { MaxLineBytes = 1 << 20 } });
        Assert.Equal("line 4 of tap-script is longer than 1,048,576 bytes", error.What);
    }

    [Fact]
    public async Task Discover_Catalog_TellsColumnsKeysAndCursor()
    {
        script = new TapScript("""
            echo '{"streams": [
              {"tap_stream_id": "shop-orders", "stream": "orders", "schema": {"properties": {"id": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}, "secret": {"type": "string"}}},
               "metadata": [{"breadcrumb": [], "metadata": {"table-key-properties": ["id"], "replication-key": "at", "valid-replication-keys": ["at", "id"], "row-count": 12}},
                            {"breadcrumb": ["properties", "secret"], "metadata": {"inclusion": "unsupported"}}]},
              {"tap_stream_id": "broken", "schema": {"type": "object"}}]}'
            """);
        var streams = await new SingerTap(script.Settings).DiscoverAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["id BIGINT", "at TIMESTAMP WITH TIME ZONE"], streams[0].Schema.Columns.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(["id"], streams[0].Schema.KeyProperties);
        Assert.Equal(("orders", "at", 12L), (streams[0].Schema.Stream, streams[0].Cursor, streams[0].EstimatedRows));
        Assert.Equal(["at", "id"], streams[0].CursorCandidates);
        Assert.Equal("broken", streams[1].Schema.Stream);
        Assert.NotNull(streams[1].Unreadable);
    }

    [Fact]
    public async Task First_StreamsOfATap_StopsThemWhenTheyHaveGivenEnough()
    {
        script = new TapScript(Catalog + "\n" + """
            echo '{"type": "SCHEMA", "stream": "orders", "schema": {"properties": {"id": {"type": "integer"}}}}'
            i=0; while :; do i=$((i+1)); echo "{\"type\": \"RECORD\", \"stream\": \"orders\", \"record\": {\"id\": $i}}"; done
            """);
        var summary = await new SingerTap(script.Settings with { Config = TapScript.Config, Streams = new HashSet<string> { "orders" } }).First(3).ReadAsync(sink, TestContext.Current.CancellationToken);
        Assert.Equal(["id=1", "id=2", "id=3"], sink.Rows["orders"]);
        Assert.Equal(3, Assert.Single(summary.Streams).Records);
        Assert.Empty(sink.States);
    }

    [Fact]
    public async Task Read_Cancelled_PassesSigtermOn()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = new CancellingSink(cancel);
        script = new TapScript("trap 'echo told > told; exit 0' TERM\n" + Orders + "\nwhile :; do sleep 0.05; done");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SingerTap(script.Settings).ReadAsync(waiting, cancel.Token));
        Assert.True(File.Exists(script.In("told")));
    }

    [Fact]
    public async Task Read_StreamsOfATapThatDiscovers_AreSelectedInItsCatalog()
    {
        await ReadAsync(
            Catalog + "\n" + """
            cp "$4" catalog
            echo '{"type": "SCHEMA", "stream": "users", "schema": {"properties": {"id": {"type": "integer"}}}}'
            echo '{"type": "RECORD", "stream": "users", "record": {"id": 1}}'
            """ + "\n" + Orders,
            settings => settings with { Config = TapScript.Config, Streams = new HashSet<string> { "shop-orders" } });
        var streams = JsonNode.Parse(File.ReadAllText(script.In("catalog")))!["streams"]!.AsArray();
        Assert.Equal([true, false], streams.Select(s => s!["metadata"]![0]!["metadata"]!["selected"]!.GetValue<bool>()));
        Assert.Equal(["orders"], sink.Rows.Keys);
    }

    [Fact]
    public async Task Read_StreamThatTheTapDoesNotHave_IsAnError()
    {
        var error = await FailureAsync(Catalog + "\n" + Orders, settings => settings with { Streams = new HashSet<string> { "order" } });
        Assert.Equal("`tap-script` has no stream `order`", error.What);
        Assert.Equal([("streams", "orders, users")], error.Where);
    }

    [Fact]
    public async Task Read_StreamsOfATapThatDoesNotDiscover_AreFiltered()
    {
        await ReadAsync(
            """
            [ "$1" = --discover ] && { echo "unknown option" >&2; exit 2; }
            echo "$@" > arguments
            echo '{"type": "SCHEMA", "stream": "users", "schema": {"properties": {"id": {"type": "integer"}}}}'
            """ + "\n" + Orders,
            settings => settings with { Streams = new HashSet<string> { "orders" } });
        Assert.Equal("\n", File.ReadAllText(script.In("arguments")));
        Assert.Equal(["orders"], sink.Rows.Keys);
    }

    [Fact]
    public async Task Read_CatalogPath_IsGivenByTheOptionTheTapKnows()
    {
        await ReadAsync("echo \"$1 $(basename \"$2\")\" > arguments\n" + Orders, settings =>
        {
            File.WriteAllText(Path.Combine(settings.Folder, "catalog.json"), "{}");
            return settings with { Catalog = "catalog.json", CatalogOption = "--properties" };
        });
        Assert.Equal("--properties catalog.json\n", File.ReadAllText(script.In("arguments")));
    }

    private Task<SourceSummary> ReadAsync(string tap, Func<TapSettings, TapSettings>? change = null)
    {
        script.Dispose();
        script = new TapScript(tap);
        return new SingerTap(change?.Invoke(script.Settings) ?? script.Settings).ReadAsync(sink, TestContext.Current.CancellationToken);
    }

    private Task<UserError> FailureAsync(string tap, Func<TapSettings, TapSettings>? change = null) => Assert.ThrowsAsync<UserError>(() => ReadAsync(tap, change));

    /// <summary>Asks for the end at the first bookmark.</summary>
    private sealed class CancellingSink(CancellationTokenSource source) : ISourceSink
    {
        private readonly RecordingSink inner = new();

        public ValueTask SchemaAsync(StreamSchema schema, CancellationToken cancel) => inner.SchemaAsync(schema, cancel);

        public DataSpoc.Contracts.DuckDb.DataChunk Rent(StreamSchema schema, CancellationToken cancel) => inner.Rent(schema, cancel);

        public ValueTask RowsAsync(StreamSchema schema, DataSpoc.Contracts.DuckDb.DataChunk rows, long? version, CancellationToken cancel) => inner.RowsAsync(schema, rows, version, cancel);

        public async ValueTask StateAsync(ReadOnlyMemory<byte> state, bool complete, CancellationToken cancel) => await source.CancelAsync();

        public ValueTask ActivateVersionAsync(string stream, long version, CancellationToken cancel) => default;

        public ValueTask FailedAsync(string stream, UserError error, CancellationToken cancel) => throw error;
    }
}
