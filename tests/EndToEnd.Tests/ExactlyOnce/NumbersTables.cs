using System.Text;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Manifests;
using Xunit;

namespace EndToEnd.Tests.ExactlyOnce;

/// <summary>What the pipeline <c>numbers</c> of three streams must have left, however often it was killed.</summary>
internal static class NumbersTables
{
    /// <summary>The rows 1 to <paramref name="last"/> are in every table once, in its log and in its folder; the bookmark is the last one; the manifest agrees.</summary>
    internal static async Task CheckAsync(IObjectStore store, int last, string when)
    {
        await using var _ = store;
        var cancel = TestContext.Current.CancellationToken;
        var state = await store.GetAsync(DocumentKeys.State("numbers"), cancel);
        Assert.Equal($"{{\"n\":{last}}}", Encoding.UTF8.GetString(state!.Bytes.Span).Replace(" ", "", StringComparison.Ordinal));
        Assert.Empty(await new ManifestStore(store, DocumentKeys.PipeManifest, "test", TimeProvider.System).VerifyAsync(cancel));
        using var cache = new TemporaryFolder();
        using var database = Database.Open(new());
        using var connection = database.Connect();
        foreach (var stream in (string[])["one", "two", "three"])
        {
            var location = new TableLocation(Layer.Raw, "numbers", stream);
            var content = await TableContent.ReadAsync(store, new(location, null, location.SqlTable), null, cancel);
            var inFolder = new List<string>();
            await foreach (var found in store.ListAsync(location.Folder + "/dt=", null, cancel))
                inFolder.Add(found.Key);
            Assert.True(content.Files.Select(file => file.Key).SequenceEqual(inFolder), $"{when}: the folder of `{stream}` and its log differ");
            var paths = await content.LocalPathsAsync(new ObjectCache(cache.Path), null, cancel);
            using var result = connection.Query($"SELECT count(*) || ' ' || count(DISTINCT n) || ' ' || min(n) || ' ' || max(n) || ' ' || count(*) FILTER (text <> '{stream} ' || n) FROM read_parquet([{string.Join(", ", paths.Select(Sql.Literal))}])");
            Assert.True(result.NextChunk());
            Assert.True((string)result.GetValue(0, 0)! == $"{last} {last} 1 {last} 0", $"{when}: `{stream}` has {result.GetValue(0, 0)} instead of {last}");
        }
    }
}
