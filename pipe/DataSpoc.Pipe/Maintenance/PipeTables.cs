using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Manifests;
using DataSpoc.Pipe.Commands;

namespace DataSpoc.Pipe.Maintenance;

/// <summary>The tables that Pipe writes: raw, curated, quarantine.</summary>
internal static class PipeTables
{
    /// <summary>All of them, or those that are named: <c>shop/orders</c> for raw, <c>curated/shop/orders</c> and <c>quarantine/shop/orders</c> otherwise.</summary>
    /// <exception cref="UserError">There is no such table (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task<IReadOnlyList<TableLocation>> ChosenAsync(IObjectStore store, IReadOnlyList<string> names, TimeProvider time, CancellationToken cancel)
    {
        var manifest = await new ManifestStore(store, DocumentKeys.PipeManifest, PipeCommandLine.Writer, time).ReadAsync(cancel);
        var all = manifest.Tables.Values.Select(entry => entry.Location).OrderBy(location => location.Folder, StringComparer.Ordinal).ToArray();
        foreach (var unknown in names.Where(name => !all.Any(location => Is(location, name))))
            throw new UserError($"there is no table `{unknown}` in {store.Bucket}") { ExitCode = ExitCode.Usage, Hint = NearestName.Of(unknown, [.. all.Select(location => location.ManifestKey)]) is { } near ? $"did you mean `{near}`?" : $"pipe manifest show --bucket {store.Bucket}" };
        return names.Count == 0 ? all : [.. all.Where(location => names.Any(name => Is(location, name)))];
    }

    private static bool Is(TableLocation location, string name) => location.ManifestKey == name || location.Folder == name || location.SqlName == name;
}
