using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Postgres.Catalog;

/// <summary>Something with rows.</summary>
/// <param name="Oid">Of <c>pg_class</c>.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Kind"><c>relkind</c>: r table, p partitioned table, f foreign table, v view, m materialized view.</param>
internal sealed record PostgresTable(long Oid, string Schema, string Name, char Kind)
{
    /// <summary>Whether it is a partition of another table.</summary>
    public bool IsPartition { get; init; }

    /// <summary>False for a materialized view that was never filled.</summary>
    public bool IsPopulated { get; init; } = true;

    public IReadOnlyList<PostgresColumn> Columns { get; init; } = [];

    /// <summary>The primary key, else the first unique index over columns that are never null; in the index's order.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Where its rows lie: itself, its partitions, the tables that inherit from it.</summary>
    public IReadOnlyList<PostgresPart> Parts { get; init; } = [];

    /// <summary>
    /// The stream: <c>orders</c> for a table of the schema <c>public</c>, <c>sales.orders</c> for others; parts with dots or quotes are quoted as in SQL, so that no two
    /// tables have one name.
    /// </summary>
    public string Stream => Schema == "public" && !IsAmbiguous(Name) ? Name : $"{Plain(Schema)}.{Plain(Name)}";

    /// <summary>The names under which it can be chosen.</summary>
    public IReadOnlyList<string> Names => [Stream, $"{Schema}.{Name}"];

    public string Sql => $"{Contracts.DuckDb.Sql.Identifier(Schema)}.{Contracts.DuckDb.Sql.Identifier(Name)}";

    /// <summary>What PostgreSQL calls its kind.</summary>
    public string KindName => Kind switch
    {
        'r' => "table",
        'p' => "partitioned table",
        'f' => "foreign table",
        'v' => "view",
        _ => "materialized view",
    };

    private static string Plain(string name) => IsAmbiguous(name) ? Contracts.DuckDb.Sql.Identifier(name) : name;

    private static bool IsAmbiguous(string name) => name.AsSpan().ContainsAny('.', '"');
}

/// <summary>A table without parts of its own in which rows of a table lie.</summary>
/// <param name="Oid">Of <c>pg_class</c>.</param>
/// <param name="Sql">Its quoted name.</param>
/// <param name="Kind"><c>relkind</c>.</param>
internal sealed record PostgresPart(long Oid, string Sql, char Kind)
{
    /// <summary>The file it lies in (<c>relfilenode</c>); another one once the table was rewritten.</summary>
    public long File { get; init; }

    /// <summary>Pages of its file.</summary>
    public long Pages { get; init; }

    /// <summary>Bytes of its file.</summary>
    public long Bytes { get; init; }

    /// <summary>Rows, as the last ANALYZE found; below 0 where there was none.</summary>
    public long Rows { get; init; }

    /// <summary>Whether this user may read it by itself and sees the rows that reading the whole would show.</summary>
    public bool IsReadable { get; init; }
}
