using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Commands;

/// <summary>A version with its trees.</summary>
/// <param name="Model">What is known of it.</param>
/// <param name="Booster">The trees.</param>
internal sealed record OpenedModel(ModelDescription Model, Booster Booster) : IDisposable
{
    /// <summary><c>late@3</c>.</summary>
    public string Name => $"{Model.Run.Model}@{Model.Run.ModelVersion}";

    /// <summary>Opens what a reference means.</summary>
    public static async Task<OpenedModel> OpenAsync(MlHost host, ModelReference reference, CancellationToken cancel)
    {
        var catalog = new ModelCatalog(host.Store);
        var (name, version) = await catalog.ResolveAsync(reference, cancel);
        XGBoostLibrary.CheckedVersion();
        var model = await catalog.DescribeAsync(name, version, cancel);
        return new(model, ModelOpening.Open(model, await catalog.TreesAsync(model, cancel), host.Threads));
    }

    /// <inheritdoc/>
    public void Dispose() => Booster.Dispose();
}
