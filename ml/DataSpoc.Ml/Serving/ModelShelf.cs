using DataSpoc.Contracts;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Serving.Views;

namespace DataSpoc.Ml.Serving;

/// <summary>
/// Holds the version that a reference means now, and replaces it when the alias moves: new requests go to the new one, running ones end on the old.
/// Likewise its feature views, when they are materialised again.
/// </summary>
/// <param name="catalog">The bucket's models.</param>
/// <param name="reference">What is asked for.</param>
/// <param name="threads">To predict with.</param>
/// <param name="reader">Reads feature views; null where no model with views is served.</param>
internal sealed class ModelShelf(ModelCatalog catalog, ModelReference reference, int threads, ServedViewReader? reader = null) : IDisposable
{
    private ServedModel? _current;

    /// <summary>What was asked for.</summary>
    public ModelReference Reference => reference;

    /// <summary>The version that answers; null before the first <see cref="RefreshAsync"/>.</summary>
    public ServedModel? Current => Volatile.Read(ref _current);

    /// <summary>Looks which version it is now and opens it where it is another; else whether its views changed.</summary>
    /// <returns>What is another now.</returns>
    /// <exception cref="UserError">There is none, or it or a view cannot be opened; the former goes on answering.</exception>
    public async Task<ShelfChange> RefreshAsync(CancellationToken cancel)
    {
        var (name, version) = await catalog.ResolveAsync(reference, cancel);
        if (Current is { } now && now.Model.Run.ModelVersion == version)
        {
            if (now.Views is not { } before)
                return ShelfChange.Nothing;
            now.Views = await ViewsAsync(now.Model.Features, before, cancel);
            return new(false, [.. now.Views!.Indices.Except(before.Indices).Select(i => i.Input)]);
        }
        var model = await catalog.DescribeAsync(name, version, cancel);
        var views = await ViewsAsync(model.Features, null, cancel);
        var served = new ServedModel(model, ModelOpening.Open(model, await catalog.TreesAsync(model, cancel), threads), views);
        Interlocked.Exchange(ref _current, served)?.Dispose();
        return new(true, []);
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _current, null)?.Dispose();

    private async Task<ServedViews?> ViewsAsync(FeaturesDocument features, ServedViews? before, CancellationToken cancel) => features.Views is null ? null
        : reader is null ? throw new InvalidOperationException($"`{features.Model}` has feature views, and nothing reads them")
        : await reader.ReadAsync(features, before, cancel);
}

/// <summary>What is another since the last look.</summary>
/// <param name="Version">Whether another version answers.</param>
/// <param name="Views">Tables of feature views that were read again, with their snapshots.</param>
internal sealed record ShelfChange(bool Version, IReadOnlyList<string> Views)
{
    /// <summary>All is as it was.</summary>
    public static ShelfChange Nothing { get; } = new(false, []);
}
