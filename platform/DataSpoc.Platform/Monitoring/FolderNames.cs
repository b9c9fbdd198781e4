using System.Runtime.CompilerServices;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Platform.Monitoring;

/// <summary>The folders below a prefix, one request each, however much is in them.</summary>
internal static class FolderNames
{
    /// <summary>Names in order.</summary>
    /// <param name="store">The bucket.</param>
    /// <param name="prefix">With a slash at its end.</param>
    /// <param name="cancel">Ends the listing.</param>
    public static async IAsyncEnumerable<string> BelowAsync(IObjectStore store, string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        while (await NextAsync(store, prefix, after, cancel) is { } name)
        {
            yield return name;
            // past the folder: a slash is followed by 0
            after = $"{prefix}{name}0";
        }
    }

    private static async Task<string?> NextAsync(IObjectStore store, string prefix, string? after, CancellationToken cancel)
    {
        await foreach (var found in store.ListAsync(prefix, after, cancel))
            if (found.Key[prefix.Length..].Split('/') is [var folder, _, ..])
                return folder;
        return null;
    }
}
