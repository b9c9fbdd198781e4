using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Ml.Registry;

/// <summary>
/// Keeps the three files directly in a model's folder, which every reader of the contract finds: copies of what <c>prod</c> names, or of the
/// newest version. Each is swapped against what was there before the version was looked up, so a slow writer cannot put an old one back.
/// </summary>
internal sealed class PublishedCopies(IObjectStore store, ModelCatalog catalog, TimeProvider time)
{
    private const int MostAttempts = 100;

    /// <summary>Brings the copies up to date.</summary>
    public async Task RefreshAsync(string model, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await TryRefreshAsync(model, cancel))
                return;
            await Pause.AfterLostRaceAsync(attempt, time, cancel);
        }
        throw new UserError($"model `{model}` is written by too many others at once")
        {
            Where = [("bucket", store.Bucket.ToString())],
            Hint = "the version is registered; its copies follow with the next training",
        };
    }

    private async Task<bool> TryRefreshAsync(string model, CancellationToken cancel)
    {
        var folder = DocumentKeys.Model(model);
        var before = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in ModelFiles.Published)
            before[name] = (await store.HeadAsync(folder + name, cancel))?.ETag;
        if (await catalog.PublishedAsync(model, cancel) is not { } version)
            return true;
        foreach (var name in ModelFiles.Published)
        {
            var key = DocumentKeys.ModelVersion(model, version) + name;
            var content = await store.GetAsync(key, cancel) ?? throw new UserError($"`{key}` is missing") { Where = [("bucket", store.Bucket.ToString())] };
            if (await store.PutAsync(folder + name, content.Bytes, WriteCondition.Unchanged(before[name]), cancel) is null
                && !(await store.GetAsync(folder + name, cancel) is { } there && there.Bytes.Span.SequenceEqual(content.Bytes.Span)))
                return false;
        }
        return true;
    }
}
