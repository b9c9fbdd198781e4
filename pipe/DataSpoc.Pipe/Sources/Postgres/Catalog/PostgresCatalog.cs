using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace DataSpoc.Pipe.Sources.Postgres.Catalog;

/// <summary>Reads <c>pg_catalog</c> in the transaction that a connection is in. Needs no right but to connect.</summary>
internal sealed class PostgresCatalog(NpgsqlConnection connection)
{
    /// <summary>All tables and views that are not the system's own, by schema and name, without columns and parts.</summary>
    public Task<IReadOnlyList<PostgresTable>> TablesAsync(CancellationToken cancel) => RowsAsync(
        """
        SELECT c.oid::int8, n.nspname::text, c.relname::text, c.relkind::text, c.relispartition, c.relispopulated
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
        """,
        row => new PostgresTable(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)[0]) { IsPartition = row.GetBoolean(4), IsPopulated = row.GetBoolean(5) },
        cancel);

    /// <summary>The same tables with columns, keys and parts.</summary>
    public async Task<IReadOnlyList<PostgresTable>> DescribeAsync(IReadOnlyList<PostgresTable> tables, CancellationToken cancel)
    {
        var oids = Oids(tables.Select(table => table.Oid));
        var columns = (await ColumnsAsync(oids, cancel)).ToLookup(column => column.Owner, column => column.Column);
        var keys = (await KeysAsync(oids, cancel)).ToLookup(key => key.Table);
        var parts = (await PartsAsync(oids, cancel)).ToLookup(part => part.Table, part => part.Part);
        return [.. tables.Select(table => table with
        {
            Columns = [.. columns[table.Oid]],
            Key = KeyOf(keys[table.Oid], [.. columns[table.Oid]]),
            Parts = [.. parts[table.Oid]],
        })];
    }

    /// <summary>The types with all that they are made of, by oid.</summary>
    public async Task<IReadOnlyDictionary<long, PostgresType>> TypesAsync(IEnumerable<long> oids, CancellationToken cancel)
    {
        var known = new Dictionary<long, PostgresType>();
        var wanted = oids.ToHashSet();
        // the catalog of multiranges came with them
        var multirange = connection.PostgreSqlVersion.Major >= 14 ? "coalesce((SELECT rngtypid FROM pg_catalog.pg_range WHERE rngmultitypid = t.oid), 0)" : "0";
        while (wanted.Count > 0)
        {
            var found = await RowsAsync(
                $"""
                SELECT t.oid::int8, n.nspname::text, t.typname::text, t.typtype::text,
                  (CASE WHEN t.typtype = 'd' THEN t.typbasetype WHEN t.typtype = 'r' THEN coalesce((SELECT rngsubtype FROM pg_catalog.pg_range WHERE rngtypid = t.oid), 0)
                    WHEN t.typtype = 'm' THEN {multirange} ELSE t.typelem END)::int8,
                  t.typcategory = 'A' AND t.typelem <> 0 AND t.typtype = 'b', t.typtypmod, t.typndims, t.typrelid::int8
                FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = ANY ({Oids(wanted)})
                """,
                row => (Type: new PostgresType(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)[0]) { Inner = row.GetInt64(4), IsArray = row.GetBoolean(5), Modifier = row.GetInt32(6), Dimensions = row.GetInt32(7) }, Relation: row.GetInt64(8)),
                cancel);
            var fields = (await ColumnsAsync(Oids(found.Where(type => type.Type.Kind == 'c').Select(type => type.Relation)), cancel)).ToLookup(field => field.Owner, field => field.Column);
            foreach (var (type, relation) in found)
                known[type.Oid] = type.Kind == 'c' ? type with { Fields = [.. fields[relation]] } : type;
            wanted = [.. known.Values.SelectMany(type => type.Fields.Select(field => field.Type).Append(type.Inner)).Where(oid => oid != 0 && !known.ContainsKey(oid))];
        }
        return known;
    }

    private Task<IReadOnlyList<(long Owner, PostgresColumn Column)>> ColumnsAsync(string oids, CancellationToken cancel) => RowsAsync(
        $"""
        SELECT attrelid::int8, attname::text, atttypid::int8, atttypmod, attnotnull, attndims::int4, pg_catalog.has_column_privilege(attrelid, attnum, 'SELECT')
        FROM pg_catalog.pg_attribute WHERE attrelid = ANY ({oids}) AND attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum
        """,
        row => (row.GetInt64(0), new PostgresColumn(row.GetString(1), row.GetInt64(2), row.GetInt32(3)) { NotNull = row.GetBoolean(4), Dimensions = row.GetInt32(5), IsReadable = row.GetBoolean(6) }),
        cancel);

    private Task<IReadOnlyList<(long Table, long Index, string Column)>> KeysAsync(string oids, CancellationToken cancel) => RowsAsync(
        $"""
        SELECT i.indrelid::int8, i.indexrelid::int8, a.attname::text
        FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = ANY ({oids}) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
        ORDER BY i.indrelid, i.indisprimary DESC, i.indexrelid, k.place
        """,
        row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2)),
        cancel);

    private Task<IReadOnlyList<(long Table, PostgresPart Part)>> PartsAsync(string oids, CancellationToken cancel) => RowsAsync(
        $"""
        WITH RECURSIVE tree(root, oid) AS (
          SELECT oid, oid FROM pg_catalog.pg_class WHERE oid = ANY ({oids}) AND relkind IN ('r', 'p', 'm')
          UNION ALL SELECT t.root, i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
        SELECT DISTINCT r.oid::int8, c.oid::int8, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relkind::text, coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::int8,
          (coalesce(pg_catalog.pg_relation_size(c.oid), 0) / pg_catalog.current_setting('block_size')::int8)::int8, coalesce(pg_catalog.pg_relation_size(c.oid), 0)::int8, c.reltuples::int8,
          pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT r.relrowsecurity AND NOT c.relrowsecurity
        FROM tree t JOIN pg_catalog.pg_class r ON r.oid = t.root JOIN pg_catalog.pg_class c ON c.oid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind <> 'p' ORDER BY 1, 2
        """,
        row => (row.GetInt64(0), new PostgresPart(row.GetInt64(1), row.GetString(2), row.GetString(3)[0])
        {
            File = row.GetInt64(4),
            Pages = row.GetInt64(5),
            Bytes = row.GetInt64(6),
            Rows = row.GetInt64(7),
            IsReadable = row.GetBoolean(8),
        }),
        cancel);

    private static IReadOnlyList<string> KeyOf(IEnumerable<(long Table, long Index, string Column)> indexes, IReadOnlyList<PostgresColumn> columns) =>
        indexes.GroupBy(index => index.Index).Select(index => index.Select(entry => entry.Column).ToArray())
            .FirstOrDefault(key => key.All(name => columns.Any(column => column.Name == name && column.NotNull && column.IsReadable))) ?? [];

    // numbers only, from the catalog itself
    private static string Oids(IEnumerable<long> oids) => $"'{{{string.Join(',', oids.Select(oid => oid.ToString(CultureInfo.InvariantCulture)))}}}'::pg_catalog.oid[]";

    private async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<DbDataReader, T> row, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(row(reader));
        return rows;
    }
}
