using System.Globalization;

namespace DataSpoc.Contracts.Delta;

/// <summary>How the files of a <c>_delta_log</c> folder are called (Delta protocol, "Delta Log Entries", "Checkpoint Naming Scheme", "Log Compaction Files").</summary>
public static class LogNames
{
    /// <summary>The pointer to the newest checkpoint that some writers leave.</summary>
    public const string LastCheckpoint = "_last_checkpoint";

    /// <summary>The log entry of a version: <c>00000000000000000012.json</c>.</summary>
    public static string Commit(long version) => Padded(version) + ".json";

    /// <summary>
    /// A name that sorts before every file that begins with <paramref name="version"/> or a later one and after those of earlier ones: where a listing
    /// that only looks for newer versions starts.
    /// </summary>
    public static string Before(long version) => Padded(version);

    /// <summary>The version of a log entry, or null where the name is not one's.</summary>
    public static long? CommitVersion(string name) =>
        name.Length == 25 && name.EndsWith(".json", StringComparison.Ordinal) ? Version(name.AsSpan(0, 20)) : null;

    internal static long? Version(ReadOnlySpan<char> digits) =>
        digits.Length == 20 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    internal static string Padded(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return version.ToString("D20", CultureInfo.InvariantCulture);
    }
}
