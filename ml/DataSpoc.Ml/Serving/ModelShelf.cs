using DataSpoc.Contracts;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;

namespace DataSpoc.Ml.Serving;

/// <summary>Holds the version that a reference means now, and replaces it when the alias moves: new requests go to the new one, running ones end on the old.</summary>
internal sealed class ModelShelf(ModelCatalog catalog, ModelReference reference, int threads) : IDisposable
{
    private ServedModel? _current;

    /// <summary>What was asked for.</summary>
    public ModelReference Reference => reference;

    /// <summary>The version that answers; null before the first <see cref="RefreshAsync"/>.</summary>
    public ServedModel? Current => Volatile.Read(ref _current);

    /// <summary>Looks which version it is now and opens it where it is another.</summary>
    /// <returns>Whether it is another.</returns>
    /// <exception cref="UserError">There is none, or it cannot be opened; the former goes on answering.</exception>
    public async Task<bool> RefreshAsync(CancellationToken cancel)
    {
        var (name, version) = await catalog.ResolveAsync(reference, cancel);
        if (Current is { } now && now.Model.Run.ModelVersion == version)
            return false;
        var model = await catalog.DescribeAsync(name, version, cancel);
        var served = new ServedModel(model, ModelOpening.Open(model, await catalog.TreesAsync(model, cancel), threads));
        Interlocked.Exchange(ref _current, served)?.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _current, null)?.Dispose();
}
