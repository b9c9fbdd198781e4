using DataSpoc.Contracts;
using Xunit;

namespace Contracts.Tests.CommandLine.Configuration;

public sealed class LayerTests : IDisposable
{
    private readonly SampleTool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Load_WithOverlayAndSettings_TakesTheUppermost()
    {
        _tool.Write("sample.yaml", "bucket: file:///dev\nlimit: 1\nlabels: {a: 1, b: 2}\nstreams: [x, y]");
        _tool.Write("env/prod.yaml", "bucket: s3://prod\nlabels: {b: 3, c: 4}\nstreams: [z]");
        var bound = await LoadAsync("act --env prod --set limit=7 --set labels.c=5 --set options.list=[1,two] --set mode=merge_rows");
        Assert.Equal(("s3://prod", 7, Mode.MergeRows), (bound.Bucket, bound.Limit, bound.Mode));
        Assert.Equal("a=1 b=3 c=5", string.Join(' ', bound.Labels.Select(l => $"{l.Key}={l.Value}")));
        Assert.Equal(["z"], bound.Streams.Select(s => s.Name.Value));
        Assert.Equal("""{"list":[1,"two"]}""", bound.Options!.ToJsonString());
    }

    [Fact]
    public async Task Load_OfAMember_IsReachedThroughItsFolderAndName()
    {
        _tool.Write("pipelines/shop.yaml", "bucket: s3://a\nlimit: 1");
        _tool.Write("env/prod.yaml", "limit: 9\npipelines:\n  shop:\n    bucket: s3://b");
        var member = await _tool.LoadAsync("act --env prod --set pipelines.shop.limit=5", p => p.Load<SampleConfiguration>("pipelines", "shop"));
        Assert.Equal(("s3://b", 5), (member.Bucket, member.Limit));
        Assert.Equal(9, (await LoadAsync("act --env prod --set bucket=x")).Limit);
    }

    [Theory]
    [InlineData("act --env prud", "there is no `env/prud.yaml`", "did you mean `--env prod`?")]
    [InlineData("act --set limit", "`limit` is not `key=value`", "write `--set a.b=c`")]
    [InlineData("act --set a..b=1", "`a..b=1` is not `key=value`", "write `--set a.b=c`")]
    [InlineData("act --set lmit=1", "`lmit` is not a known key", "did you mean `limit`?")]
    [InlineData("act --set pipelines.shp.limit=1", "`pipelines.shp` overrides a file that is not there", "did you mean `pipelines.shop`?")]
    [InlineData("act --project nowhere", "`nowhere` is not a folder", null)]
    public async Task Load_WithAWrongLayer_SaysWhichOne(string line, string what, string? hint)
    {
        _tool.Write("sample.yaml", "limit: 1");
        _tool.Write("env/prod.yaml", "limit: 2");
        _tool.Write("pipelines/shop.yaml", "limit: 3");
        var error = await Assert.ThrowsAsync<UserError>(() => LoadAsync(line));
        Assert.Equal((what, hint, ExitCode.Usage), (error.What, error.Hint, error.ExitCode));
        Assert.Equal("option", error.Where[0].Label);
    }

    [Theory]
    [InlineData("shp", "did you mean `shop`?")]
    [InlineData("zzz", "there is `shop`")]
    [InlineData("../sample", "there is `shop`")]
    public async Task Load_OfAMemberThatIsNotThere_NamesTheNearest(string name, string hint)
    {
        _tool.Write("sample.yaml", "limit: 1");
        _tool.Write("pipelines/shop.yaml", "limit: 3");
        var error = await Assert.ThrowsAsync<UserError>(() => _tool.LoadAsync("act", p => p.Load<SampleConfiguration>("pipelines", name)));
        Assert.Equal(($"there is no `pipelines/{name}.yaml`", hint), (error.What, error.Hint));
    }

    [Fact]
    public async Task Project_IsTheOptionOrTheWorkingFolderOrTheHomeFolder()
    {
        Assert.Equal(Path.Combine(_tool.HomeFolder, ".dataspoc", "sample"), await _tool.LoadAsync("act", p => p.Folder));
        _tool.Write("other/x", "");
        Assert.Equal(Path.Combine(_tool.WorkingFolder, "other"), await _tool.LoadAsync("act --project other", p => p.Folder));
        _tool.Write("sample.yaml", "");
        Assert.Equal(_tool.WorkingFolder, await _tool.LoadAsync("act", p => p.Folder));
    }

    [Theory]
    [InlineData("${HOST}", "db.local")]
    [InlineData("x-${HOST}:${PORT:-5432}/${EMPTY:-none}${EMPTY}", "x-db.local:5432/none")]
    [InlineData("$${HOST} costs $5", "${HOST} costs $5")]
    public async Task Variables_InAValue_AreReplaced(string text, string expected)
    {
        _tool.Variables["HOST"] = "db.local";
        _tool.Variables["EMPTY"] = "";
        _tool.Write("sample.yaml", $"bucket: \"{text}\"");
        Assert.Equal(expected, (await LoadAsync("act")).Bucket);
    }

    [Theory]
    [InlineData("limit: 1\nbucket: s3://${BUCKET}", "the environment variable `BUCKET` is not set", "sample.yaml, line 2, column 9", "set it (`export BUCKET=…`), or give a default: `${BUCKET:-…}`")]
    [InlineData("bucket: ${BUCKET", "`${` has no `}` after it", "sample.yaml, line 1, column 9", "write `$${` for a literal `${`")]
    [InlineData("bucket: ${1-2}", "`${1-2}` is not a variable", "sample.yaml, line 1, column 9", "write `${NAME}` or `${NAME:-default}`")]
    public async Task Variables_ThatCannotBeReplaced_AreNamedWithTheirLine(string yaml, string what, string where, string hint)
    {
        _tool.Write("sample.yaml", yaml);
        var error = await Assert.ThrowsAsync<UserError>(() => LoadAsync("act"));
        Assert.Equal((what, where, hint), (error.What, error.Where[0].Value, error.Hint));
    }

    [Fact]
    public async Task Secrets_AreNeverShown()
    {
        _tool.Variables["DB_PASSWORD"] = "hunter2";
        _tool.Write("sample.yaml", "limit: ${DB_PASSWORD}\noptions: {url: 'pg://u:${DB_PASSWORD}@h', api_token: literal, user: u, port: '${PORT:-5}'}");
        var shown = await _tool.LoadAsync("act", p => p.Effective().ToJsonString());
        Assert.Equal("""{"limit":"***","options":{"url":"***","api_token":"***","user":"u","port":"5"}}""", shown);
        var error = await Assert.ThrowsAsync<UserError>(() => LoadAsync("act"));
        Assert.Equal("`limit` must be a whole number, not `value of ${DB_PASSWORD}`", error.What);
    }

    private Task<SampleConfiguration> LoadAsync(string line) => _tool.LoadAsync(line, p => p.Load<SampleConfiguration>());
}
