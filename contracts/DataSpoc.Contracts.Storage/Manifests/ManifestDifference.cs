using DataSpoc.Contracts.Documents;

namespace DataSpoc.Contracts.Storage.Manifests;

/// <summary>An entry about which catalog and logs do not agree.</summary>
/// <param name="Table">The entry's key.</param>
/// <param name="What">In words: what the catalog says and what the log says.</param>
public sealed record ManifestDifference(string Table, string What)
{
    internal static IReadOnlyList<ManifestDifference> Between(Manifest manifest, Manifest logs)
    {
        var found = new List<ManifestDifference>();
        foreach (var key in manifest.Tables.Keys.Union(logs.Tables.Keys).Order(StringComparer.Ordinal))
        {
            var (said, logged) = (manifest.Tables.GetValueOrDefault(key), logs.Tables.GetValueOrDefault(key));
            if (logged is null)
                found.Add(new(key, "has no log"));
            else if (said is null)
                found.Add(new(key, "is not in the manifest"));
            else if (said.Snapshot != logged.Snapshot)
                found.Add(new(key, $"manifest says snapshot {said.Snapshot}, the log is at {logged.Snapshot}"));
            else if (said.Statistics != logged.Statistics)
                found.Add(new(key, $"manifest says {said.Statistics}, the log {logged.Statistics}"));
            else if (!said.Columns.SequenceEqual(logged.Columns))
                found.Add(new(key, "columns differ"));
        }
        return found;
    }
}
