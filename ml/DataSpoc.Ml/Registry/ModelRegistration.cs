using System.Security.Cryptography;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Registry;

/// <summary>What a training brings to the registry.</summary>
/// <param name="Run">As it is before it has a version.</param>
/// <param name="Features">Likewise.</param>
/// <param name="Metrics">Likewise.</param>
/// <param name="Model">UBJSON.</param>
internal sealed record NewVersion(TrainingRunDocument Run, FeaturesDocument Features, MetricsDocument Metrics, byte[] Model);

/// <summary>
/// Gives a model its version and writes its files. A version number is taken by whoever creates its <c>run.json</c> first, and the version
/// exists from the moment <c>run.json</c> says so: killed before, it is none, and its number stays unused.
/// </summary>
internal sealed class ModelRegistration(IObjectStore store, TimeProvider time)
{
    private readonly ModelCatalog _catalog = new(store);

    /// <summary>Registers.</summary>
    /// <param name="version">What was trained.</param>
    /// <param name="by">Who, for the alias's history.</param>
    /// <param name="cancel">Leaves no version.</param>
    /// <returns>The same with its number, from 1 on.</returns>
    public async Task<NewVersion> RegisterAsync(NewVersion version, string by, CancellationToken cancel)
    {
        var (number, etag) = await ClaimAsync(version.Run, cancel);
        var folder = DocumentKeys.ModelVersion(version.Run.Model, number);
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal)
        {
            [ModelFiles.Model] = version.Model,
            [ModelFiles.Features] = ModelDocuments.Serialize(version.Features with { ModelVersion = number }),
            [ModelFiles.Metrics] = ModelDocuments.Serialize(version.Metrics with { ModelVersion = number }),
        };
        foreach (var (name, content) in files)
            await store.PutAsync(folder + name, content, WriteCondition.None, cancel);
        var complete = version.Run with
        {
            ModelVersion = number,
            Status = VersionStatus.Registered,
            FinishedAt = time.GetUtcNow(),
            Artifacts = files.ToDictionary(f => f.Key, f => new Artifact(f.Value.Length, Convert.ToHexStringLower(SHA256.HashData(f.Value.Span))), StringComparer.Ordinal),
        };
        // nobody else writes under a number that is taken: refused means that an earlier attempt of the store has landed
        await store.PutAsync(folder + ModelFiles.Run, ModelDocuments.Serialize(complete), WriteCondition.Matches(etag), cancel);
        await new AliasBook(store, time).AdvanceAsync(version.Run.Model, AliasesDocument.Development, number, by, "trained", cancel);
        await new PublishedCopies(store, _catalog, time).RefreshAsync(version.Run.Model, cancel);
        return version with { Run = complete, Features = version.Features with { ModelVersion = number }, Metrics = version.Metrics with { ModelVersion = number } };
    }

    private async Task<(int Number, string ETag)> ClaimAsync(TrainingRunDocument run, CancellationToken cancel)
    {
        var taken = await _catalog.NumbersAsync(run.Model, cancel);
        for (var number = taken.Count == 0 ? 1 : taken[^1] + 1; ; number++)
        {
            var key = DocumentKeys.ModelVersion(run.Model, number) + ModelFiles.Run;
            var claim = run with { ModelVersion = number, Status = VersionStatus.Writing };
            if (await store.PutAsync(key, ModelDocuments.Serialize(claim), WriteCondition.Absent, cancel) is { } etag)
                return (number, etag);
            if (await store.GetAsync(key, cancel) is { } there && ModelDocuments.Parse<TrainingRunDocument>(there.Bytes, key).RunId == run.RunId)
                return (number, there.Metadata.ETag);
        }
    }
}
