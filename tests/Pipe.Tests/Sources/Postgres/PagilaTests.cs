using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Postgres;

/// <summary>A real schema with real data: partitions, an enum, a domain, arrays, tsvector, bytea, views, a materialized view that was never filled.</summary>
public sealed class PagilaTests
{
    [Fact]
    public async Task Ingest_Pagila_EveryColumnOfEveryTableHasTheSourcesChecksum()
    {
        await using var database = await LoadAsync();
        using var lake = new PipeLake();

        await lake.DoAsync($"ingest {database.Uri} --to $B --source pagila");
        await lake.DoAsync($"ingest {database.Uri} --to $B --source views --streams actor_info,customer_list,film_list,sales_by_store,staff_list");

        var tables = await database.RowsAsync("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1");
        Assert.Equal(17, tables.Count);
        var total = 0L;
        foreach (var table in tables)
            total += await CompareAsync(database, lake, "pagila", table);
        Assert.Equal(46_273, total);
        foreach (var view in new[] { "actor_info", "customer_list", "film_list", "sales_by_store", "staff_list" })
            Assert.True(await CompareAsync(database, lake, "views", view) > 0);
    }

    [Fact]
    public async Task Ingest_AMaterializedViewThatWasNeverFilled_IsAnErrorThatDoesNotHoldBackTheOthers()
    {
        await using var database = await LoadAsync();
        using var lake = new PipeLake();

        var run = await lake.RunAsync($"ingest {database.Uri} --to $B --streams rental_by_category,film");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("`rental_by_category` is a materialized view that has not been populated", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1000"], lake.Rows("SELECT count(*) FROM $files", "raw/postgres/film"));
    }

    private static async Task<PostgresDatabase> LoadAsync()
    {
        var folder = SharedData.Require("postgres/pagila");
        var database = await PostgresDatabase.CreateAsync();
        foreach (var script in new[] { "pagila-schema.sql", "pagila-schema-jsonb.sql", "pagila-data.sql" })
            await database.RunScriptAsync(Path.Combine(folder, script));
        // a view that puts texts together does so in the order of its plan, which must not change between the ingestion and the comparison
        await database.ExecuteAsync("VACUUM (ANALYZE)");
        return database;
    }

    // per column a sum over hashes of the values' texts, which does not depend on the rows' order
    private static async Task<long> CompareAsync(PostgresDatabase database, PipeLake lake, string source, string table)
    {
        var columns = (await database.RowsAsync($"SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 ORDER BY attnum")).Select(row => row.Split('|')).ToArray();
        var expected = await database.RowsAsync($"SELECT count(*), {string.Join(", ", columns.Select(column => $"coalesce(sum(('x' || substr(md5({SourceText(column[0], column[1])}), 1, 12))::bit(48)::bigint)::text, '')"))} FROM {table}");
        var count = long.Parse(expected[0].Split('|')[0], System.Globalization.CultureInfo.InvariantCulture);
        if (count == 0)
            return 0;
        var found = lake.Rows($"SELECT count(*), {string.Join(", ", columns.Select(column => $"coalesce(sum(CAST('0x' || substr(md5({LakeText(column[0], column[1])}), 1, 12) AS BIGINT))::VARCHAR, '')"))} FROM $files", $"raw/{source}/{table}");
        Assert.Equal($"{table}|{expected[0]}", $"{table}|{found[0]}");
        return count;
    }

    private static string SourceText(string column, string type) => type switch
    {
        "bytea" => $"encode(\"{column}\", 'hex')",
        "text[]" => $"array_to_string(\"{column}\", ',', 'NULL')",
        "timestamp with time zone" => $"(\"{column}\" AT TIME ZONE 'UTC')::text",
        // numeric without decimals of its own gets nine
        "numeric" => $"trim_scale(\"{column}\")::text",
        _ => $"\"{column}\"::text",
    };

    private static string LakeText(string column, string type) => type switch
    {
        "bytea" => $"lower(hex(\"{column}\"))",
        "text[]" => $"array_to_string(\"{column}\", ',')",
        "timestamp with time zone" => $"CAST(\"{column}\" AS TIMESTAMP)::VARCHAR",
        "numeric" => $"regexp_replace(CAST(\"{column}\" AS VARCHAR), '\\.?0+$', '')",
        // char(n) is kept with its blanks
        "character" => $"rtrim(\"{column}\")",
        _ => $"CAST(\"{column}\" AS VARCHAR)",
    };
}
