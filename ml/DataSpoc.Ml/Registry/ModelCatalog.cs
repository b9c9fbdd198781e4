using System.Globalization;
using System.Security.Cryptography;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Registry;

/// <summary>Finds and reads the models of a bucket.</summary>
internal sealed class ModelCatalog(IObjectStore store)
{
    private const string Models = "ml/models/";

    /// <summary>The models that have a registered version, by name.</summary>
    public async Task<IReadOnlyList<string>> ModelsAsync(CancellationToken cancel)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var item in store.ListAsync(Models, null, cancel))
            if (item.Key[Models.Length..].Split('/') is [var model, "versions", _, ModelFiles.Run])
                names.Add(model);
        var registered = new List<string>();
        foreach (var name in names)
            if (await NewestAsync(name, cancel) is not null)
                registered.Add(name);
        return registered;
    }

    /// <summary>Every version number that is taken, ascending, registered or not.</summary>
    public async Task<IReadOnlyList<int>> NumbersAsync(string model, CancellationToken cancel)
    {
        var prefix = DocumentKeys.Model(model) + ModelFiles.Versions;
        var numbers = new SortedSet<int>();
        await foreach (var item in store.ListAsync(prefix, null, cancel))
            if (int.TryParse(item.Key[prefix.Length..].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1)
                numbers.Add(number);
        return [.. numbers];
    }

    /// <summary>The run of a version, or null where the version is not registered.</summary>
    public async Task<TrainingRunDocument?> RunAsync(string model, int version, CancellationToken cancel) =>
        await ReadAsync<TrainingRunDocument>(DocumentKeys.ModelVersion(model, version) + ModelFiles.Run, cancel) is { Status: VersionStatus.Registered } run ? run : null;

    /// <summary>The newest registered version, or null.</summary>
    public async Task<int?> NewestAsync(string model, CancellationToken cancel)
    {
        foreach (var number in (await NumbersAsync(model, cancel)).Reverse())
            if (await RunAsync(model, number, cancel) is not null)
                return number;
        return null;
    }

    /// <summary>The aliases of a model; none where nothing was written yet.</summary>
    public async Task<AliasesDocument> AliasesAsync(string model, CancellationToken cancel) =>
        await ReadAsync<AliasesDocument>(DocumentKeys.ModelAliases(model), cancel) ?? new(ModelDocuments.Version, new Dictionary<string, int>(), []);

    /// <summary>What <c>prod</c> names, or the newest version while nothing is <c>prod</c>; null where there is no version.</summary>
    public async Task<int?> PublishedAsync(string model, CancellationToken cancel) =>
        (await AliasesAsync(model, cancel)).Aliases.TryGetValue(AliasesDocument.Production, out var production) ? production : await NewestAsync(model, cancel);

    /// <summary>The version that a reference means.</summary>
    /// <exception cref="UserError">There is none; says which there are (<see cref="ExitCode.Usage"/>).</exception>
    public async Task<(string Model, int Version)> ResolveAsync(ModelReference reference, CancellationToken cancel)
    {
        if (await NewestAsync(reference.Model, cancel) is null)
            throw await UnknownModelAsync(reference.Model, cancel);
        if (reference.Alias is { } alias)
        {
            var aliases = (await AliasesAsync(reference.Model, cancel)).Aliases;
            return aliases.TryGetValue(alias, out var named) ? (reference.Model, named) : throw Unknown(reference, aliases.Count == 0 ? "no alias is set" : $"aliases: {string.Join(", ", aliases.Keys.Order(StringComparer.Ordinal))}");
        }
        var version = reference.Version ?? (await PublishedAsync(reference.Model, cancel))!.Value;
        return await RunAsync(reference.Model, version, cancel) is not null
            ? (reference.Model, version)
            : throw Unknown(reference, $"versions: {string.Join(", ", await NumbersAsync(reference.Model, cancel))}");
    }

    /// <summary>What is known of a registered version.</summary>
    /// <exception cref="UserError">It is not complete, or a file is not the one that was registered.</exception>
    public async Task<ModelDescription> DescribeAsync(string model, int version, CancellationToken cancel)
    {
        var folder = DocumentKeys.ModelVersion(model, version);
        var run = await RunAsync(model, version, cancel) ?? throw new UserError($"version {version} of model `{model}` is not registered") { Where = [("bucket", store.Bucket.ToString())] };
        var features = ModelDocuments.Parse<FeaturesDocument>(await ArtifactAsync(folder, ModelFiles.Features, run, cancel), folder + ModelFiles.Features);
        var metrics = ModelDocuments.Parse<MetricsDocument>(await ArtifactAsync(folder, ModelFiles.Metrics, run, cancel), folder + ModelFiles.Metrics);
        return new(run, features, metrics);
    }

    /// <summary>The trees of a registered version: UBJSON.</summary>
    /// <exception cref="UserError">They are not there, or not those that were registered.</exception>
    public Task<ReadOnlyMemory<byte>> TreesAsync(ModelDescription model, CancellationToken cancel) =>
        ArtifactAsync(DocumentKeys.ModelVersion(model.Run.Model, model.Run.ModelVersion), ModelFiles.Model, model.Run, cancel);

    private async Task<ReadOnlyMemory<byte>> ArtifactAsync(string folder, string name, TrainingRunDocument run, CancellationToken cancel)
    {
        var content = await store.GetAsync(folder + name, cancel);
        if (content is not null && run.Artifacts?.GetValueOrDefault(name) is { } artifact && artifact.Sha256 == Convert.ToHexStringLower(SHA256.HashData(content.Bytes.Span)))
            return content.Bytes;
        throw new UserError(content is null ? $"`{folder}{name}` is missing" : $"`{folder}{name}` is not the file that was registered")
        {
            Where = [("bucket", store.Bucket.ToString()), ("registered", $"{run.FinishedAt:yyyy-MM-dd HH:mm} UTC, run {run.RunId}")],
            Hint = "it was damaged or replaced; train the model again, or use another version",
        };
    }

    private async Task<T?> ReadAsync<T>(string key, CancellationToken cancel)
        where T : class => await store.GetAsync(key, cancel) is { } content ? ModelDocuments.Parse<T>(content.Bytes, key) : null;

    private async Task<UserError> UnknownModelAsync(string model, CancellationToken cancel)
    {
        var models = await ModelsAsync(cancel);
        return new($"there is no model `{model}`")
        {
            Where = [("bucket", store.Bucket.ToString()), ("models", models.Count == 0 ? "none" : string.Join(", ", models))],
            Hint = NearestName.Of(model, models) is { } near ? $"did you mean `{near}`?" : $"train it: ml train --from curated.… --target … --model {model}",
            ExitCode = ExitCode.Usage,
        };
    }

    private UserError Unknown(ModelReference reference, string there) => new($"there is no `{reference}`")
    {
        Where = [("bucket", store.Bucket.ToString())],
        Hint = there,
        ExitCode = ExitCode.Usage,
    };
}

/// <summary>A version of a model as registered.</summary>
/// <param name="Run">How it came about.</param>
/// <param name="Features">How rows become features.</param>
/// <param name="Metrics">How good it is.</param>
internal sealed record ModelDescription(TrainingRunDocument Run, FeaturesDocument Features, MetricsDocument Metrics)
{
    /// <summary>Whether both were judged on the same rows: the same snapshot of the same table, split in the same way.</summary>
    public bool SameHoldoutAs(ModelDescription other) =>
        Run.Input is not null && Run.Input == other.Run.Input && Run.Seed == other.Run.Seed && Features.Target == other.Features.Target with { Classes = Features.Target.Classes }
        && Features.Target.Classes.SequenceEqual(other.Features.Target.Classes) && Run.Request?.Roles == other.Run.Request?.Roles && Run.Request?.Sample == other.Run.Request?.Sample && Metrics.Scheme == other.Metrics.Scheme;
}
