using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Delta;

/// <summary>Keeps statistics of wide tables from swelling the log.</summary>
internal static class StatisticsLimit
{
    /// <summary>As in Delta's own writers (<c>delta.dataSkippingNumIndexedCols</c>): further columns get no statistics.</summary>
    public const int Columns = 32;

    // which version of the table a file's rows belong to: wherever the column stands, the next run has to know
    private const string TableVersion = "_sdc_table_version";

    /// <summary>The statistics of the first columns, in the order of the file; parts of structs count as columns.</summary>
    public static FileStatistics FirstColumns(FileStatistics statistics)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var values in new[] { statistics.NullCount, statistics.MinValues, statistics.MaxValues })
            Collect(values, "", kept);
        return kept.Count < Columns ? statistics : statistics with
        {
            MinValues = Prune(statistics.MinValues, "", kept),
            MaxValues = Prune(statistics.MaxValues, "", kept),
            NullCount = Prune(statistics.NullCount, "", kept),
        };
    }

    private static void Collect(JsonObject? values, string prefix, HashSet<string> kept)
    {
        foreach (var (name, value) in values ?? [])
            if (value is JsonObject part)
                Collect(part, Path(prefix, name), kept);
            else if (kept.Count < Columns || (name == TableVersion && prefix.Length == 0))
                kept.Add(Path(prefix, name));
    }

    private static JsonObject? Prune(JsonObject? values, string prefix, HashSet<string> kept)
    {
        if (values is null)
            return null;
        var pruned = new JsonObject();
        foreach (var (name, value) in values)
            if (value is JsonObject part)
            {
                if (Prune(part, Path(prefix, name), kept) is { Count: > 0 } rest)
                    pruned[name] = rest;
            }
            else if (kept.Contains(Path(prefix, name)))
                pruned[name] = value?.DeepClone();
        return pruned;
    }

    // a line feed keeps the path `a.b` of a struct apart from a column called `a.b`
    private static string Path(string prefix, string name) => prefix + "\n" + name;
}
