using Pipe.Tests.Commands;

namespace Pipe.Tests.Ingestion;

/// <summary>A pipeline <c>shop</c> whose tap prints what a test gives it.</summary>
internal sealed class Shop : IDisposable
{
    public const string Schema = """{"type":"SCHEMA","stream":"orders","schema":{"properties":{"id":{"type":"integer"},"amount":{"type":["null","number"],"multipleOf":0.01},"day":{"type":["null","string"],"format":"date"},"email":{"type":["null","string"]}}},"key_properties":["id"]}""";

    public PipeLake Lake { get; } = new();

    /// <summary>The folder of the table's files, for <see cref="PipeLake.Rows"/>.</summary>
    public const string Orders = "raw/shop/orders";

    /// <param name="tables">What the pipeline says of its tables, in YAML on one line: <c>orders: {mode: merge}</c>.</param>
    public Shop(string tables)
    {
        var tap = Lake.Write("tap.sh", $"#!/bin/sh\ncat {Lake.Folder}/messages.singer\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tap, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Lake.Write("pipe.yaml", $"bucket: {Lake.Bucket}\n");
        Configure(tables);
    }

    public void Configure(string tables) => Lake.Write("pipelines/shop.yaml", $"source: {{tap: {Lake.Folder}/tap.sh, name: shop}}\nincremental: {{enabled: true}}\ntables: {{{tables}}}\n");

    /// <summary>Runs the pipeline over messages; lines that begin with an object without type are records of orders.</summary>
    public async Task<PipeRun> RunAsync(string[] messages, string options = "")
    {
        Lake.Write("messages.singer", string.Join('\n', messages.Select(Message)) + "\n");
        return await Lake.RunAsync($"ingest shop{(options.Length == 0 ? "" : " " + options)} --project {Lake.Folder}");
    }

    public async Task<PipeRun> DoAsync(params string[] messages)
    {
        var run = await RunAsync(messages);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    public IReadOnlyList<string> Rows(string sql) => Lake.Rows(sql, Orders);

    public void Dispose() => Lake.Dispose();

    private static string Message(string line) => line.Contains("\"type\"", StringComparison.Ordinal) ? line : $"{{\"type\":\"RECORD\",\"stream\":\"orders\",\"record\":{line}}}";
}
