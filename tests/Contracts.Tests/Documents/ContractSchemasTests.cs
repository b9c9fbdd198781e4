using System.Text;
using Contracts.Tests.Delta;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Documents;

/// <summary>Everything that is written fits its schema, and the schemas refuse what does not fit the contract.</summary>
public sealed class ContractSchemasTests
{
    [Theory]
    [InlineData(".dataspoc/manifest.json", "manifest")]
    [InlineData(".dataspoc/lens/manifest.json", "manifest")]
    [InlineData(".dataspoc/state/orders/run.json", "run-record")]
    [InlineData(".dataspoc/ml/state/late/run.json", "run-record")]
    [InlineData(".dataspoc/state/orders/state.json", "state")]
    [InlineData(".dataspoc/logs/orders/20260131T120000000Z.json", "run-log")]
    [InlineData("ml/models/late/aliases.json", "model-aliases")]
    [InlineData("ml/models/late/features.json", "model-features")]
    [InlineData("ml/models/late/versions/3/metrics.json", "model-metrics")]
    [InlineData("ml/models/late/versions/3/run.json", "model-run")]
    [InlineData("raw/shop/orders/_delta_log/00000000000000000000.json", "delta-log-line")]
    [InlineData("raw/shop/orders/dt=2026-01-31/x.parquet", null)]
    public void ForKey_KeyOfADocument_IsItsSchema(string key, string? schema)
    {
        Assert.Equal(schema, ContractSchemas.ForKey(key));
        Assert.True(schema is null || ContractSchemas.Names.Contains(schema));
    }

    [Fact]
    public void Text_EverySchema_SaysItsDraftAndName()
    {
        Assert.Equal(9, ContractSchemas.Names.Count);
        foreach (var name in ContractSchemas.Names)
        {
            Assert.Contains("\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"", ContractSchemas.Text(name), StringComparison.Ordinal);
            Assert.Contains($"/{name}.json\"", ContractSchemas.Text(name), StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentException>(() => ContractSchemas.Text("nonsense"));
    }

    [Fact]
    public void Written_LogEntriesAndCompactions_FitTheirSchema()
    {
        var wide = Change(ChangeMode.Overwrite, 2, "2026-01-31") with { Schema = new([new("at", PrimitiveType.TimestampNtz)]), PrimaryKey = ["at"], SourceName = "Orders" };
        var table = Table(Change(ChangeMode.Append, 1, "2026-01-30"));
        var first = ((PlannedCommit)CommitPlanner.Plan(null, Change(ChangeMode.Append, 1, "2026-01-30"), Now)).Actions;
        var second = ((PlannedCommit)CommitPlanner.Plan(table, wide, Now)).Actions;

        foreach (var line in Lines(first).Concat(Lines(second)).Concat(Lines(LogCompaction.Build(first.Concat(second)))))
            Fits("delta-log-line", line);
    }

    [Fact]
    public void Written_RunRecords_FitTheirSchema()
    {
        var record = new RunRecord(Run(3), 3, RunStatus.Committing) { ExpiresAt = Now, Tables = [TableChangeTests.Full, Change(ChangeMode.Append, 3, [null])], State = "{}"u8.ToArray() };

        Fits("run-record", Encoding.UTF8.GetString(record.Serialize()));
        Fits("run-record", Encoding.UTF8.GetString(new RunRecord(Run(3), 3, RunStatus.Committed).Serialize()));
    }

    [Fact]
    public void Written_ManifestsAndLogs_FitTheirSchema()
    {
        var manifest = Manifest.Empty.Merge(ManifestEntry.From(Orders, Table(TableChangeTests.Full with { Mode = ChangeMode.Append, ReadVersion = null })), "pipe 0.1.0", Now);
        var log = new RunLog("orders", Run(1), 1, "success", Now, Now.AddSeconds(2), new Dictionary<string, StreamLog> { ["orders"] = new(10) { SchemaChanges = ["added `note`"] } });

        Fits("manifest", Encoding.UTF8.GetString(manifest.Serialize()));
        Fits("manifest", Encoding.UTF8.GetString(Manifest.Empty.Serialize()));
        Fits("run-log", Encoding.UTF8.GetString(log.Serialize()));
        Fits("run-log", Encoding.UTF8.GetString((log with { Sequence = null, Error = "x" }).Serialize()));
        Fits("state", """{"bookmarks":{"orders":{"id":7}}}""");
    }

    [Theory]
    [InlineData("manifest", """{"version":"2.0","tables":{}}""")]
    [InlineData("manifest", """{"version":"1.1","tables":{"shop/orders":{"source":"shop","table":"orders"}}}""")]
    [InlineData("manifest", """{"version":"1.1","updated_at":"yesterday","tables":{}}""")]
    [InlineData("run-record", """{"run_id":"1","sequence":1,"status":"committed","tables":[]}""")]
    [InlineData("run-record", """{"run_id":"00000000000000000000000000000001","sequence":1,"status":"committing","tables":[]}""")]
    [InlineData("delta-log-line", """{"add":{"path":"a b","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""")]
    [InlineData("delta-log-line", """{"add":{"path":"a","partitionValues":{"dt":7},"size":1,"modificationTime":1,"dataChange":true}}""")]
    [InlineData("delta-log-line", """{"domainMetadata":{}}""")]
    [InlineData("delta-log-line", "{}")]
    [InlineData("run-log", """{"pipeline":"x"}""")]
    [InlineData("state", "[]")]
    [InlineData("model-aliases", """{"version":"1.1","aliases":{"prod":0},"history":[]}""")]
    public void Validate_DocumentThatDoesNotFit_IsRefused(string schema, string json) => Assert.NotEmpty(new JsonSchema(ContractSchemas.Text(schema)).Faults(json));

    [Theory]
    [InlineData("manifest", """{"version":"1.0","updated_at":"2026-01-31T12:00:00.123456+00:00","tables":[{"source":"shop","table":"orders","columns":[{"name":"id","type":"int64","nullable":true}],"stats":{"total_rows":3,"extractions":1}}]}""")]
    [InlineData("run-log", """{"pipeline":"x","started_at":"2026-01-31T12:00:00Z","finished_at":"2026-01-31T12:00:01Z","duration_seconds":1.0,"status":"success","streams":{"orders":3},"total_records":3,"error":null}""")]
    [InlineData("model-aliases", """{"version":"1.1","aliases":{"dev":2,"prod":1},"history":[{"alias":"prod","version":1,"previous":null,"at":"2026-01-31T12:00:00Z","by":"ana","why":"best"}],"new":1}""")]
    [InlineData("model-features", """{"version":"1.1","model":"late","model_version":1,"target":{"column":"late","type":"BOOLEAN","task":"binary","classes":["false","true"]},"columns":[]}""")]
    [InlineData("model-metrics", """{"version":"1.1","model":"late","model_version":1,"task":"binary","metric":"auc","rows":{"table":9},"holdout":{"auc":0.9},"importance":[]}""")]
    [InlineData("model-run", """{"version":"1.1","run_id":"00000000000000000000000000000001","status":"registered","model":"late","model_version":1,"seed":42,"parameters":{},"started_at":"2026-01-31T12:00:00Z","artifacts":{"model.ubj":{"bytes":1,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}}""")]
    public void Validate_ExampleOfADocument_Fits(string schema, string json) => Fits(schema, json);

    [Fact]
    public void Readme_ExampleOfAManifest_FitsAndIsReadAsItSays()
    {
        var readme = System.IO.File.ReadAllText(Path.Combine(Repository.Root, "contracts", "README.md"));
        var example = readme.Split("```json\n")[1].Split("```")[0];

        Fits("manifest", example);
        Assert.Equal(12, Manifest.Parse(Encoding.UTF8.GetBytes(example), "k").Tables["shop/orders"].Snapshot);
    }

    [Fact]
    public void Readme_TablesOfPrefixesAndSchemas_SayWhatTheCodeSays()
    {
        var readme = System.IO.File.ReadAllText(Path.Combine(Repository.Root, "contracts", "README.md"));

        foreach (var tool in Enum.GetValues<WritingTool>())
        {
            var row = readme.Split('\n').Single(line => line.StartsWith($"| `{tool.ToString().ToLowerInvariant()}` |", StringComparison.Ordinal));
            Assert.Equal(WrittenPrefixes.WrittenBy(tool).Order(StringComparer.Ordinal), row.Split('`').Where(part => part.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
        foreach (var name in ContractSchemas.Names)
            Assert.Contains($"(schemas/{name}.json)", readme, StringComparison.Ordinal);
    }

    private static void Fits(string schema, string json) => Assert.Empty(new JsonSchema(ContractSchemas.Text(schema)).Faults(json));
}
