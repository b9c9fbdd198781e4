using System.Runtime.CompilerServices;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>Finds tables by their folders, where no manifest tells them.</summary>
internal static class TableFolders
{
    /// <summary>The tables of a layer, in order. One listing per table: it goes on behind the folder it has seen.</summary>
    public static async IAsyncEnumerable<TableLocation> OfLayerAsync(IObjectStore store, Layer layer, [EnumeratorCancellation] CancellationToken cancel)
    {
        var prefix = layer.Folder + "/";
        var depth = prefix.Count(c => c == '/') + (layer.IsMl ? 1 : 2);
        string? after = null;
        while (await FirstFolderAsync(store, prefix, after, depth, cancel) is { } folder)
        {
            if (TableLocation.FromFolder(folder) is { } location)
                yield return location;
            // '0' follows '/': everything in the folder comes before
            after = folder + "0";
        }
    }

    /// <summary>Whether there is anything in the table's folder.</summary>
    /// <exception cref="UserError">The folder may not be listed.</exception>
    public static async Task<bool> ExistsAsync(IObjectStore store, TableLocation location, CancellationToken cancel)
    {
        await foreach (var _ in store.ListAsync(location.Folder + "/", null, cancel))
            return true;
        return false;
    }

    private static async Task<string?> FirstFolderAsync(IObjectStore store, string prefix, string? after, int depth, CancellationToken cancel)
    {
        await foreach (var found in store.ListAsync(prefix, after, cancel))
        {
            var end = -1;
            for (var slash = 0; slash < depth && (slash == 0 || end >= 0); slash++)
                end = found.Key.IndexOf('/', end + 1);
            // a file that lies beside the tables is none
            if (end >= 0)
                return found.Key[..end];
        }
        return null;
    }
}
