using System.Text.Json.Nodes;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Deployment;

/// <summary>The schedules of a lake as CronJobs, each with its tool's service account. They do not depend on the model beside which they are written.</summary>
internal static class KubernetesJobs
{
    // to be run again does not help: wrong usage, refused by a contract or gate (drift too), not permitted
    private static readonly int[] Final = [2, 3, 4];

    public static IEnumerable<JsonObject> Of(ModelDeployment deployment)
    {
        var schedules = deployment.Settings.Schedules;
        if (schedules.Count == 0)
            return [];
        var tools = schedules.Select(static schedule => schedule.Tool).Distinct().Order(StringComparer.Ordinal);
        return [.. tools.Select(tool => KubernetesManifests.Account(deployment, Account(deployment, tool), tool, tool)), Closed(deployment), .. schedules.Select(schedule => CronJob(deployment, schedule))];
    }

    private static string Account(ModelDeployment deployment, string tool) => $"{KubernetesName.Of(deployment.Lake)}-{tool}";

    /// <summary>Nobody calls a job.</summary>
    private static JsonObject Closed(ModelDeployment deployment)
    {
        var policy = KubernetesManifests.Document("networking.k8s.io/v1", "NetworkPolicy", $"{KubernetesName.Of(deployment.Lake)}-jobs", deployment, "job");
        policy["spec"] = new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = KubernetesManifests.Labels(deployment, "job") },
            ["policyTypes"] = BucketPolicy.Texts(["Ingress"]),
        };
        return policy;
    }

    private static JsonObject CronJob(ModelDeployment deployment, Schedule schedule)
    {
        var document = KubernetesManifests.Document("batch/v1", "CronJob", schedule.Name, deployment, "job");
        document["spec"] = new JsonObject
        {
            ["schedule"] = schedule.At,
            ["timeZone"] = "Etc/UTC",
            // a run that takes longer than the time between two is not joined by the next
            ["concurrencyPolicy"] = "Forbid",
            ["startingDeadlineSeconds"] = 600,
            ["successfulJobsHistoryLimit"] = 1,
            ["failedJobsHistoryLimit"] = 3,
            ["jobTemplate"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["backoffLimit"] = 2,
                    ["podFailurePolicy"] = new JsonObject
                    {
                        ["rules"] = new JsonArray(new JsonObject
                        {
                            ["action"] = "FailJob",
                            ["onExitCodes"] = new JsonObject { ["operator"] = "In", ["values"] = new JsonArray([.. Final.Select(static code => JsonValue.Create(code))]) },
                        }),
                    },
                    ["template"] = new JsonObject
                    {
                        ["metadata"] = new JsonObject { ["labels"] = KubernetesManifests.Labels(deployment, "job") },
                        ["spec"] = new JsonObject
                        {
                            ["serviceAccountName"] = Account(deployment, schedule.Tool),
                            ["automountServiceAccountToken"] = false,
                            ["restartPolicy"] = "Never",
                            ["securityContext"] = KubernetesManifests.PodSecurity(),
                            ["containers"] = new JsonArray(KubernetesManifests.Container(deployment, schedule.Tool, schedule.Arguments)),
                            ["volumes"] = KubernetesManifests.Volumes(),
                        },
                    },
                },
            },
        };
        return document;
    }
}
