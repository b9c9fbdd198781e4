using System.Text.Json.Nodes;
using DataSpoc.Contracts.Layout;
using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Deployment;

/// <summary>What <c>ml serve</c> of one model may do, and no more: its own role's policy.</summary>
internal static class ServingPolicy
{
    private const Actions Read = Actions.Read | Actions.List;

    /// <summary>The grants of a principal, relative to the bucket's root.</summary>
    public static Grants Grants(ModelDeployment deployment, string principal)
    {
        var start = deployment.Bucket.Path.Length == 0 ? "" : deployment.Bucket.Path + "/";
        var model = deployment.Reference.Model;
        var models = deployment.Shadow is { } shadow && shadow.Model != model ? new[] { model, shadow.Model } : [model];
        var prefixes = models.Select(static name => (DocumentKeys.Model(name), Read)).ToList();
        if (deployment.Views.Count > 0)
            prefixes.AddRange([.. deployment.Views.Select(static view => (new TableLocation(Layer.Features, null, view).Folder + "/", Read)), (DocumentKeys.MlManifest, Read)]);
        if (deployment.Log)
        {
            prefixes.Add((new TableLocation(Layer.Monitoring, null, $"{model}_requests").Folder + "/", Read | Actions.Write));
            prefixes.Add((StateFolder(model), Read | Actions.Write));
            prefixes.Add((DocumentKeys.MlManifest, Read | Actions.Write));
            // whether the log's name is another model's
            prefixes.Add((DocumentKeys.Model($"{model}_requests"), Actions.List));
        }
        return new(prefixes.Select(prefix => new Grant(principal, start + prefix.Item1, prefix.Item2)));
    }

    /// <summary>The policy for a role of IAM.</summary>
    public static JsonObject Of(ModelDeployment deployment) => UserPolicy.Document(UserPolicy.Statements(deployment.Bucket.Name, Grants(deployment, "")));

    private static string StateFolder(string model)
    {
        var record = DocumentKeys.RunRecord(WritingTool.Ml, $"requests-{model}");
        return record[..(record.LastIndexOf('/') + 1)];
    }
}
