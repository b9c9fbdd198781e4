using System.Globalization;

namespace DataSpoc.Contracts.Delta;

/// <summary>What lies in a <c>_delta_log</c> folder, sorted out by name alone.</summary>
public sealed class LogListing
{
    private readonly SortedSet<long> commits = [];
    private readonly List<(long First, long Last)> compactions = [];
    private readonly List<Checkpoint> checkpoints = [];

    private LogListing()
    {
    }

    /// <summary>The newest version there is, or null where there is none.</summary>
    public long? Newest => commits.Count > 0 ? Math.Max(commits.Max, NewestCheckpoint ?? -1) : NewestCheckpoint;

    /// <summary>The versions that lie there as log entries of their own, in order.</summary>
    public IReadOnlyCollection<long> Commits => commits;

    /// <summary>The ranges of the compaction files.</summary>
    public IReadOnlyCollection<(long First, long Last)> Compactions => compactions;

    private long? NewestCheckpoint => checkpoints.Count > 0 ? checkpoints.Max(checkpoint => checkpoint.Version) : null;

    /// <summary>Sorts out the names of the files in <c>_delta_log</c>, without folder; unknown names and checkpoints that lack a part are skipped.</summary>
    public static LogListing From(IEnumerable<string> names)
    {
        var listing = new LogListing();
        var parts = new Dictionary<(long Version, long Count), SortedDictionary<long, string>>();
        foreach (var name in names)
        {
            if (name.Length < 25 || LogNames.Version(name.AsSpan(0, 20)) is not { } version)
                continue;
            switch (name[21..].Split('.'))
            {
                case ["json"]:
                    listing.commits.Add(version);
                    break;
                case [var last, "compacted", "json"] when LogNames.Version(last) is { } end && end > version:
                    listing.compactions.Add((version, end));
                    break;
                case ["checkpoint", "parquet"]:
                    listing.checkpoints.Add(new(version, [new(name, LogFileKind.ParquetCheckpoint, version)]));
                    break;
                case ["checkpoint", { Length: 36 }, "parquet"]:
                    listing.checkpoints.Add(new(version, [new(name, LogFileKind.ParquetCheckpoint, version)]));
                    break;
                case ["checkpoint", { Length: 36 }, "json"]:
                    listing.checkpoints.Add(new(version, [new(name, LogFileKind.JsonCheckpoint, version)]));
                    break;
                case ["checkpoint", var part, var count, "parquet"] when Number(part) is { } index && Number(count) is { } total && index >= 1 && index <= total:
                    if (!parts.TryGetValue((version, total), out var known))
                        parts[(version, total)] = known = [];
                    known[index] = name;
                    break;
            }
        }
        foreach (var ((version, count), found) in parts)
            if (found.Count == count)
                listing.checkpoints.Add(new(version, [.. found.Values.Select(name => new LogFile(name, LogFileKind.ParquetCheckpoint, version))]));
        return listing;
    }

    /// <summary>Which files to read, in which order, for a version.</summary>
    /// <param name="table">The table's folder, for messages.</param>
    /// <param name="version">The version, or null for the newest.</param>
    /// <param name="useCheckpoints">False where no checkpoint can be read: then every version must be there in JSON.</param>
    /// <exception cref="UserError">There is no log, no such version, or a version is missing.</exception>
    public LogPlan Plan(string table, long? version = null, bool useCheckpoints = true)
    {
        if (Newest is not { } newest)
            throw new UserError($"`{table}` is not a Delta table: it has no log")
            {
                Where = [("looked for", $"{table}/_delta_log/{LogNames.Commit(0)}")],
                Hint = "check the name; a folder of Parquet files alone can be queried but has no versions",
            };
        var target = version ?? newest;
        if (target > newest || target < 0)
            throw new UserError($"`{table}` has no version {target}") { Where = [("table", table), ("newest version", $"{newest}")] };
        var files = new List<LogFile>();
        var next = 0L;
        if (useCheckpoints && BestCheckpoint(target) is { } checkpoint)
        {
            files.AddRange(checkpoint.Files);
            next = checkpoint.Version + 1;
        }
        while (next <= target)
        {
            var file = NextFile(next, target) ?? throw Gap(table, next, target, newest);
            files.Add(file);
            next = file.Version + 1;
        }
        if (files[^1].Kind != LogFileKind.Commit && commits.Contains(target))
            files.Add(Commit(target));
        return new(target, files);
    }

    private LogFile? NextFile(long next, long target)
    {
        LogFile? best = commits.Contains(next) ? Commit(next) : null;
        foreach (var (first, last) in compactions)
            if (first <= next && last <= target && last > (best?.Version ?? next - 1))
                best = new(LogCompaction.FileName(first, last), LogFileKind.Compaction, last);
        return best;
    }

    // of several for one version the one in the fewest files
    private Checkpoint? BestCheckpoint(long target) => checkpoints.Where(checkpoint => checkpoint.Version <= target)
        .OrderByDescending(checkpoint => checkpoint.Version).ThenBy(checkpoint => checkpoint.Files.Count).FirstOrDefault();

    private static LogFile Commit(long version) => new(LogNames.Commit(version), LogFileKind.Commit, version);

    private static UserError Gap(string table, long missing, long target, long newest) => new($"the Delta log of `{table}` lacks version {missing}")
    {
        Where = [("missing", $"{table}/_delta_log/{LogNames.Commit(missing)}"), ("wanted version", $"{target}"), ("newest version", $"{newest}")],
        Hint = "restore this file from a backup or from the bucket's versions; without it the rows of the table cannot be known",
    };

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Checkpoint(long Version, IReadOnlyList<LogFile> Files);
}
