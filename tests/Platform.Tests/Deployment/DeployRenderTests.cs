using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Platform.Deployment;
using DataSpoc.Tests;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Platform.Tests.Deployment;

/// <summary>What <c>platform deploy --render</c> writes, read back and judged by the schemas of Kubernetes and Compose.</summary>
public sealed class DeployRenderTests : IDisposable
{
    private const string Lake = """
        lake: acme
        server: aws
        account: "123456789012"
        teams: { sales: { service: [role/serve-late] } }
        buckets: { acme-sales: { team: sales, layers: [raw, curated, gold, ml] } }
        deploy:
          images: { ml: "registry.acme.example:5000/shop-ml:1.4" }
          environment: { AWS_REGION: eu-central-1, AWS_ENDPOINT_URL_S3: "http://minio:9000", ODD: "$(HOME) $x: yes" }
          roles: { serve: role/serve-late }
          secret: lake-keys
          replicas: 2
          schedules:
            orders: { at: "*/15 * * * *", run: pipe ingest orders }
            gold: { at: "30 2 * * *", run: lens transform run }
            predict: { at: "0 3 * * *", run: ml predict --model late --from curated.parcels_open }
            drift: { at: "0 4 1 * MON-FRI", run: "ml drift --model late --from 'curated.parcels_open'" }

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Kubernetes_IsWhatItsSchemasAllow_AndHasAllThatServingNeeds()
    {
        var documents = await RenderAsync("late_simple@prod", "--render", "kubernetes", "--log", "--features", "customers");
        Assert.Equal("", await SchemaErrorsAsync(documents));
        const string name = "late-simple-8ba870";
        Assert.Equal(
            [
                $"ServiceAccount {name}-serve", $"NetworkPolicy {name}-serve", $"Deployment {name}-serve", $"Service {name}",
                "ServiceAccount acme-lens", "ServiceAccount acme-ml", "ServiceAccount acme-pipe", "NetworkPolicy acme-jobs", "CronJob drift", "CronJob gold", "CronJob orders", "CronJob predict",
            ],
            documents.Select(static document => $"{document["kind"]} {document["metadata"]!["name"]}"));

        var account = documents[0]["metadata"]!["annotations"]!;
        Assert.Equal("arn:aws:iam::123456789012:role/serve-late", (string?)account["eks.amazonaws.com/role-arn"]);
        // only the model's prefix, and what its log needs
        var policy = (string)account["dataspoc.com/iam-policy"]!;
        Assert.Equal("""["arn:aws:s3:::acme-sales/ml/features/customers/*","arn:aws:s3:::acme-sales/ml/models/late_simple/*"]""", JsonNode.Parse(policy)!["Statement"]![0]!["Resource"]!.ToJsonString());
        Assert.DoesNotContain("ml/models/*", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("s3:DeleteObject", policy, StringComparison.Ordinal);
        // the one that is tried with the role's own keys (EndToEnd.Tests)
        var alone = await PlatformRun.OfAsync(_folder.FullName, "deploy", "late_simple@prod", "--render", "aws-iam", "--log", "--features", "customers");
        Assert.Equal(JsonNode.Parse(alone.Out)!.ToJsonString(), JsonNode.Parse(policy)!.ToJsonString());

        var spec = documents[2]["spec"]!;
        Assert.Equal(2, (int)spec["replicas"]!);
        var pod = spec["template"]!["spec"]!;
        Assert.Equal($"{name}-serve", (string?)pod["serviceAccountName"]);
        var container = pod["containers"]![0]!;
        Assert.Equal("""["serve","--model","late_simple@prod","--bucket","s3://acme-sales","--host","0.0.0.0","--port","8080","--log"]""", container["args"]!.ToJsonString());
        Assert.Equal("registry.acme.example:5000/shop-ml:1.4", (string?)container["image"]);
        Assert.Equal("/readyz", (string?)container["readinessProbe"]!["httpGet"]!["path"]);
        Assert.Equal("/healthz", (string?)container["livenessProbe"]!["httpGet"]!["path"]);
        Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
        Assert.Equal("1Gi", (string?)container["resources"]!["limits"]!["memory"]);
        // Kubernetes replaces $(NAME)
        Assert.Equal("$$(HOME) $x: yes", (string?)container["env"]!.AsArray().Single(static one => (string?)one!["name"] == "ODD")!["value"]);
        Assert.Equal("lake-keys", (string?)container["envFrom"]![0]!["secretRef"]!["name"]);

        var network = documents[1]["spec"]!;
        Assert.Equal(name, (string?)network["ingress"]![0]!["from"]![0]!["podSelector"]!["matchLabels"]!["dataspoc.com/calls"]);
        Assert.Equal([443, 9000], network["egress"]![1]!["ports"]!.AsArray().Select(static port => (int)port!["port"]!));
        // the same pods are meant everywhere
        Assert.All(new[] { network["podSelector"]!["matchLabels"]!, spec["template"]!["metadata"]!["labels"]!, documents[3]["spec"]!["selector"]! }, labels => Assert.True(JsonNode.DeepEquals(labels, spec["selector"]!["matchLabels"]!)));

        var drift = documents[8]["spec"]!;
        Assert.Equal(("0 4 1 * MON-FRI", "Etc/UTC", "Forbid"), ((string?)drift["schedule"], (string?)drift["timeZone"], (string?)drift["concurrencyPolicy"]));
        Assert.Equal("""["drift","--model","late","--from","curated.parcels_open"]""", drift["jobTemplate"]!["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.ToJsonString());
    }

    [Fact]
    public async Task Compose_IsAServiceThatIsWatchedAndMayDoNothingElse()
    {
        var documents = await RenderAsync("late@prod", "--render", "compose", "--port", "9001");
        Assert.Equal("", await SchemaErrorsAsync(documents));
        var service = documents[0]["services"]!["late"]!;
        Assert.Equal("""["127.0.0.1:9001:8080"]""", service["ports"]!.ToJsonString());
        Assert.Equal("unless-stopped", (string?)service["restart"]);
        Assert.Contains("/readyz", (string?)service["healthcheck"]!["test"]![3], StringComparison.Ordinal);
        Assert.True((bool)service["read_only"]!);
        Assert.Equal("""["ALL"]""", service["cap_drop"]!.ToJsonString());
        Assert.Equal(("0.5", "1073741824b"), ((string?)service["deploy"]!["resources"]!["limits"]!["cpus"], (string?)service["deploy"]!["resources"]!["limits"]!["memory"]));
        // Compose replaces $NAME
        Assert.Equal("$$(HOME) $$x: yes", (string?)service["environment"]!["ODD"]);
        Assert.Equal("""["./lake-keys.env"]""", service["env_file"]!.ToJsonString());
    }

    [Theory]
    [InlineData("late", "error: `late` does not say which version of a model is meant")]
    [InlineData("late@", "cannot be the name of a alias")]
    [InlineData("../x@prod", "error: `../x` cannot be the name of a model")]
    [InlineData("late@prod\n- x", "cannot be the name of a alias")]
    [InlineData("late@prod --bucket ./lake", "which no container sees")]
    [InlineData("late@prod --bucket s3://Acme", "the bucket's name `Acme` has other characters")]
    [InlineData("late@prod --bucket s3://acme/*", "the prefix `*` has characters that mean something else in a policy")]
    [InlineData("late@prod --features ../raw", "error: `../raw` cannot be the name of a view")]
    [InlineData("late@prod --render helm", "error: `--render` must be compose, kubernetes or aws-iam, not `helm`")]
    public async Task Deploy_OfWhatCannotBeMeant_RefusesIt(string line, string error)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "platform.yaml"), Lake);
        var run = await PlatformRun.OfAsync(_folder.FullName, ["deploy", .. line.Split(' ') is var words && line.Contains("--render", StringComparison.Ordinal) ? words : line.Contains('\n', StringComparison.Ordinal) ? [line, "--render", "kubernetes"] : [.. words, "--render", "kubernetes"]]);
        Assert.Equal((2, ""), (run.Exit, run.Out));
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("images: { ml: \"x:1\\n- evil\" }", "is not the name of an image")]
    [InlineData("images: { mll: x }", "`mll` is no tool of `deploy.images`")]
    [InlineData("environment: { AWS_SECRET_ACCESS_KEY: x }", "`AWS_SECRET_ACCESS_KEY` is a secret, and manifests are kept in git")]
    [InlineData("environment: { \"A B\": x }", "`A B` cannot be the name of an environment variable")]
    [InlineData("environment: { A: \"x\\ny\" }", "the value of `A` has a line break or a control character")]
    [InlineData("secret: Keys/x", "`Keys/x` is not the name of a Secret")]
    [InlineData("cpu: lots", "`lots` is no amount of processor")]
    [InlineData("memory: 1GB", "`1GB` is no amount of memory")]
    [InlineData("replicas: 0", "`replicas` is from 1 to 1000")]
    [InlineData("roles: { serve: \"role/*\" }", "the role `role/*` has a wildcard")]
    [InlineData("schedules: { Orders: { at: \"* * * * *\", run: pipe ingest x } }", "`Orders` cannot be the name of a schedule")]
    [InlineData("schedules: { a: { at: \"61 * * * *\", run: pipe ingest x } }", "`61 * * * *` has `61` as minute, which is from 0 to 59\n  file   platform.yaml, line 7, column 25")]
    [InlineData("schedules: { a: { at: \"@daily\", run: pipe ingest x } }", "is no time of cron: it has five fields")]
    [InlineData("schedules: { a: { at: \"0 4 * * 7-9\", run: pipe ingest x } }", "has `7-9` as weekday")]
    [InlineData("schedules: { a: { at: \"* * * * *\", run: \"bash -c x\" } }", "`bash -c x` is no command of `pipe`, `lens` or `ml`")]
    [InlineData("schedules: { a: { at: \"* * * * *\", run: pipe } }", "`pipe` alone does nothing")]
    [InlineData("schedules: { a: { at: \"* * * * *\", run: \"pipe ingest x | tee log\" } }", "has `|`, but no shell runs it")]
    [InlineData("schedules: { a: { at: \"* * * * *\", run: \"pipe ingest 'x\" } }", "has a ' that is not closed")]
    public async Task Validate_OfTheSectionDeploy_NamesWhatIsWrong(string line, string error)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "platform.yaml"), Lake[..Lake.IndexOf("  images", StringComparison.Ordinal)] + $"  {line}\n");
        var run = await PlatformRun.OfAsync(_folder.FullName, "validate");
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Yaml_OfAnyText_IsThatTextForEveryReader()
    {
        string[] texts = ["1e3", "0x1f", "1_000", "yes", "No", "null", "~", "2026-01-01", "12:30", "- a", "a: b", "a:", "#x", "*x", "&x", "!x", "%x", "@x", "`x", "'", "\"", "\\", " lead", "trail ", "{a", "[a", "a #b", "=", "<<", "0o17", ".5", "+1", "-", ".inf", ".nan", "true", "on", "", "ünïcode", "tab\t", "line\nbreak", "y", "1,000", "s3://x/y", "--model"];
        var stream = new YamlStream();
        using var reader = new StringReader(YamlText.Of(new JsonObject { ["a"] = new JsonArray([.. texts.Select(static text => JsonValue.Create(text))]) }));
        stream.Load(reader);
        var read = ((YamlSequenceNode)stream.Documents[0].RootNode["a"]).Children.Cast<YamlScalarNode>().ToArray();
        Assert.Equal(texts, read.Select(static node => node.Value));
        Assert.All(read.Where(static node => node.Style == ScalarStyle.Plain), static node => Assert.Contains(node.Value, new[] { "s3://x/y", "--model" }));
    }

    [Fact]
    public async Task Role_ThatTheReadmeShows_MayDoTheSameAsTheDeployedModels()
    {
        var readme = await File.ReadAllTextAsync(ReadmeTests.PathOfReadme(), Cancel);
        var roles = readme[readme.IndexOf("roles:\n  serve_late:", StringComparison.Ordinal)..];
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "platform.yaml"), $$"""
            lake: acme
            server: ceph
            teams: { sales: { serve_late: [api] } }
            buckets: { acme-sales: { team: sales, layers: [raw, curated, gold, ml] } }
            {{roles[..roles.IndexOf("```", StringComparison.Ordinal)]}}
            """, Cancel);
        var declared = await PlatformRun.OfAsync(_folder.FullName, "render", "--to", "aws-iam");
        var deployed = await PlatformRun.OfAsync(_folder.FullName, "deploy", "late@prod", "--log", "--features", "customers", "--render", "aws-iam");
        Assert.True(declared.Exit == 0 && deployed.Exit == 0, declared.Error + deployed.Error);
        Assert.Equal(JsonNode.Parse(deployed.Out)!["Statement"]!.ToJsonString(), JsonNode.Parse(declared.Out)!["api"]!["Statement"]!.ToJsonString());
    }

    private async Task<List<JsonNode>> RenderAsync(params string[] words)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "platform.yaml"), Lake);
        var run = await PlatformRun.OfAsync(_folder.FullName, ["deploy", .. words]);
        Assert.True(run.Exit == 0, run.ToString());
        var stream = new YamlStream();
        using var reader = new StringReader(run.Out);
        stream.Load(reader);
        return [.. stream.Documents.Select(static document => Json(document.RootNode)!)];
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(static pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Json(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } number when int.TryParse(number.Value, CultureInfo.InvariantCulture, out var value) => JsonValue.Create(value),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    private static async Task<string> SchemaErrorsAsync(IEnumerable<JsonNode> documents)
    {
        var home = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(home!.FullName, "global.json")))
            home = home.Parent;
        var script = Path.Combine(home.FullName, "tests", "services", "kubernetes", "validate.mjs");
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules", "kubernetes-models")))
            TestServers.Missing("Kubernetes' schemas are not installed; run `tests/run`, or `npm install --no-save --ignore-scripts` in tests/services/kubernetes first");
        using var process = Process.Start(new ProcessStartInfo("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.StandardInput.WriteAsync(new JsonArray([.. documents.Select(static document => document.DeepClone())]).ToJsonString());
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, await error);
        return said;
    }
}
