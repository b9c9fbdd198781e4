using System.Text.Json;

namespace Pipe.Tests.Commands;

/// <summary>What a command did is told to programs too: <c>--output json</c>.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task EveryCommand_TellsPrograms()
    {
        _lake.Write("in/a.csv", "id,born\n1,1990-01-01\n2,unknown\n");
        var project = await OneAsync($"init --to {_lake.Bucket}");
        Assert.Equal(Path.Combine(_lake.Folder, "pipe.yaml"), project.GetProperty("file").GetString());
        Assert.Equal(1, (await OneAsync("add people --files ./in/*.csv --source crm --table people --cron 0||6||*||*||*")).GetProperty("streams").GetInt32());
        File.AppendAllText(Path.Combine(_lake.Folder, "pipelines/people.yaml"), "tables: {people: {types: {born: date}, schema: {types: quarantine}}}\n");
        Assert.Equal("success", (await OneAsync("ingest people")).GetProperty("status").GetString());
        var replay = await OneAsync("replay crm/people");
        Assert.Equal((0, 1), (replay.GetProperty("entered").GetInt32(), replay.GetProperty("rejected").GetInt32()));
        foreach (var command in (string[])["validate", "status", "logs people", "manifest show", "manifest verify", "manifest rebuild", "recover", "compact", "vacuum", "discover people", "preview people", "schedule list"])
            Assert.Equal(JsonValueKind.Array, JsonDocument.Parse((await _lake.DoAsync($"{command} -o json")).Output).RootElement.ValueKind);
    }

    private async Task<JsonElement> OneAsync(string line) => JsonDocument.Parse((await _lake.DoAsync($"{line} -o json")).Output).RootElement[0];
}
