using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using Pipe.Tests.Commands;

namespace Pipe.Tests.Conformance;

/// <summary>Each rule of Singer as Pipe keeps it: what a tap prints, and the tables, bookmark and messages it ends as (<see cref="RuleFile"/>).</summary>
public sealed class SingerRulesTests : IDisposable
{
    private readonly PipeLake lake = new();
    private string source = "";
    private PipeRun last = new(0, "", "");

    public void Dispose() => lake.Dispose();

    public static TheoryData<string> Rules() => new(RuleFile.Names);

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Ingest_RuleFile_EndsAsItSays(string rule)
    {
        foreach (var (heading, lines) in RuleFile.Read(rule, lake.Folder).Sections)
            await HappenAsync(heading.Split(' '), lines);
    }

    private async Task HappenAsync(string[] heading, IReadOnlyList<string> lines)
    {
        switch (heading)
        {
            case ["source"]:
                source = string.Concat(lines.Select(line => $"  {line}\n"));
                break;
            case ["file", var name]:
                lake.Write(name, string.Join('\n', lines) + "\n");
                break;
            case ["gzip", var name]:
                await using (var file = new GZipStream(File.Create(Path.Combine(lake.Folder, name)), CompressionLevel.Fastest))
                    await file.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
                break;
            case ["parquet", var name]:
                using (var database = Database.Open(new()))
                using (var connection = database.Connect())
                    connection.Execute($"COPY ({string.Join(' ', lines)}) TO {Sql.Literal(Path.Combine(lake.Folder, name))} (FORMAT parquet)");
                break;
            case ["tap", ..]:
                await RunAsync(lines, heading is [_, "exits", var code] ? int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) : 0);
                break;
            case ["says"]:
                Assert.All(lines, line => Assert.Contains(line, last.Error, StringComparison.Ordinal));
                break;
            case ["table", var name]:
                Assert.Equal(lines, Table(name));
                break;
            case ["no", "table", var name]:
                Assert.False(Directory.Exists(Path.Combine(lake.Folder, "lake/raw/tap", name)));
                break;
            case ["state"]:
                var state = await File.ReadAllTextAsync(Path.Combine(lake.Folder, "lake/.dataspoc/state/rule/state.json"), TestContext.Current.CancellationToken);
                Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(string.Concat(lines)).RootElement, JsonDocument.Parse(state).RootElement), state);
                break;
            default:
                Assert.Fail($"a rule has no section `{string.Join(' ', heading)}`");
                break;
        }
    }

    private async Task RunAsync(IReadOnlyList<string> messages, int exitCode)
    {
        lake.Write("messages", string.Join('\n', messages) + "\n");
        var tap = lake.Write("tap-rule", "#!/bin/sh\n[ \"$1\" = --discover ] && exit 2\ncat messages\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tap, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        lake.Write("pipe.yaml", "");
        lake.Write("pipelines/rule.yaml", $"source:\n  tap: ./tap-rule\n  name: tap\n{source}destination: {{ bucket: \"{lake.Bucket}\" }}\nincremental: {{ enabled: true }}\n");
        last = await lake.RunAsync("ingest rule");
        Assert.True(last.ExitCode == exitCode, $"exit {last.ExitCode}\n{last.Error}");
    }

    private IEnumerable<string> Table(string name)
    {
        var columns = lake.Rows("SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * EXCLUDE (dt) FROM $files)", $"raw/tap/{name}");
        return [string.Join('|', columns), .. lake.Rows("SELECT CAST(COLUMNS(* EXCLUDE (dt)) AS VARCHAR) FROM $files ORDER BY ALL", $"raw/tap/{name}")];
    }
}
