namespace Lens.Tests.Guard;

/// <summary>Statements that try to read, write or change what a query may not: <c>attacks.txt</c>, with places of a test in them.</summary>
internal sealed class Attacks : IDisposable
{
    private const string Secret = "the-secret-of-this-test";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lens-attack-");

    public Attacks(Lake lake)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "write"));
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.csv"), $"secret\n{Secret}\n");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link"), "/etc/passwd");
        Statements = [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Guard", "attacks.txt")).Where(line => line.Length > 0).Select(line => line
            .Replace("{w}", Path.Combine(_folder.FullName, "write"), StringComparison.Ordinal).Replace("{s}", Path.Combine(_folder.FullName, "secret.csv"), StringComparison.Ordinal)
            .Replace("{p}", Path.Combine(lake.Folder, "hidden.parquet"), StringComparison.Ordinal).Replace("{d}", _folder.FullName, StringComparison.Ordinal)
            .Replace("{l}", lake.Folder, StringComparison.Ordinal).Replace("{n}", "\n", StringComparison.Ordinal))];
        lake.WriteFile("hidden.parquet", $"SELECT 1 AS id, '{Secret}' AS secret");
    }

    public IReadOnlyList<string> Statements { get; }

    /// <summary>Queries that would never end, or fill the memory.</summary>
    public static IReadOnlyList<string> Endless { get; } =
    [
        "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE (a.range * b.range) % 7 = 1",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
        "SELECT max(md5(a.range::VARCHAR || b.range::VARCHAR)) FROM range(1000000) a, range(1000000) b",
        "SELECT count(*) FROM raw.shop_orders a, range(10000000000)",
    ];

    /// <summary>What leaked or was left behind; null where nothing was.</summary>
    public string? Harm(string output) =>
        output.Contains(Secret, StringComparison.Ordinal) || output.Contains("root:x:", StringComparison.Ordinal) ? "a file was read: " + output
            : Directory.EnumerateFileSystemEntries(Path.Combine(_folder.FullName, "write")).FirstOrDefault() is { } written ? "a file was written: " + written
            : null;

    public void Dispose() => _folder.Delete(recursive: true);
}
