using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine.Configuration;
using Xunit;

namespace Contracts.Tests.CommandLine.Configuration;

public sealed class ConfigurationTests : IDisposable
{
    private readonly SampleTool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Load_OfEveryKindOfValue_BindsIt()
    {
        _tool.Write("sample.yaml", """
            # a comment
            bucket: "s3://company-bronze"
            limit: 42
            ratio: 0.75
            memory: 1GiB
            every: 5m
            since: 2026-11-20
            mode: merge-rows
            on: true
            nothing: ~
            labels: {a: x, b: "2"}
            streams:
              - orders
              - name: lines
                key: [order_id, line]
            options:
              host: db
              port: 5432
              quoted: "5432"
              deep: [1, 2.5, true, null, text]
            """);
        var bound = await LoadAsync();
        Assert.Equal(("s3://company-bronze", 42, 0.75, 1L << 30), (bound.Bucket, bound.Limit, bound.Ratio, bound.Memory.Bytes));
        Assert.Equal((TimeSpan.FromMinutes(5), new DateOnly(2026, 11, 20), Mode.MergeRows, true), (bound.Every, bound.Since, bound.Mode, bound.On));
        Assert.Equal("2", bound.Labels["b"]);
        Assert.Equal([("orders", 0), ("lines", 2)], bound.Streams.Select(s => (s.Name.Value, s.Key.Count)));
        Assert.Equal(13, bound.Streams[0].Name.Place.Line);
        Assert.Equal("""{"host":"db","port":5432,"quoted":"5432","deep":[1,2.5,true,null,"text"]}""", bound.Options!.ToJsonString());
    }

    [Fact]
    public async Task Load_OfOneTextWhereAListIsMeant_IsAListOfOne()
    {
        _tool.Write("sample.yaml", "streams:\n  - {name: lines, key: order_id}\n  - {name: items, key: \"a, b\"}\n  - {name: rates, key: 'f(a, b)'}\n  - {name: all, key: }\n");
        Assert.Equal(["order_id", "a, b", "f(a, b)", ""], (await LoadAsync()).Streams.Select(stream => string.Join(';', stream.Key)));
        _tool.Write("sample.yaml", "streams: orders\n");
        Assert.Equal("orders", Assert.Single((await LoadAsync()).Streams).Name.Value);
    }

    [Fact]
    public async Task Load_WithoutAFile_IsAllDefaults() => Assert.Equal("file:///lake", (await LoadAsync()).Bucket);

    [Theory]
    [InlineData("lmit: 3", "`lmit` is not a known key", "line 1, column 1", "did you mean `limit`?")]
    [InlineData("limit: 3\nxyzzy: 1", "`xyzzy` is not a known key", "line 2, column 1", "known: `bucket`, `every`")]
    [InlineData("streams:\n  - nam: x", "`nam` is not a known key of `streams[0]`", "line 2, column 5", "did you mean `name`?")]
    [InlineData("streams:\n  - key: [a]", "`streams[0].name` is missing", "line 2, column 5", null)]
    [InlineData("limit: three", "`limit` must be a whole number, not `three`", "line 1, column 8", null)]
    [InlineData("limit: 1.5", "`limit` must be a whole number, not `1.5`", "line 1, column 8", null)]
    [InlineData("limit: 99999999999999", "`limit` must be a whole number, not `99999999999999`", "line 1, column 8", null)]
    [InlineData("limit: ", "`limit` has no value", "line 1, column 7", null)]
    [InlineData("limit: [1]", "`limit` must be a whole number, not a list", "line 1, column 8", null)]
    [InlineData("ratio: .nan", "`ratio` must be a number, not `.nan`", "line 1, column 8", null)]
    [InlineData("on: yes", "`on` must be true or false, not `yes`", "line 1, column 5", null)]
    [InlineData("mode: mergerow", "`mode` must be append or merge_rows, not `mergerow`", "line 1, column 7", "did you mean `merge_rows`?")]
    [InlineData("every: soon", "`every` must be a duration, not `soon`", "line 1, column 8", "write 500ms, 30s, 5m, 2h or 7d")]
    [InlineData("memory: -1", "`memory` must be a size, not `-1`", "line 1, column 9", "write 500MB, 1GiB or a number of bytes")]
    [InlineData("since: 2026-13-01", "`since` must be a date, not `2026-13-01`", "line 1, column 8", "write 2026-11-20")]
    [InlineData("streams: orders, lines", "`streams` must be a list, not `orders, lines`", "line 1, column 10", "write `[…, …]`, or quotes around one text with a comma")]
    [InlineData("streams: {name: orders}", "`streams` must be a list, not a mapping", "line 1, column 10", "a line with `- ` in front for each")]
    [InlineData("labels: [a]", "`labels` must be a mapping of `key: value` lines, not a list", "line 1, column 9", null)]
    [InlineData("options: 5", "`options` must be a mapping of `key: value` lines, not `5`", "line 1, column 10", null)]
    [InlineData("limit: 1\nlimit: 2", "`limit` is there twice", "line 2, column 1", "remove one of them")]
    [InlineData("streams:\n\t- a", "`sample.yaml` is not YAML: a line is indented with a tab", "line 2, column 1", "indent with spaces")]
    [InlineData("bucket: a: b", "is not YAML", "line 1", "needs quotes")]
    [InlineData("- a\n- b", "`sample.yaml` is not a list of `key: value` lines", "line 1, column 1", null)]
    [InlineData("a: 1\n---\nb: 2", "`sample.yaml` holds more than one YAML document", "line 2, column 1", null)]
    [InlineData("bucket: *nowhere", "the alias `*nowhere` has no anchor", "line 1, column 9", null)]
    [InlineData("? [a]\n: b", "a key must be a plain text", "line 1", null)]
    [InlineData("limit: !!int x", "`limit` must be a whole number, not `x`", "line 1, column 8", null)]
    public async Task Load_OfAWrongFile_SaysWhatAndWhere(string yaml, string what, string where, string? hint)
    {
        _tool.Write("sample.yaml", yaml);
        var error = await Assert.ThrowsAsync<UserError>(LoadAsync);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(what, error.What, StringComparison.Ordinal);
        Assert.Contains($"sample.yaml, {where}", error.Where[0].Value, StringComparison.Ordinal);
        if (hint is null)
            Assert.Null(error.Hint == "a text with `:`, `#`, `{` or `*` in it needs quotes" ? null : error.Hint);
        else
            Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OfAFileThatIsNotText_SaysSo()
    {
        File.WriteAllBytes(Path.Combine(_tool.WorkingFolder, "sample.yaml"), [0x62, 0x75, 0xff, 0xfe]);
        Assert.Equal("`sample.yaml` is not UTF-8 text", (await Assert.ThrowsAsync<UserError>(LoadAsync)).What);
    }

    [Fact]
    public async Task Load_OfAFileThatMultipliesItself_IsRefused()
    {
        _tool.Write("sample.yaml", "a: &a [x]\n" + string.Concat("bcdefgh".Select((c, i) => $"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 10))}]\n")) + "options: {z: *h}\n");
        await Assert.ThrowsAsync<UserError>(LoadAsync);
    }

    private Task<SampleConfiguration> LoadAsync() => _tool.LoadAsync("act", p => p.Load<SampleConfiguration>());
}
