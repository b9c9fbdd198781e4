using DataSpoc.Contracts;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Registry;

/// <summary>Deletes versions and models. Predictions stay.</summary>
internal sealed class ModelDeletion(IObjectStore store, TimeProvider time)
{
    private readonly ModelCatalog _catalog = new(store);

    /// <summary>Deletes a version: first it is none any more, then its files go. Its number is not given again.</summary>
    /// <exception cref="UserError">It is <c>prod</c> or <c>staging</c> (<see cref="ExitCode.Refused"/>).</exception>
    public async Task DeleteVersionAsync(string model, int version, string by, CancellationToken cancel)
    {
        await new AliasBook(store, time).ChangeAsync(model, book => Task.FromResult(Without(book, model, version, by)), cancel);
        var folder = DocumentKeys.ModelVersion(model, version);
        var run = await _catalog.RunAsync(model, version, cancel);
        if (run is not null)
            await store.PutAsync(folder + ModelFiles.Run, ModelDocuments.Serialize(run with { Status = VersionStatus.Deleted, Artifacts = null }), WriteCondition.None, cancel);
        await store.DeleteAsync([.. ModelFiles.Published.Select(name => folder + name)], cancel);
        await new PublishedCopies(store, _catalog, time).RefreshAsync(model, cancel);
    }

    /// <summary>Deletes a model with all versions.</summary>
    public async Task DeleteModelAsync(string model, CancellationToken cancel)
    {
        var keys = new List<string>();
        await foreach (var item in store.ListAsync(DocumentKeys.Model(model), null, cancel))
            keys.Add(item.Key);
        // a version is none as soon as its run.json is gone: those first
        foreach (var some in keys.ToLookup(key => key.EndsWith(ModelFiles.Run, StringComparison.Ordinal)).OrderByDescending(some => some.Key))
            await store.DeleteAsync([.. some], cancel);
    }

    private AliasesDocument? Without(AliasesDocument book, string model, int version, string by)
    {
        foreach (var alias in new[] { AliasesDocument.Production, AliasesDocument.Staging })
            if (book.Aliases.TryGetValue(alias, out var named) && named == version)
                throw new UserError($"`{model}@{version}` is `{alias}` and is not deleted") { Hint = $"promote another version to `{alias}` first, or delete the whole model", ExitCode = ExitCode.Refused };
        return book with
        {
            Aliases = new SortedDictionary<string, int>(book.Aliases.Where(a => a.Value != version).ToDictionary(), StringComparer.Ordinal),
            Archived = [.. book.Archived.Where(v => v != version)],
            History = [.. book.History, new("deleted", version, time.GetUtcNow(), null, by, "deleted")],
        };
    }
}
