using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace DataSpoc.Tests.Bench;

/// <summary>Queries of an agent through one session of <c>lens mcp</c>: its memory does not grow with their number.</summary>
internal static class AgentBenchmark
{
    private const int Warm = 200;
    private const int Queries = 100;
    private const long Growth = 30_000_000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var bucket = $"file://{folder.Path}/lake-agent";
        await MountBenchmark.MakeAsync(bucket, 20);
        using var lens = Process.Start(new ProcessStartInfo("lens", ["mcp", "--bucket", bucket]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = lens.StandardError.ReadToEndAsync();
        await AskAsync(lens, 0, "initialize", new() { ["protocolVersion"] = "2025-06-18", ["capabilities"] = new JsonObject(), ["clientInfo"] = new JsonObject { ["name"] = "bench", ["version"] = "0" } });
        await lens.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        for (var i = 0; i < Warm; i++)
            await QueryAsync(lens, i + 1);
        var before = Resident(lens.Id);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Queries; i++)
            await QueryAsync(lens, Warm + i + 1);
        var seconds = clock.Elapsed.TotalSeconds;
        var after = Resident(lens.Id);
        lens.StandardInput.Close();
        await lens.WaitForExitAsync();
        await said;
        table.Below($"lens mcp, each of {Queries} queries of one session", seconds / Queries, 0.25);
        table.Memory($"lens mcp, growth over {Queries} queries (from {before / 1e6:0} MB)", Math.Max(0, after - before), Growth);
    }

    private static async Task QueryAsync(Process lens, int id)
    {
        var answer = await AskAsync(lens, id, "tools/call", new() { ["name"] = "query", ["arguments"] = new JsonObject { ["sql"] = $"select a.a, b.c, {id} as id from raw.many_t{id % 20:0000} a join raw.many_t0003 b on true" } });
        if (answer["result"]?["isError"]?.GetValue<bool>() != false && answer["result"]?["isError"] is not null)
            throw new InvalidOperationException(answer.ToJsonString());
    }

    private static async Task<JsonNode> AskAsync(Process lens, int id, string method, JsonObject parameters)
    {
        await lens.StandardInput.WriteLineAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString());
        await lens.StandardInput.FlushAsync();
        while (await lens.StandardOutput.ReadLineAsync() is { } line)
            if (JsonNode.Parse(line) is { } answer && (int?)answer["id"] == id)
                return answer;
        throw new InvalidOperationException("lens mcp has ended");
    }

    private static long Resident(int process) =>
        File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Select(line => long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024).First();
}
