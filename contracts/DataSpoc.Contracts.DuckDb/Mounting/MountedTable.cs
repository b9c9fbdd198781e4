using DataSpoc.Contracts.Delta;

namespace DataSpoc.Contracts.DuckDb.Mounting;

/// <summary>A column as SQL sees it.</summary>
/// <param name="Name">Its name; distinct within the table without regard to case.</param>
/// <param name="Type">Its newest type.</param>
public sealed record MountedColumn(string Name, LogicalType Type);

/// <summary>A data file of a mounted table.</summary>
/// <param name="LocalPath">An absolute path on this machine, taken literally whatever characters it has. The file is there when the table is mounted.</param>
public sealed record MountedFile(string LocalPath)
{
    /// <summary>Partition column → value as text; null, or a column that is left out, reads as NULL.</summary>
    public IReadOnlyDictionary<string, string?> PartitionValues { get; init; } = new Dictionary<string, string?>();

    /// <summary>A file of a partition <c>dt</c>, or of none.</summary>
    public static MountedFile InDay(string localPath, DateOnly? dt) => new(localPath)
    {
        PartitionValues = new Dictionary<string, string?> { ["dt"] = dt?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) },
    };
}

/// <summary>A table of a bucket as a query finds it: exactly these files, read as exactly these columns.</summary>
/// <param name="Schema">The layer: <c>raw</c>, <c>curated</c>, <c>predictions</c> ….</param>
/// <param name="Name">The table's name within the layer: <c>shop_orders</c>.</param>
/// <param name="Columns">In order, at least one; those of the partition included.</param>
/// <param name="Files">In the order in which rows come; none is an empty table.</param>
public sealed record MountedTable(string Schema, string Name, IReadOnlyList<MountedColumn> Columns, IReadOnlyList<MountedFile> Files)
{
    /// <summary>The bucket's name in SQL where it is not the default one; null for that.</summary>
    public string? Bucket { get; init; }

    /// <summary>Columns whose values are those of the files' partitions, never read from the files.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>The files' local paths, as <see cref="Lockdown.Apply"/> takes them.</summary>
    public IEnumerable<string> Paths => Files.Select(f => f.LocalPath);

    /// <summary>A Delta table at one version: its newest columns, its partition columns typed (<c>dt</c> as DATE), its files in the order of their paths.</summary>
    /// <param name="schema">The layer.</param>
    /// <param name="name">The table's name within the layer.</param>
    /// <param name="snapshot">What the log comes to.</param>
    /// <param name="localPath">Where a file, by its path relative to the table's folder, is on this machine.</param>
    /// <exception cref="UserError">A column has a type that cannot be read (<see cref="ExitCode.Refused"/>).</exception>
    public static MountedTable Of(string schema, string name, TableSnapshot snapshot, Func<string, string> localPath) =>
        new(
            schema,
            name,
            ColumnsOf(snapshot.Metadata.Schema),
            [.. snapshot.Files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new MountedFile(localPath(f.Key)) { PartitionValues = f.Value.PartitionValues })])
        {
            PartitionColumns = snapshot.Metadata.PartitionColumns,
        };

    /// <summary>The columns of a Delta schema as SQL sees them.</summary>
    /// <exception cref="UserError">A column has a type that cannot be read (<see cref="ExitCode.Refused"/>).</exception>
    public static IReadOnlyList<MountedColumn> ColumnsOf(DeltaSchema schema) => [.. schema.Fields.Select(f => new MountedColumn(f.Name, StorageTypes.FromDelta(f.Type)))];
}
