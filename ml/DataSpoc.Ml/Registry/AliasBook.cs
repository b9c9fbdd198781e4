using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Registry;

/// <summary>Changes a model's aliases by compare-and-swap, so that two at once lose nothing.</summary>
internal sealed class AliasBook(IObjectStore store, TimeProvider time)
{
    /// <summary>Sets an alias to a version, unless it names a later one already.</summary>
    public Task AdvanceAsync(string model, string alias, int version, string by, string why, CancellationToken cancel) =>
        ChangeAsync(model, book => Task.FromResult(book.Aliases.TryGetValue(alias, out var named) && named >= version ? null : book.With(alias, version, time.GetUtcNow(), by, why)), cancel);

    /// <summary>Changes the book; when somebody else did meanwhile, the change is worked out again from theirs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="change">The new book, or null to leave it.</param>
    /// <param name="cancel">Leaves it as it is.</param>
    /// <returns>The book as it is then.</returns>
    public async Task<AliasesDocument> ChangeAsync(string model, Func<AliasesDocument, Task<AliasesDocument?>> change, CancellationToken cancel)
    {
        var key = DocumentKeys.ModelAliases(model);
        for (var attempt = 0; ; attempt++)
        {
            var content = await store.GetAsync(key, cancel);
            var book = content is null ? new(ModelDocuments.Version, new Dictionary<string, int>(), []) : ModelDocuments.Parse<AliasesDocument>(content.Bytes, key);
            if (await change(book) is not { } changed)
                return book;
            // refused although it had landed shows on the next turn: the change is there then
            if (await store.PutAsync(key, ModelDocuments.Serialize(changed), WriteCondition.Unchanged(content?.Metadata.ETag), cancel) is not null)
                return changed;
            if (await store.GetAsync(key, cancel) is { } now && now.Bytes.Span.SequenceEqual(ModelDocuments.Serialize(changed)))
                return changed;
            await Pause.AfterLostRaceAsync(attempt, time, cancel);
        }
    }
}
