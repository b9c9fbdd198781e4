using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Deployment;

/// <summary>A model on Kubernetes (1.27 or later): who it is, who may call it, how it runs, and what runs by the clock.</summary>
internal static class KubernetesManifests
{
    /// <summary>The label that lets a pod call a model: <c>dataspoc.com/calls: late</c>.</summary>
    public const string CallerLabel = "dataspoc.com/calls";

    private static readonly string[] Endpoints = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

    public static IReadOnlyList<JsonObject> Of(ModelDeployment deployment)
    {
        var name = KubernetesName.Of(deployment.Reference.Model);
        return [ServiceAccount(deployment, name), NetworkPolicy(deployment, name), Deployment(deployment, name), Service(deployment, name), .. KubernetesJobs.Of(deployment)];
    }

    /// <summary>The beginning of a document.</summary>
    public static JsonObject Document(string version, string kind, string name, ModelDeployment deployment, string component) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels(deployment, component) },
    };

    /// <summary>What a container may: nothing but to write to <c>/tmp</c>.</summary>
    public static JsonObject PodSecurity() => new() { ["runAsNonRoot"] = true, ["runAsUser"] = 1654, ["runAsGroup"] = 1654, ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } };

    /// <summary>A container with the settings that all have.</summary>
    public static JsonObject Container(ModelDeployment deployment, string tool, IEnumerable<string> arguments)
    {
        var settings = deployment.Settings;
        var container = new JsonObject
        {
            ["name"] = tool,
            ["image"] = settings.Images[tool],
            ["args"] = BucketPolicy.Texts(arguments.Select(Literal)),
            ["securityContext"] = new JsonObject { ["allowPrivilegeEscalation"] = false, ["readOnlyRootFilesystem"] = true, ["capabilities"] = new JsonObject { ["drop"] = BucketPolicy.Texts(["ALL"]) } },
            ["resources"] = new JsonObject { ["requests"] = Resources(settings.Cpu, settings.Memory), ["limits"] = new JsonObject { ["memory"] = settings.Memory } },
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "tmp", ["mountPath"] = "/tmp" }),
        };
        if (settings.Environment.Count > 0)
            container["env"] = new JsonArray([.. settings.Environment.Select(static pair => new JsonObject { ["name"] = pair.Key, ["value"] = Literal(pair.Value) })]);
        if (settings.Secret is { } secret)
            container["envFrom"] = new JsonArray(new JsonObject { ["secretRef"] = new JsonObject { ["name"] = secret } });
        return container;
    }

    public static JsonArray Volumes() => new(new JsonObject { ["name"] = "tmp", ["emptyDir"] = new JsonObject() });

    public static JsonObject Labels(ModelDeployment deployment, string component) => new()
    {
        ["app.kubernetes.io/part-of"] = KubernetesName.Of(deployment.Lake),
        ["app.kubernetes.io/component"] = component,
        ["app.kubernetes.io/managed-by"] = "dataspoc-platform",
    };

    /// <summary>A service account, with the cloud's role where one is declared.</summary>
    public static JsonObject Account(ModelDeployment deployment, string name, string component, string role)
    {
        var account = Document("v1", "ServiceAccount", name, deployment, component);
        if (deployment.Settings.Roles.TryGetValue(role, out var arn))
            account["metadata"]!["annotations"] = new JsonObject { ["eks.amazonaws.com/role-arn"] = arn };
        account["automountServiceAccountToken"] = false;
        return account;
    }

    // Kubernetes replaces $(NAME)
    private static string Literal(string text) => text.Replace("$(", "$$(", StringComparison.Ordinal);

    private static JsonObject Resources(string cpu, string memory) => new() { ["cpu"] = cpu, ["memory"] = memory };

    private static JsonObject Selector(ModelDeployment deployment, string name)
    {
        var labels = Labels(deployment, "serve");
        labels["app.kubernetes.io/name"] = name;
        return labels;
    }

    private static JsonObject ServiceAccount(ModelDeployment deployment, string name)
    {
        var account = Account(deployment, $"{name}-serve", "serve", "serve");
        if (account["metadata"]!["annotations"] is not JsonObject annotations)
            account["metadata"]!["annotations"] = annotations = [];
        annotations["dataspoc.com/iam-policy"] = ServingPolicy.Of(deployment).ToJsonString();
        return account;
    }

    private static JsonObject NetworkPolicy(ModelDeployment deployment, string name)
    {
        var policy = Document("networking.k8s.io/v1", "NetworkPolicy", $"{name}-serve", deployment, "serve");
        policy["spec"] = new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = Selector(deployment, name) },
            ["policyTypes"] = BucketPolicy.Texts(["Ingress", "Egress"]),
            ["ingress"] = new JsonArray(new JsonObject
            {
                ["from"] = new JsonArray(new JsonObject { ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [CallerLabel] = name } } }),
                ["ports"] = new JsonArray(Tcp(ModelDeployment.Port)),
            }),
            ["egress"] = new JsonArray(
                new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["protocol"] = "UDP", ["port"] = 53 }, Tcp(53)) },
                new JsonObject { ["ports"] = new JsonArray([.. S3Ports(deployment).Select(Tcp)]) }),
        };
        return policy;
    }

    private static IEnumerable<int> S3Ports(ModelDeployment deployment) =>
        Endpoints
            .Select(name => deployment.Settings.Environment.TryGetValue(name, out var url) && Uri.TryCreate(url, UriKind.Absolute, out var endpoint) ? endpoint.Port : 443)
            .Append(443).Distinct().Order();

    private static JsonObject Tcp(int port) => new() { ["protocol"] = "TCP", ["port"] = port };

    private static JsonObject Deployment(ModelDeployment deployment, string name)
    {
        var container = Container(deployment, "ml", deployment.Arguments("0.0.0.0", ModelDeployment.Port));
        container["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = ModelDeployment.Port });
        container["startupProbe"] = Probe("/readyz", every: 2, failures: 60);
        container["readinessProbe"] = Probe("/readyz", every: 5, failures: 2);
        container["livenessProbe"] = Probe("/healthz", every: 10, failures: 3);
        var document = Document("apps/v1", "Deployment", $"{name}-serve", deployment, "serve");
        document["metadata"]!["annotations"] = new JsonObject { ["dataspoc.com/model"] = deployment.Reference.ToString(), ["dataspoc.com/bucket"] = deployment.Bucket.ToString() };
        document["spec"] = new JsonObject
        {
            ["replicas"] = deployment.Settings.Replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = Selector(deployment, name) },
            ["strategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 0, ["maxSurge"] = 1 } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Selector(deployment, name) },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = $"{name}-serve",
                    ["automountServiceAccountToken"] = false,
                    ["terminationGracePeriodSeconds"] = 60,
                    ["securityContext"] = PodSecurity(),
                    ["containers"] = new JsonArray(container),
                    ["volumes"] = Volumes(),
                },
            },
        };
        return document;
    }

    private static JsonObject Probe(string path, int every, int failures) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "http" },
        ["periodSeconds"] = every,
        ["timeoutSeconds"] = 3,
        ["failureThreshold"] = failures,
    };

    private static JsonObject Service(ModelDeployment deployment, string name)
    {
        var document = Document("v1", "Service", name, deployment, "serve");
        document["spec"] = new JsonObject
        {
            ["selector"] = Selector(deployment, name),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = "http" }),
        };
        return document;
    }
}
