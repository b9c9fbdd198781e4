using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Transforms;

/// <summary>The rows that a transform gives, in the types that are stored.</summary>
/// <param name="Transform">The transform.</param>
/// <param name="Stored">Its columns without the day.</param>
/// <param name="Day">The column whose day rows are filed under; null: the day of the run, or none.</param>
internal sealed record TransformSelect(Transform Transform, IReadOnlyList<(string Name, LogicalType Type)> Stored, string? Day)
{
    /// <summary>Looks at the columns that the SELECT gives; its inputs are mounted.</summary>
    /// <exception cref="UserError">There is none, or two of one name.</exception>
    /// <exception cref="DuckDbException">The SELECT is not valid.</exception>
    public static TransformSelect Of(Connection connection, Transform transform)
    {
        var columns = connection.Describe(transform.Sql).Select(column => (column.Name, column.Type)).ToArray();
        foreach (var twice in columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            throw Wrong(transform, $"the SELECT of `{transform.Location.SqlName}` gives two columns `{twice.Key}`", "name one of them with AS");
        var stored = columns.Where(column => !IsDay(column.Name)).ToArray();
        if (stored.Length == 0)
            throw Wrong(transform, $"the SELECT of `{transform.Location.SqlName}` gives no column but `dt`", null);
        foreach (var named in transform.Key.Concat(new[] { transform.Deduplicate, transform.Partition }.OfType<string>()))
            if (!columns.Any(column => column.Name.Equals(named, StringComparison.OrdinalIgnoreCase)))
                throw Wrong(transform, $"the SELECT of `{transform.Location.SqlName}` gives no column `{named}`, which its header names", $"it gives {string.Join(", ", columns.Select(column => $"`{column.Name}`"))}");
        var day = transform.Partition ?? (stored.Length < columns.Length ? DataFileName.PartitionColumn : null);
        return transform.Mode == TransformMode.OverwritePartition && day is null
            ? throw Wrong(transform, $"the SELECT of `{transform.Location.SqlName}` gives no `dt`, by which `mode: overwrite_partition` replaces days", "pass the input's dt on, or name a column: `-- partition: placed_at`")
            : new(transform, stored, day);
    }

    /// <summary>Whether the rows say their day themselves.</summary>
    public bool HasDay => Day is not null;

    /// <summary>Whether the table is kept by day: always in curated, where tables grow; in gold where the rows say their day (CONTRACT section 1).</summary>
    public bool IsByDay => HasDay || Transform.Location.Layer != Layer.Gold;

    /// <summary>What the table is partitioned by.</summary>
    public IReadOnlyList<string> PartitionColumns => IsByDay ? [DataFileName.PartitionColumn] : [];

    /// <summary>The table's columns.</summary>
    public DeltaSchema Schema => new([.. Stored.Select(column => new DeltaField(column.Name, StorageTypes.ToDelta(column.Type))), .. PartitionColumns.Select(day => new DeltaField(day, PrimitiveType.Date))]);

    /// <summary>A SELECT of the stored columns, and <c>dt</c> where the rows have a day, or <paramref name="day"/> is given.</summary>
    public string Rows(DateOnly? day = null)
    {
        var dt = Day is not null ? $", CAST({Sql.Identifier(Day)} AS DATE) AS dt" : day is { } given ? $", DATE {Sql.Literal(DataFileName.PartitionValue(given))} AS dt" : "";
        var deduplicated = Transform.Deduplicate is { } newest
            ? $" QUALIFY row_number() OVER (PARTITION BY {string.Join(", ", Transform.Key.Select(Sql.Identifier))} ORDER BY {Sql.Identifier(newest)} DESC NULLS LAST) = 1"
            : "";
        return $"SELECT {StorageTypes.SelectList(Stored)}{dt} FROM (SELECT * FROM ({Transform.Sql.Trim().TrimEnd(';')}\n){deduplicated})";
    }

    private static bool IsDay(string name) => name.Equals(DataFileName.PartitionColumn, StringComparison.OrdinalIgnoreCase);

    private static UserError Wrong(Transform transform, string what, string? hint) => new(what) { Where = [("file", transform.File)], Hint = hint, ExitCode = ExitCode.Usage };
}
