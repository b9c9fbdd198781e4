using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Platform.Monitoring;

/// <summary>How the tables of a catalog are: its entries, and per table one listing of its Delta log, which tells what the catalog does not know yet.</summary>
/// <param name="store">The bucket.</param>
/// <param name="manifest">The catalog's key.</param>
internal sealed class TableStatuses(IObjectStore store, string manifest)
{
    private const int AtOnce = 8;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<StatusRow>> ReadAsync(CancellationToken cancel)
    {
        if (await store.GetAsync(manifest, cancel) is not { } content)
            return [];
        var entries = Manifest.Parse(content.Bytes, $"{store.Bucket}/{manifest}").Tables.Values.ToArray();
        var rows = new StatusRow[entries.Length];
        await Parallel.ForAsync(0, entries.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, token) => rows[i] = await RowAsync(entries[i], token));
        return rows;
    }

    private async Task<StatusRow> RowAsync(ManifestEntry entry, CancellationToken cancel)
    {
        var failed = entry.Checks is System.Text.Json.Nodes.JsonObject checks && (string?)checks["status"] == "failed";
        var row = new StatusRow(store.Bucket.ToString(), "table", entry.Location.SqlName, failed ? Health.Failed : Health.Ok)
        {
            Recurs = entry.Location.Layer != Layer.Quarantine,
            At = entry.Statistics.LastExtraction,
            Rows = entry.Statistics.TotalRows,
            Detail = failed ? $"checks failed: {Failed(entry)}" : null,
        };
        if (entry.Snapshot is not { } snapshot)
            return row;
        try
        {
            return await AtLogAsync(row, entry.Location, snapshot, cancel);
        }
        catch (UserError error) when (error.ExitCode == ExitCode.NotPermitted)
        {
            return row with { Detail = row.Detail ?? "its log may not be listed: this is what the catalog says" };
        }
    }

    private async Task<StatusRow> AtLogAsync(StatusRow row, TableLocation location, long snapshot, CancellationToken cancel)
    {
        var (there, newest, at) = (false, snapshot, default(DateTimeOffset));
        await foreach (var found in store.ListAsync($"{location.LogFolder}/", $"{location.LogFolder}/{LogNames.Before(snapshot)}", cancel))
        {
            if (LogNames.CommitVersion(found.Key[(found.Key.LastIndexOf('/') + 1)..]) is not { } version)
                continue;
            there |= version == snapshot;
            if (version > newest)
                (newest, at) = (version, found.LastModified);
        }
        if (!there)
            return row with { Health = Health.Failed, Detail = $"version {snapshot} of the catalog is not in its log" };
        return newest == snapshot ? row : row with { At = at, Detail = row.Detail ?? $"{Quantity.Count(newest - snapshot, "newer version")} than in the catalog" };
    }

    private static string Failed(ManifestEntry entry) => string.Join(", ",
        (entry.Checks!["results"] as System.Text.Json.Nodes.JsonArray ?? []).Where(static result => (string?)result?["status"] == "failed").Select(static result => (string?)result?["check"]).Take(5).DefaultIfEmpty("see the catalog"));
}
